"""Clocks: only this file reads the time of the system.

A replay runs on story time. ``FastClock`` jumps over waits, so a day of retries takes no
longer than its requests; ``RunningClock`` keeps pace with the real time, or a multiple of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import re
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

Due = datetime | None
"""When something is due, or ``None`` if nothing is."""

_SPEEDS = {"fast": None, "real": 1.0}


def present() -> datetime:
    """Return the present in UTC, in whole milliseconds."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def stopwatch() -> float:
    """Return seconds from an arbitrary origin; differences are real durations."""
    return time.perf_counter()


class Present(Protocol):
    """Returns the moment of story time."""

    def now(self) -> datetime: ...


class Clock(Present, Protocol):
    """A clock of story time, which can be waited for."""

    @property
    def jumps(self) -> bool:
        """Tell whether the clock stands still during attempts and jumps over waits."""
        ...

    async def until(self, due: Due, changed: asyncio.Event, earliest: Due) -> bool:
        """Return true once ``due`` has come, or false because ``changed`` was set before.

        Nothing is ever due at ``None``. ``earliest`` is when something may follow from the
        attempts under way; ``None`` if there are none.
        """
        ...


class FastClock:
    """Story time that jumps to what is due next, once nothing earlier can follow."""

    jumps = True

    def __init__(self, begin: datetime) -> None:
        self._now = begin

    def now(self) -> datetime:
        return self._now

    async def until(self, due: Due, changed: asyncio.Event, earliest: Due) -> bool:
        if due is not None and due <= self._now:
            return True
        if due is None or not _comes_first(due, earliest):
            await changed.wait()
            return False
        self._now = due
        return True


class ManualClock:
    """Story time that stands still until ``advance`` is called, and then jumps by the given time.

    It stops on its way at everything that is due, so nothing is delivered late. Any thread may
    call it; after ``advance`` or ``stop`` the caller wakes the dispatcher.
    """

    jumps = True

    def __init__(self, begin: datetime) -> None:
        self._now = begin
        self._begin = begin
        self._end = begin
        self._lock = threading.Lock()
        self._ordered = 0
        self._finished = 0
        self._until = math.inf

    def now(self) -> datetime:
        return self._now

    @property
    def begin(self) -> datetime:
        """Where the clock stood before it was advanced."""
        return self._begin

    @property
    def end(self) -> datetime:
        """How far the clock was advanced."""
        return self._end

    @property
    def has_arrived(self) -> bool:
        """Tell whether the clock stands at ``end``, and all that was due before has ended."""
        return self._finished == self._ordered

    def advance(self, seconds: float) -> datetime:
        """Let ``seconds`` of story time pass; return the moment at which the clock stops again."""
        with self._lock:
            if self.has_arrived:
                self._begin = self._now
            self._end += timedelta(seconds=seconds)
            self._until = math.inf
            self._ordered += 1
            return self._end

    def stop(self) -> None:
        """Stop the clock; attempts that are under way go on."""
        with self._lock:
            self._end = self._now
            self._ordered += 1

    def go_on_for(self, seconds: float) -> None:
        """Let the clock stop by itself after ``seconds`` seconds of real time, and no earlier."""
        self._until = stopwatch() + seconds

    async def until(self, due: Due, changed: asyncio.Event, earliest: Due) -> bool:
        with self._lock:
            if self._has_come(due, earliest):
                return True
        await changed.wait()
        return False

    def _has_come(self, due: Due, earliest: Due) -> bool:
        """Go on as far as possible; tell whether ``due`` has come."""
        if stopwatch() > self._until:
            self._end = self._now
        if due is not None and due <= self._now:
            return True
        if due is not None and due <= self._end and _comes_first(due, earliest):
            self._now = due
            return True
        if earliest is None:
            self._now = self._end
            self._finished = self._ordered
        return False


class RunningClock:
    """Story time that passes ``speed`` times as fast as real time."""

    jumps = False

    def __init__(self, begin: datetime, speed: float = 1.0) -> None:
        self._begin = begin
        self._speed = speed
        self._origin = time.monotonic()

    @property
    def speed(self) -> float:
        """How many seconds of story time pass in one of real time."""
        return self._speed

    def now(self) -> datetime:
        passed = (time.monotonic() - self._origin) * self._speed
        return self._begin + timedelta(seconds=passed)

    async def until(self, due: Due, changed: asyncio.Event, earliest: Due) -> bool:  # noqa: ARG002
        if due is None:
            await changed.wait()
            return False
        seconds = (due - self.now()).total_seconds() / self._speed
        if seconds <= 0:
            return True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await changed.wait()
        return not changed.is_set() and self.now() >= due


def _comes_first(due: datetime, earliest: Due) -> bool:
    """Tell whether what is due comes before all that attempts under way may lead to."""
    return earliest is None or due < earliest


def make(name: str, begin: datetime) -> Clock:
    """Return the clock called ``fast``, ``real``, or a speed such as ``60x``.

    Raises ``ValueError`` for any other name.
    """
    speed = speed_of(name)
    return FastClock(begin) if speed is None else RunningClock(begin, speed)


def speed_of(name: str) -> float | None:
    """Return the speed of a clock, 0.001 to 1,000,000; None if it skips waits.

    Raises ``ValueError`` for any other name.
    """
    if name in _SPEEDS:
        return _SPEEDS[name]
    if not re.fullmatch(r"\d+(\.\d+)?x", name) or not 0.001 <= float(name[:-1]) <= 1e6:
        raise ValueError(name)
    return float(name[:-1])


async def pause(seconds: float) -> None:
    """Wait in real time, not in story time."""
    await asyncio.sleep(seconds)


def sleep(seconds: float) -> None:
    """Wait in real time, in a thread."""
    if seconds:
        time.sleep(seconds)
