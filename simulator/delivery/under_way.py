"""Attempts under way: how far story time may go beside them, and in which order they count.

On a clock that jumps an attempt takes no story time, however long its answer takes. The first
thing that can follow from it is its next attempt. What is due before that may begin beside an
attempt that hangs, and the outcome is the same: outcomes count in order of story time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from ..core.delivery import backoff
from ..core.outcome import TIMEOUT, Outcome

GRACE = 0.05
"""Seconds of real time after which an attempt hangs, if the one before it did."""

_MOST_REMEMBERED = 10_000
_FUTURE = datetime.max.replace(tzinfo=UTC)

AT_ANY_TIME = datetime.min.replace(tzinfo=UTC)
"""The earliest moment, where nothing is known of when something may follow."""


class _Moment:
    """Attempts that began at one moment: how many are left, and what the others came to."""

    __slots__ = ("at", "earliest", "ended", "left")

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.earliest = _FUTURE
        self.ended: list[Begun] = []
        self.left = 0


class Begun:
    """An attempt that has begun; ``count`` is called once it counts, if it came to something."""

    __slots__ = ("count", "is_awaited", "moment", "url")

    def __init__(self, moment: _Moment) -> None:
        self.moment = moment
        self.url = ""
        self.is_awaited = True
        self.count: Callable[[], None] | None = None


class UnderWay:
    """Attempts under way; without ``in_order`` each counts when it ends.

    A webhook hangs from an attempt that was not answered in time to one that was.
    """

    def __init__(self, *, in_order: bool) -> None:
        self._in_order = in_order
        self._moments: deque[_Moment] = deque()
        self._awaited = 0
        self._hung: set[str] = set()

    def begin(self, at: datetime, number: int) -> Begun:
        """Take in the ``number``-th attempt of a delivery; none began later than ``at``."""
        if not self._in_order:
            return Begun(_Moment(at))
        if not self._moments or self._moments[-1].at != at:
            self._moments.append(_Moment(at))
        moment = self._moments[-1]
        moment.left += 1
        moment.earliest = min(moment.earliest, at + timedelta(seconds=backoff(number)))
        self._awaited += 1
        return Begun(moment)

    def sent(self, begun: Begun, url: str) -> bool:
        """Note where an attempt goes; return whether it hangs after ``GRACE`` seconds."""
        begun.url = url
        return self._in_order and url in self._hung

    def hangs(self, begun: Begun) -> None:
        """Wait for an attempt no longer, but for its turn to count."""
        if begun.is_awaited:
            begun.is_awaited = False
            self._awaited -= 1

    def came(self, begun: Begun, outcome: Outcome) -> None:
        """Note whether the webhook of an attempt hangs."""
        if outcome.status_code != TIMEOUT:
            self._hung.discard(begun.url)
        elif len(self._hung) < _MOST_REMEMBERED:
            self._hung.add(begun.url)

    def end(self, begun: Begun) -> None:
        """Let an attempt count, once all that began earlier have ended."""
        if not self._in_order:
            self._count([begun])
            return
        self.hangs(begun)
        begun.moment.left -= 1
        begun.moment.ended.append(begun)
        self._count_in_order()

    def earliest(self) -> datetime:
        """Return when something may follow from what is under way.

        That is ``AT_ANY_TIME``, unless all of it hangs.
        """
        if self._awaited:
            return AT_ANY_TIME
        return min((each.earliest for each in self._moments), default=_FUTURE)

    def _count_in_order(self) -> None:
        while self._moments:
            first = self._moments[0]
            ended, first.ended = first.ended, []
            self._count(ended)
            if first.left:
                return
            self._moments.popleft()

    def _count(self, ended: list[Begun]) -> None:
        for each in ended:
            if each.count is not None:
                each.count()
