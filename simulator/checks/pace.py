"""What a webhook needs for an event: measured at the start of a check run.

Every later wait and limit follows from it. A webhook that is slow is not wrong, but what does not
fit into the 10 seconds of an attempt cannot be judged (docs/adobe/io-events-protocol.md §4.1).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import inf
from statistics import median

AT_ONCE = 20
"""Attempts under way at once, at most."""

COMFORT = 9.0
"""Seconds in which an answer is expected, so that it comes within the 10 seconds of an attempt."""

PATIENCE = 30.0
"""Seconds that an answer may take while the webhook is measured."""

LONG = 0.3
"""From how many seconds an event on, its batches are measured too."""

_QUICK = 1.0
"""Below these seconds an event is sent three times, and the median counts."""

_READY, _WARM = 0.1, 3.0
"""Events at the same moment that take between these seconds come again; the quicker time counts."""

SLOW = 2.0
"""From these seconds on, a missing answer says nothing about the event that was sent."""

Send = Callable[[int], Awaitable[float]]
"""Send so many events, and return the seconds until the last answer; ``inf`` if one is missing."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of real time that a webhook needs.

    ``first`` is for the first event, for which it fetches the keys; ``alone`` for one event by
    itself after that. ``at_once`` events that come at the same moment are all answered in time; the
    last of them after ``together``. Each further event of a batch takes ``more``.
    """

    first: float
    alone: float
    together: float
    at_once: int
    more: float = 0.0

    @property
    def each(self) -> float:
        """By how much one more event at the same moment delays the last answer."""
        if self.at_once == 1:
            return self.alone
        return max(0.0, self.together - self.alone) / (self.at_once - 1)

    def round(self, number: int) -> float:
        """Return the seconds until the last of ``number`` events at the same moment is answered."""
        return self.alone + self.each * (number - 1)

    def payload(self, events: int) -> float:
        """Return the seconds for a body with so many events; ``more`` may be ``inf``."""
        return self.alone + (self.more * (events - 1) if events > 1 else 0.0)

    def is_slow(self, number: int) -> bool:
        """Return whether an answer may be missing only because ``number`` come at once."""
        return self.round(number) >= SLOW


async def measure(first: float, send: Send, send_batch: Send) -> Pace:
    """Measure a webhook that took ``first`` seconds for its first event.

    ``send`` sends events at the same moment, ``send_batch`` one body with them. If not even an
    event by itself is answered, ``alone`` is ``inf``.
    """
    alone = await send(1)
    if alone == inf:
        return Pace(first, inf, inf, 1)
    if alone < _QUICK:
        alone = median([alone, await send(1), await send(1)])
    at_once, together = await _at_once(alone, send)
    more = max(0.0, await send_batch(2) - alone) if alone >= LONG else alone
    return Pace(max(first, alone), alone, together, at_once, more)


async def _at_once(alone: float, send: Send) -> tuple[int, float]:
    """Return how many events at the same moment are answered in time, and how long they take."""
    most, together = 1, alone
    number = max(2, min(AT_ONCE, int(COMFORT / alone) if alone else AT_ONCE))
    while most < AT_ONCE:
        took = await send(number)
        if _READY < took < _WARM:  # the first time, threads start, and each fetches the keys
            took = min(took, await send(number))
        if took > COMFORT:
            return _between(alone, number, took) if most == 1 else (most, together)
        most, together = number, took
        number = min(AT_ONCE, max(2 * number, int(number * COMFORT / took) if took else AT_ONCE))
    return most, together


def _between(alone: float, number: int, took: float) -> tuple[int, float]:
    """Return how many are answered in time, of a webhook that takes one event after the other."""
    each = (took - alone) / (number - 1)
    more = max(0, min(number - 2, int((COMFORT - alone) / each)))
    return 1 + more, alone + more * each
