"""What would be published, before it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flowsim.errors import ScenarioError, SettingError
from flowsim.events_service.control.bodies import TriggerBody
from flowsim.events_service.control.previewing import ScenarioPreview, preview
from flowsim.events_service.control.triggering import trigger
from flowsim.events_service.deliveries.delivery_request import attempt_of
from flowsim.events_service.publishing.table import Events
from flowsim.events_service.service import Service

from ...cases import for_each
from ..registering import register

CODES = ("sources_flow_run_success", "sources_flow_run_failed")
_IDS = ("event_id", "eventid", "id")


def previewed(service: Service, **body: Any) -> ScenarioPreview:
    return preview(service, TriggerBody.model_validate(body))


def without_ids(body: bytes) -> Any:
    content = json.loads(body)
    for each in content if isinstance(content, list) else [content]:
        for name in _IDS:
            each.pop(name, None)
    return content


@for_each("kind", ["webhook", "webhook_batch"])
def test_a_previewed_body_is_the_one_that_is_sent_but_for_its_ids(
    service: Service, kind: str
) -> None:
    registration = register(service, kind, codes=CODES, delivery_type=kind)
    for number, scenario in enumerate(("partial", "failure-copy", "cloudevents")):
        found = previewed(service, scenario=scenario)
        first = next(found.events())
        before = service.database.number("SELECT max(number) FROM delivery")
        trigger(service, TriggerBody(scenario=scenario, registration=registration.registration_id))
        sent = attempt_of(service, before + 1)
        assert sent is not None, number
        shown = found.request(first, registration).body
        expected = without_ids(sent.delivery.signed.payload.body)
        assert without_ids(shown) == (expected if kind == "webhook" else as_list(expected))


def as_list(content: Any) -> list[Any]:
    return content if isinstance(content, list) else [content]


def test_a_preview_stores_nothing(service: Service) -> None:
    counts = "SELECT count(*) FROM event", "SELECT count(*) FROM delivery"
    register(service)
    found = previewed(service, scenario="batch")
    assert len([found.request(each, None) for each in found.events()]) == 45
    assert [service.database.number(each) for each in counts] == [0, 0]
    assert Events(service.database).last_seq() == 0


def test_faults_of_the_payload_show_in_the_preview(service: Service) -> None:
    plain, changed = (
        previewed(service, scenario="partial", set=faults)
        for faults in ([], ["faults=[json-escapes, json-white-space]"])
    )
    bodies = [each.request(next(each.events()), None).body for each in (plain, changed)]
    assert bodies[0] != bodies[1]
    assert json.loads(bodies[0])["event"] == json.loads(bodies[1])["event"]


def test_what_a_service_cannot_publish_is_told_with_the_reason(service: Service) -> None:
    found = previewed(service, scenario="partial", set=["events.0.repeat=10001"])
    assert found.refusal.endswith("a story of 10,001 events; expected at most 10,000")
    assert next(found.events()).says == "success, 30 of 1,000 records failed"


def test_mistakes_keep_their_places(service: Service) -> None:
    with pytest.raises(ScenarioError) as caught:
        previewed(service, text="events: [{flow_rum: {}}]", file="mine.yaml")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.column) == ("mine.yaml", 1, 11)
    with pytest.raises(SettingError):
        previewed(service, scenario="nothing of this name")
