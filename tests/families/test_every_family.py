"""What holds for the events of every family: schemas, fields, seeds, formats and batches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from flowsim.core.event import Event
from flowsim.families import registry
from flowsim.families.data.data_family import DataFamily
from flowsim.families.fields.conformity import compare
from flowsim.families.fields.json_schema import schema_of

from ..cases import one_in
from ..story.test_story import AT, Json, story_of
from .told import FAMILIES, FORMATS, body, entries_of, events_of_family

DATA = [name for name in FAMILIES if isinstance(registry.shipped()[name], DataFamily)]
"""Families of YAML files."""

ALL_PRESENT = {"alert_name": "present"}
"""What an entry says so that its events have members that they usually lack, where it can."""

pytestmark = pytest.mark.parametrize("name", FAMILIES)


def whole_entries(name: str) -> list[Json]:
    """Return entries of a family that have all of its bodies, with all members."""
    known = {each.name for each in registry.shipped()[name].settings()}
    present = {key: value for key, value in ALL_PRESENT.items() if key in known}
    return [{name: {**each, **present}} for each in entries_of(name)]


@cache
def told(name: str, seed: int = 7) -> tuple[Event, ...]:
    return tuple(story_of({"seed": seed, "at": AT, "events": whole_entries(name)}).events())


@cache
def validator(name: str, code: str, format_: str) -> Draft202012Validator:
    schema = schema_of(registry.shipped()[name], code, format_)
    return Draft202012Validator(schema, format_checker=FormatChecker())


@pytest.mark.parametrize("format_", one_in(2, FORMATS))
def test_each_event_of_each_code_is_valid_by_its_schema(name: str, format_: str) -> None:
    codes = {*registry.shipped()[name].codes}
    for event in events_of_family(name):
        code = event.notification.event_code
        made = json.loads(body(event, format_))
        assert [*validator(name, code, format_).iter_errors(made)] == [], code
        codes.discard(code)
    assert codes == set()


def test_events_hold_what_their_fields_say_and_nothing_else(name: str) -> None:
    table = registry.shipped()[name].fields()
    for each in told(name):
        said = each.notification
        assert compare(table, said.event_code, said.content).differences == (), said.event_code


def test_each_field_stands_in_some_event(name: str) -> None:
    """A field that no event has would be a mistake in its path.

    Flow runs have fields that only their shapes and faults bring: they have tests of their own.
    """
    if name in DATA:
        found = {path for each in told(name) for path in paths(each.notification.content)}
        fields = registry.shipped()[name].fields().fields
        assert {field.path.replace('"', "") for field in fields} <= found


def paths(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of each member and element, as fields spell it without quotes."""
    yield path
    if isinstance(value, dict):
        for key, each in value.items():
            yield from paths(each, f"{path}.{key}" if path else key)
    for each in value if isinstance(value, list) else ():
        yield from paths(each, f"{path}[]")


def test_a_seed_gives_the_same_bytes_and_another_seed_gives_others(name: str) -> None:
    def bodies(seed: int) -> list[bytes]:
        scenario = {"seed": seed, "at": AT, "events": whole_entries(name)[:10]}
        return [each.body for each in story_of(scenario).payloads()]

    assert bodies(7) == bodies(7)
    assert not {*bodies(7)} & {*bodies(8)}


@pytest.mark.parametrize("format_", FORMATS)
def test_a_batch_has_each_event_as_it_is_delivered_alone(name: str, format_: str) -> None:
    form = {"event_delivery_format": format_, "delivery_type": "webhook_batch"}
    entry = whole_entries(name)[0]
    for repeat, after in ((25, "0s"), (2, "1h")):
        entries = [{**entry, "repeat": repeat, "after": after}]
        story = story_of({"seed": 7, "at": AT, "registration": form, "events": entries})
        batches = [*story.payloads()]
        assert all(len(each.events) <= 20 for each in batches)
        elements = [element for each in batches for element in json.loads(each.body)]
        events = [event for each in batches for event in each.events]
        alone = [json.loads(body(event, format_)) for event in events]
        assert elements == [each[0] if isinstance(each, list) else each for each in alone]
        assert len({each.id for each in events}) == len(events) >= repeat
