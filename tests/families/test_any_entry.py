"""Whatever an entry of a YAML family says: its events are valid, or it is refused with a place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import ValidationError

from flowsim.core.event import Event
from flowsim.errors import ScenarioError
from flowsim.families import registry
from flowsim.families.data.data_family import DataFamily
from flowsim.families.fields.conformity import FieldDifference, compare

from ..cases import one_in
from ..story.test_story import AT, story_of
from .saying import entries
from .test_every_family import DATA, validator
from .told import FORMATS, body

OF_TEXT = ("format", "pattern", "enum", "const")
"""Rules of schemas that free text of an entry may break."""

SEEDS = st.integers(0, 10**6)


def family(name: str) -> DataFamily:
    found = registry.shipped()[name]
    assert isinstance(found, DataFamily)
    return found


TEXTS = ("numeric_text", "hex", "uuid", "iso_time")
"""Types of fields that are text of some form: an entry may state text of another one."""


def is_free_text(difference: FieldDifference) -> bool:
    """Whether a field has text that is not of its form, or not documented: an entry stated it."""
    is_text = difference.kind == "retyped" and difference.found == "text"
    return difference.kind == "other value" or (is_text and difference.expected in TEXTS)


def is_of_text(mistake: ValidationError) -> bool:
    """Whether the text of an entry alone breaks a schema, or one of the bodies in it."""
    bodies: dict[Any, list[ValidationError]] = {}
    for each in mistake.context or ():
        bodies.setdefault(each.schema_path[0], []).append(each)
    return mistake.validator in OF_TEXT or any(
        all(map(is_of_text, each)) for each in bodies.values()
    )


def told(name: str, said: dict[str, Any], seed: int) -> list[Event]:
    """Return the events of an entry; none if it is refused, with the place in the file."""
    try:
        return [*story_of({"seed": seed, "at": AT, "events": [{name: said}]}).events()]
    except ScenarioError as refused:
        for problem in refused.problems:
            assert problem.path.startswith(f"events[0].{name}")
            assert f"{name}.yaml:" in problem.found or problem.expected
        return []


@pytest.mark.parametrize("name", one_in(3, DATA))
@settings(max_examples=10)
@given(data=st.data(), seed=SEEDS)
def test_events_of_any_entry_hold_what_their_fields_say(
    name: str, data: st.DataObject, seed: int
) -> None:
    found = family(name)
    events = told(name, data.draw(entries(found)), seed)
    assert [each.time for each in events] == sorted(each.time for each in events)
    assert len({each.id for each in events}) == len(events)
    for event in events:
        code, content = event.notification.event_code, event.notification.content
        assert code in found.codes
        if found.fields().described(code):
            differences = compare(found.fields(), code, content).differences
            assert [each for each in differences if not is_free_text(each)] == []
        assert found.result(content) in ("", "success", "partial", "failed")


@pytest.mark.parametrize("name", one_in(4, DATA))
@settings(max_examples=12)
@given(data=st.data(), seed=SEEDS)
def test_events_of_any_entry_are_valid_by_their_schemas(
    name: str, data: st.DataObject, seed: int
) -> None:
    for event in told(name, data.draw(entries(family(name))), seed):
        for format_ in FORMATS:
            made = json.loads(body(event, format_))
            found = validator(name, event.notification.event_code, format_).iter_errors(made)
            mistakes = [each for each in found if not is_of_text(each)]
            assert [f"{each.json_path}: {each.message}" for each in mistakes] == []
