"""The example of a page, sent to a registration or to an address."""

from __future__ import annotations

import json

import pytest

from flowsim.dashboard.events.example import CHOSEN, ChosenOptions
from flowsim.dashboard.events.sending import to_address, to_registration
from flowsim.errors import ApiError, ScenarioError, TargetError
from flowsim.events_service.publishing.table import Events
from flowsim.events_service.service import Service
from flowsim.families.registry import shipped
from flowsim.reports.event_guide import EventGuide, guide_of

from ...cases import for_each
from ...events_service.registering import register
from ...webhook import Webhook, status


def guide(code: str = "sources_flow_run_success") -> EventGuide:
    found = guide_of(shipped(), code)
    assert found is not None
    return found


def choices(**say: str) -> ChosenOptions:
    texts = {f"say.{name}": text for name, text in say.items()}
    return ChosenOptions.of(guide(), {CHOSEN: "1", **texts})


def test_an_example_is_signed_and_delivered_to_an_address(webhook: Webhook) -> None:
    sent = to_address(guide(), choices(name="acme"), webhook.url)
    (request,) = webhook.requests
    assert "x-adobe-digital-signature-1" in request.headers
    body = json.loads(request.body)
    (event,) = sent.events
    assert (event.status, event.outcome, event.event_id) == (200, "accepted", body["event_id"])
    assert sent.sentence == f"1 request sent to {webhook.url}, 1 accepted"


def test_all_events_of_the_story_are_sent_with_one_attempt_each() -> None:
    late = guide("segment_evaluation_job_error")
    chosen = ChosenOptions.of(late, {CHOSEN: "1", "say.lasts": "3h"})
    with Webhook([status(500)]) as webhook:
        sent = to_address(late, chosen, webhook.url)
        assert len(webhook.requests) == len(sent.events) > 2
    assert {each.status for each in sent.events} == {500}
    assert sent.sentence.endswith(", 0 accepted")


def test_an_address_where_nothing_listens_is_an_outcome_with_its_cause() -> None:
    with Webhook() as webhook:
        url = webhook.url
    (event,) = to_address(guide(), choices(), url).events
    assert event.status == 602
    assert "refused" in event.outcome


@for_each("target", ["http://192.0.2.7/", "http://no.such.host.invalid:3000/", "http://10.0.0.1/"])
def test_an_address_on_another_machine_is_refused(target: str) -> None:
    with pytest.raises(TargetError, match="is not on this machine"):
        to_address(guide(), choices(), target)


@for_each("target", ["ftp://localhost/", "http://user@localhost/", "", "file:///etc/passwd"])
def test_what_is_no_address_of_a_webhook_is_refused(target: str) -> None:
    with pytest.raises(TargetError):
        to_address(guide(), choices(), target)


def test_options_with_mistakes_are_not_sent(webhook: Webhook) -> None:
    with pytest.raises(ScenarioError, match="success, partialSuccess or failed"):
        to_address(guide(), choices(status="fine"), webhook.url)
    assert webhook.requests == []


def test_an_example_is_published_to_one_registration(service: Service) -> None:
    chosen, other = register(service), register(service, "other")
    sent = to_registration(service, guide(), choices(name="acme"), chosen.registration_id)
    (kept,) = Events(service.database).entries(chosen.key, 0, 10)
    assert [each.event_id for each in sent.events] == [kept.event.id]
    assert Events(service.database).entries(other.key, 0, 10) == []
    assert sent.sentence.startswith("1 event published")


def test_a_mistake_or_an_unknown_registration_publishes_nothing(service: Service) -> None:
    chosen = register(service).registration_id
    unknown = ("no-such-registration", "x" * 5_000, "\0")
    for say, name in (({"status": "fine"}, chosen), *(({}, each) for each in unknown)):
        with pytest.raises(ApiError):
            to_registration(service, guide(), choices(**say), name)
    assert Events(service.database).entries(register(service, "b").key, 0, 10) == []
