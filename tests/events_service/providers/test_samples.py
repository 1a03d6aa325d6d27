"""Sample events take the form that their provider's events have."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from flowsim.core.event import Event, Notification
from flowsim.core.payload import single
from flowsim.core.spec_values import RegistrationSpec
from flowsim.events_service.local_service import LocalServiceOptions, run
from flowsim.events_service.providers import actions as providers
from flowsim.events_service.providers import samples
from flowsim.events_service.providers.model import CUSTOM, PLATFORM, Provider
from flowsim.events_service.providers.samples import of_adobe, of_custom
from flowsim.events_service.registrations.model import VERIFIED, Workspace

from ...cases import for_each
from ...webhook import Webhook
from ..running import register, settled

PROVIDER = Provider("p", "1", CUSTOM, "i", "", "", "", "", "cloud_events_v1", "VA6")
AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


@for_each("form", ["adobe_io", "cloud_events"])
@for_each(
    "notification",
    [
        Notification("c", "event", {"id": "r", "metrics": {}}),
        Notification("c", "messages", [{"value": {"id": "r"}}]),
    ],
)
def test_a_posted_delivery_of_adobe_is_the_same_notification(
    notification: Notification, form: Any
) -> None:
    event = Event("e", AT, "delivered", notification)
    body = single(event, RegistrationSpec(event_delivery_format=form)).body
    assert of_adobe("c", json.loads(body)) == notification


@for_each("content", [None, 7, "x", [], [1], [{}], {}, {"event": 1, "more": 2}, {"messages": 3}])
def test_any_other_json_is_the_notification_itself(content: Any) -> None:
    assert of_adobe("c", content) == Notification("c", "event", content)


@for_each("content", [{"a": 1}, [1], None, {"messages": []}])
def test_json_for_a_custom_provider_becomes_cloud_event_data(content: Any) -> None:
    assert of_custom(PROVIDER, "c", content, "n", AT) == Notification(
        "c",
        "cloud_event",
        {
            "specversion": "1.0",
            "id": "n",
            "source": "urn:uuid:p",
            "type": "c",
            "datacontenttype": "application/json",
            "time": "2026-01-15T09:30:00.000Z",
            "data": content,
        },
    )


def test_a_cloud_event_that_is_posted_gives_its_data() -> None:
    first = of_custom(PROVIDER, "c", {"a": 1}, "n", AT)
    assert of_custom(PROVIDER, "c", first.content, "n", AT) == first


PLACE = Workspace("1001", "2002", "3003")
METADATA = {"label": "x", "description": "x", "event_code": "order"}


def test_a_sample_is_delivered_in_the_form_of_its_provider(webhook: Webhook) -> None:
    with run(LocalServiceOptions(clock="manual")) as local:
        service = local.service
        target = register(service, webhook.url).registration_id
        own = providers.create(service, PLACE, "A1@AdobeOrg", {"label": "Orders"})
        providers.create_metadata(service, PLACE.org, own.id, METADATA)
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
