"""How long the webhook takes from its answer until an event is processed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Self

from ..core.event import Event
from ..runtime.clock import pause, stopwatch
from .inquiry import Inquiry

_POLL = 0.1
_SAFETY, _COPIES, _LONGEST = 3.0, 12, 60.0
"""Under load a queue may be this many times as slow, and it may work on so many copies in a row
of one event, which change nothing. The seconds for these copies are at most ``_LONGEST``."""


_WATCHED, _AT_LEAST = 2.0, 1.5
"""Seconds for which a queue is watched, to see how quickly events leave it; or so many times as
long as the first event took."""

FIRST_WITHIN = 10.0
"""Seconds that the first event may take; a queue may be longer than the sending of all others."""


class Lag:
    """Watches one event until it is processed; then the webhook gets time accordingly.

    It is watched while others are sent; if that is over sooner, ``FIRST_WITHIN`` seconds at most.
    Use it with ``async with``. Without ``asking`` nothing is known, and nothing happens. Once it is
    known, ``seconds`` is how long the event took.
    """

    def __init__(self, asking: Inquiry | None) -> None:
        self._asking = asking
        self._watching: asyncio.Task[None] | None = None
        self._started = 0.0
        self.seconds = 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    def watch(self, event: Event) -> None:
        """Ask again and again whether an event is processed that was acknowledged just now."""
        if self._asking is not None:
            self._started = stopwatch()
            self._watching = asyncio.create_task(self._watch(self._asking, event))

    async def known(self, within: float = FIRST_WITHIN) -> None:
        """Wait until it is known, at most until ``within`` seconds after the event."""
        if self._watching is not None:
            left = within - (stopwatch() - self._started)
            await asyncio.wait([self._watching], timeout=max(0.0, left))

    async def of_each(self, events: Sequence[Event]) -> float:
        """Return the seconds after which one more of ``events`` leaves the queue.

        It is 0 if all of them have left it soon, or none leaves it meanwhile.
        """
        if self._asking is None or not self.seconds:
            return 0.0
        started, within = stopwatch(), max(_WATCHED, _AT_LEAST * self.seconds)
        before = done = await self._asking.number_done(events)
        while done < len(events) and stopwatch() - started < within:
            await pause(_POLL)
            done = await self._asking.number_done(events)
        is_over = done in (before, len(events))
        return 0.0 if is_over else (stopwatch() - started) / (done - before)

    async def _watch(self, asking: Inquiry, event: Event) -> None:
        """Give each event more time, by what the first one took.

        What goes wrong here goes wrong again when all events are asked for, and is said then.
        """
        while not await asking.number_done([event]):
            await pause(_POLL)
        self.seconds = stopwatch() - self._started
        asking.allow(max(_SAFETY * self.seconds, min(_COPIES * self.seconds, _LONGEST)))
