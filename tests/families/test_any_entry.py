"""Whatever an entry of a YAML family says: its events are valid, or it is refused with a place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.core.event import Event
from flowsim.errors import ScenarioError
from flowsim.families import registry
from flowsim.families.data.data_family import DataFamily
from flowsim.families.fields.conformity import compare

from ..cases import one_in
from ..story.test_story import AT, story_of
from .saying import entries
from .test_every_family import DATA, validator
from .told import FORMATS, body

SEEDS = st.integers(0, 10**6)


def family(name: str) -> DataFamily:
    found = registry.shipped()[name]
    assert isinstance(found, DataFamily)
    return found


def told(name: str, said: dict[str, Any], seed: int) -> list[Event]:
    """Return the events of an entry; none if it is refused, with the place in the file."""
    try:
        return [*story_of({"seed": seed, "at": AT, "events": [{name: said}]}).events()]
    except ScenarioError as refused:
        for problem in refused.problems:
            assert problem.path.startswith(f"events[0].{name}")
            assert f"{name}.yaml:" in problem.found or problem.expected
        return []


@pytest.mark.parametrize("name", DATA)
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
            assert compare(found.fields(), code, content).differences == ()
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
            mistakes = validator(name, event.notification.event_code, format_).iter_errors(made)
            assert [f"{each.json_path}: {each.message}" for each in mistakes] == []
