"""Attempts under way: how far story time may go beside them, and in which order they are reported.

On a clock that jumps, an attempt takes no story time, even if its answer takes long. The first
thing that it can cause is its next attempt. What is due before that moment may begin while an
attempt hangs. The result stays the same, since outcomes are reported in order of story time.
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
    """Attempts that began at one moment: how many are under way, and those that ended."""

    __slots__ = ("at", "earliest", "ended", "left")

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.earliest = _FUTURE
        self.ended: list[Begun] = []
        self.left = 0


class Begun:
    """An attempt that has begun; ``count`` reports its outcome, if it is not None."""

    __slots__ = ("count", "is_awaited", "moment", "url")

    def __init__(self, moment: _Moment) -> None:
        self.moment = moment
        self.url = ""
        self.is_awaited = True
        self.count: Callable[[], None] | None = None


class AttemptsUnderWay:
    """Attempts under way; without ``in_order`` each counts when it ends.

    A webhook hangs from an attempt that was not answered in time to one that was.
    """

    def __init__(self, *, in_order: bool) -> None:
        self._in_order = in_order
        self._moments: deque[_Moment] = deque()
        self._awaited = 0
        self._hung: set[str] = set()

    def begin(self, at: datetime, number: int) -> Begun:
        """Begin attempt ``number`` of a delivery; calls come in order of ``at``."""
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
        """Note the URL of an attempt; return whether it counts as hanging after ``GRACE``."""
        begun.url = url
        return self._in_order and url in self._hung

    def hangs(self, begun: Begun) -> None:
        """Let story time go on beside an attempt that hangs."""
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
        """Report an attempt once all that began earlier have ended."""
        if not self._in_order:
            self._count([begun])
            return
        self.hangs(begun)
        begun.moment.left -= 1
        begun.moment.ended.append(begun)
        self._count_in_order()

    def earliest(self) -> datetime:
        """Return the earliest moment at which an attempt under way may cause another one.

        That is ``AT_ANY_TIME``, unless all attempts hang.
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
