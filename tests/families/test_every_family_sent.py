"""What is sent of every family: replays, captures of them, and events with any fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from flowsim.captures import conformity
from flowsim.captures.capture import Capture
from flowsim.captures.conformity import JudgedEvent
from flowsim.core.event import Event
from flowsim.core.header_lines import HeaderLines
from flowsim.families import registry
from flowsim.families.registry import FAULTS
from flowsim.replay.run import ReplayOptions, run

from ..cases import one_in
from ..faults.replaying import Traces
from ..faults.test_correct_consumer import written
from ..faults.test_points import touched
from ..faults.way import way_of
from ..story.test_story import AT, Json, events_of, story_of
from .told import CODES, FAMILIES, entries_of, events_of_family, family_of

OF_ANY_EVENT = [name for name, kind in FAULTS.items() if not kind.family]
"""Faults that events of every family can have."""

UNDESCRIBED = {code for code in CODES if not family_of(code).fields().described(code)}
"""Event codes of which no fields are known: their content may be anything."""

SENT = [name for name in FAMILIES if not registry.shipped()[name].journal_only]
"""Families whose events are delivered to webhooks."""

OTHERS = [name for name in SENT if name != "flow_run"]
"""Those whose events have no faults of their own."""

IDLE = {"json-numbers", *(name for name in OF_ANY_EVENT if name.startswith("cloud-"))}
"""Faults of numbers, and of attributes as CloudEvents have them: an event may have none."""


def replayed(*entries: Json, **options: Any) -> tuple[Any, Traces]:
    """Replay entries to the built-in receiver; return the summary and all traces."""
    traces = Traces()
    story = story_of({"seed": 7, "at": AT, "events": [*entries]})
    return run([story], ReplayOptions(**options), traces), traces


def judged(folder: Path) -> Iterator[JudgedEvent]:
    """Yield what ``flowsim conform`` says about each event of saved deliveries."""
    for each in conformity.read(str(folder)).captures:
        yield from conformity.judge(each, registry.shipped())


@pytest.mark.parametrize("name", one_in(3, SENT))
def test_deliveries_are_verified_and_conform_to_the_fields(name: str, tmp_path: Path) -> None:
    entries = [{name: each} for each in entries_of(name)]
    summary, traces = replayed(*entries, save=tmp_path)
    assert summary.ok
    assert summary.verified == summary.delivered == summary.events == len(traces.all) > 0
    found = [*judged(tmp_path)]
    assert len(found) == summary.events
    assert [each for each in found if not (each.conforms or each.code in UNDESCRIBED)] == []
    assert {each.family for each in found} == {name}


@pytest.mark.parametrize("name", one_in(2, SENT))
def test_each_entry_may_wait_repeat_change_its_content_and_fail(name: str) -> None:
    said = shortest(name)
    (*_, last) = plain = events_of(said)
    added = {"x-own": {"a": 1}} if isinstance(last.notification.content, dict) else {}
    entries = [
        {**said, "repeat": 2},
        {**said, "after": "30h", "override": added},
        {**said, "after": "30h", "faults": ["unsigned"], "expect": "rejected"},
    ]
    story = story_of({"seed": 7, "at": AT, "events": entries})
    events = [*story.events()]
    assert len(events) == 4 * len(plain)
    assert [each.time for each in events] == sorted(each.time for each in events)
    assert len({each.id for each in events}) == len(events)
    changed = [each for each in events if "x-own" in each.notification.content]
    assert len(changed) == (len(plain) if added else 0)
    assert all(each.time - events[0].time >= timedelta(hours=30) for each in changed)
    summary, _ = replayed(*entries)
    assert summary.ok
    assert (summary.verified, summary.dropped) == (3 * len(plain), len(plain))


@cache
def shortest(name: str) -> Json:
    """Return an entry of a family that has no more events than its others."""
    return min(({name: each} for each in entries_of(name)), key=lambda each: len(events_of(each)))


@pytest.mark.parametrize("name", sorted({*FAMILIES} - {*SENT}))
def test_events_for_journals_only_conform_and_warn_who_sends_them(name: str) -> None:
    story = story_of({"seed": 7, "at": AT, "events": [shortest(name)]})
    assert any("journals only" in str(each) for each in story.warnings)
    for made in story.payloads():
        capture = Capture("a body", None, HeaderLines(()), made.body)
        (found,) = conformity.judge(
            capture, registry.shipped(), made.events[0].notification.event_code
        )
        assert found.conforms, found


def twice(name: str) -> list[Event]:
    """Return the first event of a family at two moments."""
    first = events_of_family(name)[0]
    later = replace(first, id=f"{first.id[:-1]}{(int(first.id[-1], 16) + 1) % 16:x}")
    return [first, replace(later, time=first.time + timedelta(hours=1))]


@pytest.mark.parametrize("name", one_in(8, OTHERS))
def test_a_fault_of_any_event_acts_at_its_own_point_in_every_family(name: str) -> None:
    before = twice(name)
    for fault in OF_ANY_EVENT:
        found = {*touched(way_of(before, fault), before)}
        if fault == "unknown-event-code":  # the content may name the code too
            found.discard("run")
        assert found == {FAULTS[fault].point} or (fault in IDLE and not found), fault


@pytest.mark.parametrize("name", one_in(12, OTHERS))
def test_the_receiver_meets_each_fault_of_any_event_as_the_fault_says(name: str) -> None:
    entries = [
        {**shortest(name), "after": "2d", "faults": [written(fault)], "expect": expect}
        for fault in OF_ANY_EVENT
        if (expect := FAULTS[fault].expect.replace("withheld", "delivered"))
    ]
    summary, traces = replayed(*entries)
    assert summary.ok, [json.dumps(each) for each in unexpected(traces)]


def unexpected(traces: Traces) -> Iterator[Any]:
    """Yield the faults and the answer of each attempt that did not end as expected."""
    for each in traces.all:
        if each.outcome.status_code not in (200, 602):
            yield [fault.name for fault in each.attempt.delivery.faults], each.outcome.status_code
