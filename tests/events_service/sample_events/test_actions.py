"""Sample events that are posted travel as all events do."""

from __future__ import annotations

import json

from flowsim.events_service.event_metadata import actions as event_metadata
from flowsim.events_service.local_service import Options, run
from flowsim.events_service.providers import actions as providers
from flowsim.events_service.providers.metadata import PLATFORM
from flowsim.events_service.registrations.model import VERIFIED, Workspace
from flowsim.events_service.sample_events import actions as samples

from ...webhook import Webhook
from ..running import register, settled

PLACE = Workspace("1001", "2002", "3003")
METADATA = {"label": "x", "description": "x", "event_code": "order"}


def test_a_sample_is_delivered_in_the_form_of_its_provider(webhook: Webhook) -> None:
    with run(Options(clock="manual")) as local:
        service = local.service
        target = register(service, webhook.url).registration_id
        own = providers.create(service, PLACE, "A1@AdobeOrg", {"label": "Orders"})
        event_metadata.create(service, PLACE.org, own.id, METADATA)
        event_id = samples.post(service, own.id, "order", target, [{"order": 7}])
        settled(local, 1)
        platform = service.providers.of_instance("", PLATFORM, "")
        assert platform
        samples.post(service, platform.id, "sources_flow_run_failed", target, [])
        settled(local, 2)
        assert service.registrations.all()[0].status == VERIFIED
    first, second = (json.loads(each.body) for each in webhook.requests)
    assert (first["source"], first["type"], first["data"]) == (own.source, "order", {"order": 7})
    assert first["eventid"] == event_id
    name = f"3rd_party_custom_events_A1@AdobeOrg_{own.instance_id}"
    assert webhook.requests[0].headers["x-adobe-provider"] == name
    assert second[0]["messages"][0]["value"]["metrics"]["statusSummary"]["status"] == "failed"
    assert webhook.requests[1].headers["x-adobe-event-code"] == "sources_flow_run_failed"
