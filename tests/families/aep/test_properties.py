"""Any story is told; its ids agree, and its times are in order."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from functools import cache, partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.core import instant
from flowsim.core.event import Event
from flowsim.errors import ScenarioError
from flowsim.families.data.data_family import DataFamily
from flowsim.families.data.telling import expect_allowed, settings_of
from flowsim.families.fields.conformity import compare

from ...cases import one_in
from ...story.test_story import story_of
from ..saying import entries
from .reading import NAMES, family

NAMED = {"predecessor": "source_run", "segment_of": "segment_job", "asset_of": "audit_event"}
"""What names another entry, and the family of that entry."""


@cache
def _entries(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return entries that state any of what may be said, any draw, and any earlier entry."""
    found = family(name)
    earlier = {each.name: st.just("before") for each in found.parts.says if each.kind == "entry"}
    named = st.fixed_dictionaries({}, optional=earlier)
    drawn = st.builds(operator.or_, entries(found), named)
    return drawn.map(partial(_allowed, name))


def _allowed(name: str, said: dict[str, Any]) -> dict[str, Any]:
    """Return an entry without numbers, and the end of an alert, if it is refused for them."""
    found = family(name)
    try:
        expect_allowed(found.parts, settings_of(found.parts, found.model().model_validate(said)))
    except ScenarioError:
        numbers = {each.name for each in found.parts.says if each.kind == "count"}
        return {key: said[key] for key in said.keys() - numbers - {"resolved_after"}}
    return said


def _told(*entries: Mapping[str, Any], seed: int) -> list[Event]:
    at = "2026-01-15T09:30:00Z"
    return list(story_of({"seed": seed, "at": at, "events": list(entries)}).events())


def _event_times(content: dict[str, Any]) -> list[int]:
    """Return times that must be in order: work began, work ended, the record was written."""
    duration = content.get("metrics", {}).get("durationSummary")
    if duration is None:
        return []
    return [duration["startedAtUTC"], duration["completedAtUTC"], content["updatedAt"]]


def _check(found: DataFamily, told: list[Event]) -> None:
    assert told
    assert [each.time for each in told] == sorted(each.time for each in told)
    for each in told:
        notification = each.notification
        code, content = notification.event_code, notification.content
        assert compare(found.fields(), code, content).differences == ()
        _check_times(content, instant.to_ms(each.time))
        assert found.line(content).strip(" :")
    everything = [each.notification.content for each in told]
    for key in ("flowId", "imsOrgId", "sandboxId"):
        assert len({each.get(key) for each in everything}) == 1
    assert len({each.get("flowRunId", each["id"]) for each in everything}) == 1 or all(
        "severity" in each for each in everything
    )


def _check_times(content: dict[str, Any], now: int) -> None:
    assert _event_times(content) == sorted(_event_times(content))
    if "updatedAt" in content:
        assert content["createdAt"] <= content["updatedAt"] == now
    for activity in content.get("activities", ()):
        duration = activity["durationSummary"]
        whole = content["metrics"]["durationSummary"]
        assert whole["startedAtUTC"] <= duration["startedAtUTC"] <= duration["completedAtUTC"]
        assert duration["completedAtUTC"] <= whole["completedAtUTC"]
    latency = content.get("metrics", {}).get("latencySummary")
    assert latency is None or latency["minMs"] <= latency["maxMs"]
    if "resolvedAt" in content:
        assert content["createdAt"] < content["resolvedAt"] == instant.spell(instant.from_ms(now))


@pytest.mark.parametrize("name", one_in(3, NAMES))
@settings(max_examples=12)
@given(data=st.data(), seed=st.integers(0, 10**6))
def test_any_entry_is_told_and_keeps_what_events_promise(
    name: str, data: st.DataObject, seed: int
) -> None:
    """All may be stated: settings, random values, and the entry before it."""
    said = data.draw(_entries(name))
    before = [{NAMED[key]: {}, "run": "before"} for key in said if key in NAMED]
    told = _told(*before, {name: said}, seed=seed)
    codes = family(name).codes
    own = [each for each in told if each.notification.event_code in codes]
    if NAMED.get("asset_of") == name and before:
        own = own[1:]
    _check(family(name), own)


@settings(max_examples=10)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(NAMES).flatmap(lambda name: st.tuples(st.just(name), _entries(name))),
            st.integers(1, 3),
            st.sampled_from(["0s", "1s", "2h"]),
        ),
        min_size=1,
        max_size=5,
    ),
    st.integers(0, 10**6),
)
def test_a_story_of_any_entries_comes_in_order_and_has_each_id_once(
    drawn: list[tuple[tuple[str, dict[str, Any]], int, str]], seed: int
) -> None:
    before = [{name: {}, "run": f"{name} before"} for name in NAMED.values()]
    entries = [
        {
            name: {key: f"{NAMED[key]} before" if key in NAMED else said[key] for key in said},
            "repeat": repeat,
            "after": after,
        }
        for (name, said), repeat, after in drawn
    ]
    told = _told(*before, *entries, seed=seed)
    assert [each.time for each in told] == sorted(each.time for each in told)
    assert len({each.id for each in told}) == len(told)
    assert told == _told(*before, *entries, seed=seed)
