"""A family's own envelope: how its producer orders and spells the members around the content."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from flowsim.errors import ScenarioError
from flowsim.families.data.data_family import DataFamily
from flowsim.families.data.reading import read_family
from flowsim.families.fields.json_schema import schema_of
from flowsim.files.yaml_documents import parse_text

from ...cases import for_each
from ...fixtures import Result
from .examples import document, tell

PARCEL = Path(__file__).with_name("parcel.yaml")
Flowsim = Callable[..., Result]


def shown(flowsim: Flowsim, *options: str) -> list[dict[str, Any]]:
    """Return the bodies of a lost parcel, parsed."""
    result = flowsim("show", "parcel.lost", "--families", PARCEL.parent, "--as", "body", *options)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_members_have_the_order_and_the_spelling_of_the_template(flowsim: Flowsim) -> None:
    (body,) = shown(flowsim, "--set", "registration.names=as-documented")
    assert [*body] == [*["event_id", "specversion", "type", "source", "id", "time", "lost", "data"]]
    assert (body["type"], body["source"]) == ("parcel.lost", "urn:parcels:EU")
    assert body["time"] == "Thu Jan 15 09:30:00 GMT 2026"
    assert body["lost"].startswith("2026-01-15T09:30:00.000")


def test_an_entry_may_patch_the_attributes_of_its_event(flowsim: Flowsim) -> None:
    """It can state ids of a capture, add an attribute, and leave one out."""
    patch = "events[0].attributes={id: e-7, subject: x, lost: null}"
    (body,) = shown(flowsim, "--set", patch)
    assert (body["id"], body["subject"], "lost" in body) == ("e-7", "x", False)


@for_each("code", ["parcel.sent", "parcel.lost"])
@for_each("format_", ["cloud_events", "adobe_io"])
def test_the_schema_describes_the_own_envelope(flowsim: Flowsim, code: str, format_: str) -> None:
    family = read_family(parse_text(PARCEL.read_text("utf-8"), "parcel.yaml"), "parcel", document)
    schema = schema_of(family, code, format_)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    result = flowsim(
        *("show", code, "--families", PARCEL.parent, "--as", "body"),
        *("--set", f"registration.event_delivery_format={format_}"),
    )
    for line in result.stdout.splitlines():
        body = json.loads(line)
        assert not [*validator.iter_errors(body)]
        assert [*validator.iter_errors({**body, "data": 1, "event": 1})]


_TWO_FORMS = """\
  cloud_events:
  - {$when: state == 'sent', $value: {type: null, id: null, time: null, data: null}}
  - {$when: state == 'lost', $value: {data: null, id: null, type: null}}
"""


def _with_forms(forms: str = _TWO_FORMS) -> DataFamily:
    """Return the family with a list of templates in the place of all that its envelope says."""
    before, rest = PARCEL.read_text("utf-8").split("  cloud_events:\n", 1)
    text = f"{before}{forms}bodies:{rest.split('bodies:', 1)[1]}"
    return read_family(parse_text(text, "parcel.yaml"), "parcel", document)


@for_each(
    ("state", "members"),
    [("sent", ["type", "id", "time", "data"]), ("lost", ["data", "id", "type"])],
)
def test_the_first_template_of_a_list_whose_condition_is_true_is_used(
    state: str, members: list[str]
) -> None:
    family = _with_forms()
    envelope = tell(family, {"state": state})[0].notification.envelope
    assert envelope is not None
    assert envelope.cloud_events is not None
    assert [*envelope.cloud_events] == members
    required = schema_of(family, f"parcel.{state}", "cloud_events")["required"]
    assert {*required} == {"type", "id", "data"}


def test_an_event_without_a_template_is_a_mistake() -> None:
    family = _with_forms(_TWO_FORMS.replace("'lost'", "'sent'"))
    with pytest.raises(ScenarioError, match="no envelope for this event"):
        tell(family, {"state": "lost"})


@for_each("forms", ["  cloud_events: []\n", _TWO_FORMS.replace("data: null", "b: 1")])
def test_a_list_of_templates_is_checked_as_one_template_is(forms: str) -> None:
    with pytest.raises(ScenarioError, match=r"expected (a template|the key data)"):
        _with_forms(forms)


@for_each(
    ("before", "after", "found"),
    [
        ("    data: null\n", "", "expected the key data, with null"),
        ("    id: null", "    ide: null", "null; expected a value"),
        ("    event_id: null", "    event_id: x", "expected null: flowsim fills it in"),
        ("{{ state }}", "{{ stat }}", "unknown name 'stat'"),
        ("adobe_io: C}", "adobe_io: C}\nprints: 5", "expected a list of files"),
        ("parcel.{{ state }}", "parcl.{{ state }}", "unknown code"),
        ("    data: null\n", "    $part: around\n", "expected the key data, with null"),
        ("    data: null\n", "    data: null\n    $part: wrong\n", "wrong.other: null; expected a"),
        ("    data: null\n", "    data: null\n    $part: wrong\n", "wrong.eventid: 'x'; expected"),
        ("    id: null\n", "    id: {a: 5}\n", "envelope.cloud_events.id: an object as id"),
        ("    type: null\n", "    type: [a]\n", "envelope.cloud_events.type: a list as type"),
        ("parcels_{{ region }}", "a\\r\\nb: {{ region }}", "the provider id 'a\\r\\nb: EU'"),
        ("parcels_{{ region }}", "{{ none }}", "the provider id nothing"),
        ("    lost: {type", "    last: {type", "fields.last: a field that no envelope has"),
        ("    lost: {type", "    data: {type", "fields.data: a field that no envelope has"),
        ("grade: A}\nbodies", "in: [state]}\nbodies", "bodies of a field of the envelope"),
    ],
)
def test_a_mistake_in_an_envelope_has_its_place(before: str, after: str, found: str) -> None:
    text = PARCEL.read_text("utf-8").replace("prints: [parcel.json]\n", "")
    text = f"{text}parts: {{around: {{more: 1}}, wrong: {{other: null, eventid: x}}}}\n"
    changed = parse_text(text.replace(before, after, 1), "parcel.yaml")
    with pytest.raises(ScenarioError) as caught:
        read_family(changed, "parcel", document, tells_examples=True)
    assert found in str(caught.value)


def test_a_part_of_an_envelope_may_hold_its_content() -> None:
    text = PARCEL.read_text("utf-8").replace("    data: null\n", "    $part: around\n")
    around = "{more: {$when: state == 'sent', $value: 1}, data: null}"
    text = f"{text}parts: {{around: {around}}}\n"
    family = read_family(parse_text(text, "parcel.yaml"), "parcel", document, tells_examples=True)
    envelope = tell(family)[0].notification.envelope
    assert envelope is not None
    assert [*(envelope.cloud_events or ())][-2:] == ["more", "data"]
    required = schema_of(family, "parcel.lost", "cloud_events")["required"]
    assert {"data", "more"} & {*required} == {"data"}


@for_each("region", ["a\r\nx-other: 1", "ü", "x" * 300, " "])
def test_a_provider_that_no_header_can_hold_ends_a_story(flowsim: Flowsim, region: str) -> None:
    said = f"events[0].parcel.region={json.dumps(region)}"
    result = flowsim("show", "parcel.lost", "--families", PARCEL.parent, "--set", said)
    assert result.exit_code == 2
    assert "the provider id" in result.stderr
    assert "envelope.provider" in result.stderr


@pytest.mark.slow
def test_a_part_of_an_envelope_is_bounded_as_that_of_a_body_is() -> None:
    """Each part has the next one twice, so all of them together are too large to be looked at."""
    parts = [f"  p{n}: {{a: {{$part: p{n + 1}}}, b: {{$part: p{n + 1}}}}}\n" for n in range(30)]
    forms = "  cloud_events: {$part: p0, data: null}\n  fields: {a: {type: object}}\n"
    with pytest.raises(ScenarioError, match="values"):
        _with_forms(f"{forms}parts:\n{''.join(parts)}  p30: {{x: 1}}\n")
    with pytest.raises(ScenarioError, match="101 templates; expected at most 100"):
        _with_forms("  cloud_events:\n" + "  - {data: null}\n" * 101)


def test_a_loop_is_no_template() -> None:
    with pytest.raises(ScenarioError, match="expected the key data, with null"):
        _with_forms("  cloud_events: [{$each: 2, $as: n, $value: {data: null}}]\n")


def test_a_code_that_no_entry_of_the_family_has_is_said_with_the_place_of_its_step() -> None:
    text = PARCEL.read_text("utf-8").replace("one_of: [sent, lost]", "one_of: [sent, lost, late]")
    family = read_family(parse_text(text, "parcel.yaml"), "parcel", document)
    with pytest.raises(ScenarioError, match=r"the event code 'parcel\.late'"):
        tell(family, {"state": "late"})
