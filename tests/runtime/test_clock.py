"""Story time: jumped over, or kept pace with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.runtime.clock import (
    Clock,
    FastClock,
    ManualClock,
    RunningClock,
    make,
    pause,
    present,
    sleep,
    stopwatch,
)

from ..cases import for_each

BEGIN = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FASTEST = 1e6


def come(clock: Clock, due: datetime | None, *, busy: bool = False, changed: bool = False) -> bool:
    """Wait for a moment; ``changed`` says that something had happened before."""

    async def wait() -> bool:
        event = asyncio.Event()
        if changed:
            event.set()
        return await clock.until(due, event, BEGIN if busy else None)

    return asyncio.run(wait())


def test_the_present_is_in_utc_and_whole_milliseconds() -> None:
    before, now, after = datetime.now(UTC), present(), datetime.now(UTC)
    assert before - timedelta(milliseconds=1) < now <= after
    assert now.utcoffset() == timedelta()
    assert now.microsecond % 1000 == 0


def test_the_stopwatch_and_the_waits_run_forward() -> None:
    started = stopwatch()
    asyncio.run(pause(0))
    sleep(0)
    assert stopwatch() >= started


def test_a_fast_clock_jumps_over_a_day_when_nothing_is_under_way() -> None:
    clock = FastClock(BEGIN)
    assert come(clock, BEGIN + DAY)
    assert clock.now() == BEGIN + DAY


def test_a_fast_clock_stands_still_while_attempts_are_under_way() -> None:
    """One of them may be followed by something that is due earlier."""
    clock = FastClock(BEGIN)
    assert not come(clock, BEGIN + MINUTE, busy=True, changed=True)
    assert clock.now() == BEGIN


@for_each("busy", [True, False])
@for_each("earlier", [timedelta(), MINUTE])
def test_a_fast_clock_is_not_set_back_by_what_is_overdue(earlier: timedelta, busy: bool) -> None:
    clock = FastClock(BEGIN)
    assert come(clock, BEGIN - earlier, busy=busy)
    assert clock.now() == BEGIN


def test_a_fast_clock_waits_for_what_is_under_way_and_no_longer() -> None:
    clock = FastClock(BEGIN)

    async def wait() -> bool:
        changed = asyncio.Event()
        waiting = asyncio.create_task(clock.until(BEGIN + MINUTE, changed, BEGIN))
        for _ in range(10):
            await asyncio.sleep(0)
            assert not waiting.done()
        changed.set()
        return await waiting

    assert not asyncio.run(wait())


@given(st.lists(st.integers(-(10**9), 10**9)))
def test_a_fast_clock_never_runs_backwards(offsets: list[int]) -> None:
    clock = FastClock(BEGIN)
    latest = BEGIN

    async def follow() -> None:
        nonlocal latest
        for offset in offsets:
            due = BEGIN + timedelta(milliseconds=offset)
            assert await clock.until(due, asyncio.Event(), None)
            latest = max(latest, due)
            assert clock.now() == latest

    asyncio.run(follow())


def test_a_running_clock_begins_with_the_story_and_runs_on_its_own() -> None:
    clock = RunningClock(BEGIN, FASTEST)
    first = clock.now()
    assert first >= BEGIN
    while clock.now() == first:
        pass
    assert clock.now() > first


def test_a_running_clock_goes_on_while_attempts_are_under_way() -> None:
    clock = RunningClock(BEGIN, FASTEST)
    assert come(clock, BEGIN + timedelta(hours=1), busy=True)
    assert clock.now() >= BEGIN + timedelta(hours=1)


def test_a_running_clock_does_not_wait_for_what_is_overdue() -> None:
    assert come(RunningClock(BEGIN), BEGIN - DAY)


def test_a_running_clock_is_interrupted_by_a_change() -> None:
    clock = RunningClock(BEGIN)
    assert not come(clock, BEGIN + 365 * DAY, changed=True)
    assert clock.now() < BEGIN + DAY


@for_each(
    ("name", "kind"),
    [
        ("fast", FastClock),
        ("real", RunningClock),
        ("60x", RunningClock),
        ("0.5x", RunningClock),
        ("1000000x", RunningClock),
    ],
)
def test_clocks_are_found_by_name(
    name: str,
    kind: Callable[[datetime], Clock],
) -> None:
    clock = make(name, BEGIN)
    assert type(clock) is kind
    assert clock.now() >= BEGIN


@for_each(
    "name",
    [
        *["", "x", "60", "slow", "FAST", "fastx", "realx", "60xx", "60 times"],
        *["0x", "-1x", "nanx", "infx", "-infx", "1000001x"],
    ],
)
def test_an_unknown_name_of_a_clock_is_a_value_error(name: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the caller has the words
        make(name, BEGIN)


def test_a_manual_clock_stands_still_until_it_is_advanced() -> None:
    clock = ManualClock(BEGIN)
    assert not come(clock, BEGIN + MINUTE, changed=True)
    assert clock.now() == clock.end == BEGIN
    assert come(clock, BEGIN)


def test_a_manual_clock_stops_at_what_is_due_and_at_its_end() -> None:
    clock = ManualClock(BEGIN)
    assert clock.advance(60) == clock.end == BEGIN + MINUTE
    assert come(clock, BEGIN + MINUTE / 2)
    assert clock.now() == BEGIN + MINUTE / 2
    assert not come(clock, BEGIN + DAY, changed=True)
    assert clock.now() == BEGIN + MINUTE


def test_a_manual_clock_waits_for_attempts_that_are_under_way() -> None:
    clock = ManualClock(BEGIN)
    clock.advance(60)
    assert not come(clock, BEGIN + MINUTE / 2, busy=True, changed=True)
    assert not come(clock, None, busy=True, changed=True)
    assert clock.now() == BEGIN


def test_a_manual_clock_goes_to_its_end_where_nothing_is_due() -> None:
    clock = ManualClock(BEGIN)
    clock.advance(3600)
    assert not come(clock, None, changed=True)
    assert clock.now() == BEGIN + timedelta(hours=1)


def test_a_manual_clock_has_arrived_once_nothing_is_due_or_under_way() -> None:
    clock = ManualClock(BEGIN)
    assert clock.has_arrived
    clock.advance(60)
    assert not clock.has_arrived
    assert come(clock, BEGIN + MINUTE)
    assert clock.now() == clock.end
    assert not clock.has_arrived
    assert not come(clock, None, busy=True, changed=True)
    assert not clock.has_arrived
    assert not come(clock, BEGIN + DAY, changed=True)
    assert clock.has_arrived
