"""The field table of flow runs describes every notification, and its JSON Schema judges them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema_rs import meta

from flowsim.core import payload
from flowsim.core.event import Event
from flowsim.core.spec_values import RegistrationSpec
from flowsim.families.fields.conformity import FieldDifference, compare
from flowsim.families.fields.json_schema import schema_of
from flowsim.families.fields.tree import tree_of
from flowsim.families.flow_run.field_table import fields
from flowsim.families.registry import shipped as families
from flowsim.story.opening import open_story

from ...cases import for_each
from ...fixtures import SCENARIOS
from ...story.test_story import Json, story_of
from ..told import places
from .test_rendering import SAMPLES, failures, scenarios, successes

FORMATS = ("adobe_io", "cloud_events")
NAMES = ("both", "new-only", "old-only", "as-documented")
TABLE = fields()


class FlowRuns:
    """The part of the family that schemas need."""

    name = "flow_run"
    codes: Mapping[str, Any] = MappingProxyType({})

    def fields(self) -> Any:
        return TABLE


@cache
def validator(code: str, format_: str) -> Draft202012Validator:
    schema = schema_of(FlowRuns(), code, format_)
    return Draft202012Validator(schema, format_checker=FormatChecker())


@cache
def shipped() -> list[Event]:
    """Return the events of all shipped scenarios that are about flow runs and have no fault."""
    return [
        event
        for path in sorted(SCENARIOS.glob("*.yaml"))
        for event in open_story(str(path)).events()
        if event.notification.event_code in TABLE.bodies and not event.faults
    ]


def body_of(event: Event, format_: str = "adobe_io", names: str = "both") -> Any:
    form = {"event_delivery_format": format_, "names": names}
    return json.loads(payload.single(event, RegistrationSpec.model_validate(form)).body)


def mistakes(body: Any, code: str, format_: str = "adobe_io") -> list[str]:
    found = validator(code, format_).iter_errors(body)
    return [f"{each.json_path}: {each.message}" for each in found]


def differences(event: Event) -> tuple[FieldDifference, ...]:
    notification = event.notification
    return compare(TABLE, notification.event_code, notification.content).differences


def test_every_event_code_of_the_family_has_fields() -> None:
    assert families()["flow_run"].codes.keys() <= TABLE.bodies.keys()
    assert {event.notification.event_code for event in shipped()} == families()[
        "flow_run"
    ].codes.keys()


@for_each("format_", FORMATS)
@for_each("code", TABLE.bodies)
def test_every_schema_is_valid_under_its_draft(code: str, format_: str) -> None:
    meta.validate(validator(code, format_).schema)


@for_each("names", NAMES)
@for_each("format_", FORMATS)
def test_all_bodies_of_shipped_scenarios_are_valid(format_: str, names: str) -> None:
    """Envelopes change nothing of their content: with one of them all events are tried."""
    is_first = (format_, names) == (FORMATS[0], NAMES[0])
    for event in shipped() if is_first else shipped()[::7]:
        code = event.notification.event_code
        assert mistakes(body_of(event, format_, names), code, format_) == []


@settings(max_examples=25, deadline=None)
@given(scenarios(successes() | failures()))
def test_whatever_a_scenario_says_the_fields_describe_it(scenario: Json) -> None:
    for shape in ("consistent", "as-documented"):
        for event in story_of({**scenario, "flow": {"shape": shape}}).events():
            assert differences(event) == ()
            assert mistakes(body_of(event), event.notification.event_code) == []


@pytest.mark.parametrize(("sample", "suffix"), [("success", "success"), ("failure", "failed")])
def test_the_published_samples_are_valid(sample: str, suffix: str) -> None:
    body = json.loads((SAMPLES / f"{sample}.json").read_text("utf-8"))
    code = f"sources_flow_run_{suffix}"
    assert mistakes(body, code) == []
    content = body["event"] if sample == "success" else body[0]["messages"]
    assert compare(TABLE, code, content).differences == ()


def content_of(body: Any) -> Any:
    return body["event"] if isinstance(body, dict) else body[0]["messages"]


SPREAD = ("success", "partial", "as-documented", "failure-copy", "failure-promotion")
"""Scenarios with events of all shapes."""


def bodies_of(scenario: str) -> Iterator[tuple[str, Any]]:
    """Yield the event code and the body of each event of a scenario."""
    for event in open_story(scenario).events():
        yield event.notification.event_code, body_of(event)


@pytest.mark.slow
@for_each("scenario", SPREAD)
def test_without_a_required_member_no_body_is_valid(scenario: str) -> None:
    for code, body in bodies_of(scenario):
        assert_required_members_are_missed(code, body)


def assert_required_members_are_missed(code: str, body: Any) -> None:
    root = tree_of(TABLE.of_body(TABLE.bodies[code][0]))
    for node, holder, step in [*places(root, content_of(body))]:
        if isinstance(holder, list):
            continue
        removed = holder.pop(step)
        is_valid = validator(code, FORMATS[0]).is_valid(body)
        found = {each.kind for each in compare(TABLE, code, content_of(body)).differences}
        assert (is_valid, found) == ((False, {"missing"}) if node.is_required else (True, set()))
        holder[step] = removed


OTHERS = ("x", 1.5, True, None, {}, [])
"""Values of other types: all are tried once for the types that a field may have, then the last."""


@pytest.mark.slow
@for_each("scenario", SPREAD)
def test_with_a_value_of_another_type_no_body_is_valid(scenario: str) -> None:
    tried: set[object] = set()
    for code, body in bodies_of(scenario):
        assert_other_types_are_refused(code, body, tried)


def assert_other_types_are_refused(code: str, body: Any, tried: set[object]) -> None:
    root = tree_of(TABLE.of_body(TABLE.bodies[code][0]))
    for node, holder, step in [*places(root, content_of(body))]:
        was = holder[step]
        for other in OTHERS if node.types not in tried else OTHERS[-1:]:
            if type(other) is type(was) or ("number" in node.types and other == 1.5):
                continue
            holder[step] = other
            found = compare(TABLE, code, content_of(body)).differences
            assert not validator(code, FORMATS[0]).is_valid(body), f"{step}: {other!r}"
            assert {each.kind for each in found} == {"retyped"}, f"{step}: {other!r}"
        holder[step] = was
        tried.add(node.types)


def test_a_further_member_is_valid_and_reported() -> None:
    event = next(each for each in shipped() if each.notification.member == "event")
    code, body = event.notification.event_code, copy.deepcopy(body_of(event))
    body["event"]["activities"][0]["new.name"] = "6f6a900f-e40d-4f0e-9bb9-b614436c3465"
    assert mistakes(body, code) == []
    found = compare(TABLE, code, body["event"]).differences
    assert found == (FieldDifference("unknown", 'activities[]."new.name"', "uuid"),)


@pytest.mark.parametrize("format_", FORMATS)
def test_only_members_of_all_namings_are_required_in_an_envelope(format_: str) -> None:
    event = shipped()[0]
    bodies = [body_of(event, format_, names) for names in NAMES]
    schema = validator(event.notification.event_code, format_).schema
    assert {*schema["properties"]} == {name for body in bodies for name in body}
    assert {*schema["required"]} == set.intersection(*map(set, bodies))


def test_every_field_has_a_source_and_a_grade() -> None:
    assert [each.path for each in TABLE.fields if not each.source or each.grade == "gap"] == []
