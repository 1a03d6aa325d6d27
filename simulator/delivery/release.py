"""Requests that are released at the same instant: each waits for the others at its last byte.

So a webhook with several workers has all of them in hand before any of them is complete, and
nothing on our side decides which one it works on first.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from ..core.delivery import Attempt

SETTLING = 0.01
"""Seconds that a webhook gets to accept all connections and to read what has arrived."""

LONGEST = 0.3
"""Seconds after which requests go on without those that could not connect."""


class Release:
    """The instant at which ``number`` requests are completed."""

    def __init__(self, number: int) -> None:
        self._missing = number
        self._waiting: list[Callable[[], object]] = []
        self._done = asyncio.Event()

    async def reached(self, complete: Callable[[], object]) -> None:
        """Wait for the other requests; then all are completed one directly after the other.

        A request that comes too late is completed at once.
        """
        if self._done.is_set():
            complete()
            return
        self._waiting.append(complete)
        self._missing -= 1
        loop = asyncio.get_running_loop()
        if not self._missing:
            loop.call_later(SETTLING, self._go)
        elif len(self._waiting) == 1:
            loop.call_later(LONGEST, self._go)
        await self._done.wait()

    def _go(self) -> None:
        waiting, self._waiting = self._waiting, []
        for complete in waiting:
            with contextlib.suppress(OSError, RuntimeError):  # this one is closed by now
                complete()
        self._done.set()


class Releases:
    """Finds the release of each attempt; at most ``at_once`` attempts are under way."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._open: dict[int, _Group] = {}

    def of(self, now: Attempt) -> Release | None:
        """Return the release of an attempt, for which this is called once.

        It is None if the attempt waits for no other: only first attempts do. If more copies of a
        delivery come together than can be under way at once, they are released in several groups.
        """
        number, copies = now.delivery.number, now.delivery.together
        if copies == 1 or now.number > 1:
            return None
        group = self._open.pop(number, None) or self._group(copies)
        if group.copies > 1:
            left = group.places - 1
            rest = replace(group, copies=group.copies - 1, places=left)
            self._open[number] = rest if left else self._group(rest.copies)
        return group.release

    def _group(self, copies: int) -> _Group:
        places = min(copies, self._at_once)
        return _Group(Release(places), copies, places)


@dataclass(frozen=True, slots=True)
class _Group:
    """A release, how many copies have not begun, and how many of them it still takes."""

    release: Release
    copies: int
    places: int
