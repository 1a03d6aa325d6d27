"""The only file that knows the time.

A replay runs on story time. ``FastClock`` jumps over waits, so a day of retries takes no
longer than its requests; ``RunningClock`` keeps pace with the real time, or a multiple of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

_SPEEDS = {"fast": None, "real": 1.0}


def present() -> datetime:
    """Return the present in UTC, in whole milliseconds."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def stopwatch() -> float:
    """Return seconds from an arbitrary origin; differences are real durations."""
    return time.perf_counter()


class Present(Protocol):
    """Says what time it is in the story."""

    def now(self) -> datetime: ...


class Clock(Present, Protocol):
    """Story time."""

    async def until(self, due: datetime | None, changed: asyncio.Event, busy: bool) -> bool:
        """Return true once ``due`` has come, or false because ``changed`` was set before.

        ``busy`` says that attempts are under way whose outcome may be due earlier. Nothing is
        ever due at ``None``.
        """
        ...


class FastClock:
    """Story time that jumps to what is due next, once nothing earlier can follow."""

    def __init__(self, begin: datetime) -> None:
        self._now = begin

    def now(self) -> datetime:
        return self._now

    async def until(self, due: datetime | None, changed: asyncio.Event, busy: bool) -> bool:
        if due is not None and due <= self._now:
            return True
        if due is None or busy:
            await changed.wait()
            return False
        self._now = due
        return True


class ManualClock:
    """Story time that stands still until it is told to go on, and then jumps as far as told.

    It stops on its way at everything that is due, so nothing is played late. Any thread may
    ask it and tell it; whoever tells it lets the dispatcher look again.
    """

    def __init__(self, begin: datetime) -> None:
        self._now = begin
        self._end = begin
        self._lock = threading.Lock()
        self._told = 0
        self._obeyed = 0

    def now(self) -> datetime:
        return self._now

    @property
    def end(self) -> datetime:
        """How far it was told to go."""
        return self._end

    @property
    def has_arrived(self) -> bool:
        """Tell whether it stands still there, and all that was due on its way has ended."""
        return self._obeyed == self._told

    def advance(self, seconds: float) -> datetime:
        """Let so much more time pass; return when it will stand still again."""
        with self._lock:
            self._end += timedelta(seconds=seconds)
            self._told += 1
            return self._end

    async def until(self, due: datetime | None, changed: asyncio.Event, busy: bool) -> bool:
        told = self._told
        if due is not None and due <= self._now:
            return True
        if not busy:
            self._now = self._end if due is None else min(due, self._end)
            if due is not None and due <= self._now:
                return True
            self._obeyed = told
        await changed.wait()
        return False


class RunningClock:
    """Story time that passes as real time does, ``speed`` times as fast."""

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

    async def until(self, due: datetime | None, changed: asyncio.Event, busy: bool) -> bool:  # noqa: ARG002
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


def make(name: str, begin: datetime) -> Clock:
    """Return the clock called ``fast``, ``real``, or a speed such as ``60x``.

    Raises ``ValueError`` for any other name.
    """
    speed = speed_of(name)
    return FastClock(begin) if speed is None else RunningClock(begin, speed)


def speed_of(name: str) -> float | None:
    """Return how fast a clock runs, from a thousandth to a million times; none if it jumps.

    Raises ``ValueError`` for a name that is no clock's.
    """
    if name in _SPEEDS:
        return _SPEEDS[name]
    if not re.fullmatch(r"\d+(\.\d+)?x", name) or not 0.001 <= float(name[:-1]) <= 1e6:
        raise ValueError(name)
    return float(name[:-1])


async def pause(seconds: float) -> None:
    """Wait in real time, whatever the story's clock does."""
    await asyncio.sleep(seconds)


def sleep(seconds: float) -> None:
    """Wait in real time, in a thread."""
    if seconds:
        time.sleep(seconds)
