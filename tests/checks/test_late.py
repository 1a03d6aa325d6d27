"""Late duplicates: how long a memory has to be so that a run finds none missing.

No test waits: the clock of the run is moved on instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from flowsim.checks import held
from flowsim.checks import run as whole_run
from flowsim.checks.options import Watcher
from flowsim.runtime.clock import stopwatch

from ..consumers.correct import CorrectConsumer, Request
from ..consumers.mistakes import RemembersOther
from .consumers import candidate, named, result


@dataclass
class Clock:
    """The time of a run, which goes on at once where the run waits."""

    waited: float = 0.0

    def now(self) -> float:
        return stopwatch() + self.waited

    async def pause(self, seconds: float) -> None:
        self.waited += seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(held, "pause", made.pause)
    monkeypatch.setattr(whole_run, "stopwatch", made.now)
    return made


def remembers(number: int) -> type[CorrectConsumer]:
    """Return a webhook that knows the latest events only."""

    class RemembersSome(RemembersOther):
        def mark(self, request: Request, element: dict[str, Any]) -> Any:
            self.known = self.known[-number:]
            return self.event_id(request, element)

    return RemembersSome


def remembers_for(seconds: float, clock: Clock) -> type[CorrectConsumer]:
    """Return a webhook that forgets each event after some time."""

    class RemembersForSomeTime(RemembersOther):
        def mark(self, request: Request, element: dict[str, Any]) -> Any:
            now, found = clock.now(), self.event_id(request, element)
            self.since = {
                each: moment
                for each, moment in getattr(self, "since", {}).items()
                if moment > now - seconds
            }
            self.known = [*self.since]
            self.since.setdefault(found, now)
            return found

    return RemembersForSomeTime


@pytest.mark.parametrize(
    ("number", "thorough", "state"),
    [(100, False, "failed"), (200, False, "passed"), (200, True, "failed")],
)
def test_a_memory_of_the_latest_events_is_found_behind_many_others(
    monkeypatch: pytest.MonkeyPatch, number: int, thorough: bool, state: str
) -> None:
    """More come in a thorough run; here it is twice as many, which takes less time."""
    assert (held.MEMORY, held.FAR_MEMORY) == (100, 1_000)
    monkeypatch.setattr(held, "FAR_MEMORY", 200)
    with candidate(remembers(number)) as webhook:
        findings = webhook.check("late-duplicate", thorough=thorough)
    assert "late-duplicate" in named(findings, state)


@pytest.mark.parametrize(
    ("options", "state", "waits"),
    [
        ({"thorough": True}, "failed", True),
        ({"thorough": True, "time_limit": 60.0}, "passed", False),
        ({"thorough": True, "processed": None}, "not judged", False),
        ({}, "passed", False),
    ],
)
def test_a_memory_that_ends_after_a_minute_is_found_by_a_thorough_run_with_enough_time(
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, Any],
    state: str,
    waits: bool,
) -> None:
    """Only this run waits; the time that it announces has the wait in it."""
    monkeypatch.setattr(held, "FAR_MEMORY", 10)
    announced: list[float] = []
    watcher = Watcher(measured=lambda _, seconds: announced.append(seconds))
    with candidate(remembers_for(60.0, clock)) as webhook:
        findings = webhook.check("late-duplicate", watcher=watcher, **options)
    found = result(findings, "late-duplicate")
    assert found.verdict.state == state
    assert (found.aged >= held.AGE) == (clock.waited > 0) == waits
    (seconds,) = announced
    assert (seconds >= held.AGE) == waits
    assert findings.elapsed / 2 <= seconds or not waits


def test_a_passed_check_says_behind_how_many_events(correct: Any) -> None:
    verdict = result(correct.check("late-duplicate"), "late-duplicate").verdict
    assert verdict.note == "behind 120 other events"


@pytest.mark.parametrize(
    ("seconds", "late", "left", "whole"),
    [(10.0, 1.0, 590.0, 71.0), (10.0, 1.0, 70.0, 10.0), (200.0, 1.0, 590.0, 200.0)],
)
def test_the_wait_for_late_duplicates_is_announced_if_there_is_time_for_it(
    seconds: float, late: float, left: float, whole: float
) -> None:
    assert held.with_age(seconds, late, left) == whole
