"""Custom events: any JSON under any code, in both formats, in batches, with faults and patches."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from flowsim.core import payload
from flowsim.core.identifiers import EVENT_CODE_WORDS
from flowsim.core.spec_values import RegistrationSpec
from flowsim.errors import ScenarioError
from flowsim.families import registry
from flowsim.families.custom_event.family import FAMILY
from flowsim.files.document import Document
from flowsim.story.opening import story_of
from flowsim.story.story import Story

from ...cases import for_each
from ...strategies import FINITE_JSON

Json = dict[str, Any]

PARCEL = {"code": "com.example.parcel", "body": {"parcel": "4711", "items": [1, None]}}


def _story(*entries: Json, **registration: Any) -> Story:
    scenario = {"seed": 7, "at": "2026-01-15T09:30:00Z", "events": [*entries]}
    return story_of("test", Document("test", {**scenario, "registration": registration}))


def _body(*entries: Json, **registration: Any) -> Any:
    (found,) = _story(*entries, **registration).payloads()
    return json.loads(found.body)


def test_a_custom_event_is_a_cloud_event_of_your_own_provider() -> None:
    """Providers of custom events have this format unless they ask for the other one."""
    found = _body({"custom_event": PARCEL})
    assert found["type"] == "com.example.parcel"
    assert found["data"] == PARCEL["body"]
    (event,) = _story({"custom_event": PARCEL}).events()
    assert payload.provider_of(event, RegistrationSpec()) == "3rd_party_custom_events"


def test_a_custom_event_may_come_in_the_other_format() -> None:
    found = _body({"custom_event": PARCEL}, event_delivery_format="adobe_io")
    assert found["event"] == PARCEL["body"]
    assert "specversion" not in found


def test_an_entry_may_name_its_provider() -> None:
    name = "3rd_party_custom_events_0A1B2C3D4E5F60718293A4B5@AdobeOrg_7d6b"
    (event,) = _story({"custom_event": {**PARCEL, "provider": name}}).events()
    assert payload.provider_of(event, RegistrationSpec()) == name


@given(FINITE_JSON)
def test_the_body_may_be_any_json(body: Any) -> None:
    (event,) = _story({"custom_event": {"body": body}}).events()
    assert event.content == body


def test_an_override_and_a_code_of_the_entry_win() -> None:
    override = {"parcel": None, "items": [2], "more": {"a": 1}}
    (event,) = _story(
        {"custom_event": PARCEL, "override": override, "event_code": "com.example.other"}
    ).events()
    assert event.content == {"items": [2], "more": {"a": 1}}
    assert event.code == "com.example.other"
    assert PARCEL["body"] == {"parcel": "4711", "items": [1, None]}


def test_attributes_of_an_entry_patch_the_cloud_event() -> None:
    attributes = {"phidata": True, "subject": "parcel"}
    found = _body({"custom_event": PARCEL, "attributes": attributes})
    assert (found["phidata"], found["subject"]) == (True, "parcel")


def test_custom_events_repeat_and_travel_in_batches() -> None:
    found = _body({"custom_event": PARCEL, "repeat": 5}, delivery_type="webhook_batch")
    assert [each["data"] for each in found] == [PARCEL["body"]] * 5
    assert len({each["event_id"] for each in found}) == 5


def test_faults_of_any_event_act_on_custom_events() -> None:
    (twice,) = _story({"custom_event": PARCEL, "faults": ["duplicate"]}).events()
    assert [each.name for each in twice.faults] == ["duplicate"]
    order = ["json-key-order"]
    (turned,) = _story({"custom_event": PARCEL, "faults": order}).payloads()
    assert [*json.loads(turned.body)["data"]] == ["items", "parcel"]


@for_each(
    ("said", "found"),
    [
        ({"code": "a b"}, f"'a b'; expected {EVENT_CODE_WORDS}"),
        ({"boddy": 1}, "unknown key 'boddy'; expected body"),
        (3, "3; expected a mapping"),
    ],
)
def test_mistakes_are_told(said: Any, found: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        _story({"custom_event": said})
    assert [each.sentence for each in raised.value.problems] == [found]


def test_a_raw_payload_is_as_it_was() -> None:
    """It has the provider of the registration, and the format of the platform."""
    (event,) = _story({"payload": PARCEL["body"]}).events()
    assert event.notification.provider == ""
    assert event.notification.format == "adobe_io"


@for_each(
    ("content", "line"),
    [({"a": 1, "b": "x", "c": [], "d": True, "e": 5}, "a 1, b x, d True"), ([1], ""), (None, "")],
)
def test_a_line_has_the_first_short_members(content: Any, line: str) -> None:
    assert FAMILY.line(content) == line


def test_of_a_custom_event_no_field_is_known() -> None:
    family = registry.shipped().by_code("custom_event")
    assert family is FAMILY
    assert not family.fields().fields
