"""What becomes of the status of a registration if attempts go on as in the last hour."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ...core.instant import to_ms
from .model import DISABLED, UNSTABLE, VERIFIED
from .status import FEWEST, ONE_IN, WINDOW, suffices

_MINUTES = WINDOW // timedelta(minutes=1)
_RECENT = 60
"""The rate is that of so many minutes."""

Tally = tuple[int, int, int]
"""A minute since 1970, and how many attempts of it succeeded and failed."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the rule will say of a registration.

    ``succeeded`` and ``failed`` count attempts of the last 24 hours, ``rate_succeeded`` and
    ``rate_failed`` those of the last hour. ``next`` is the API's word for the next status, at
    the moment ``at``, if attempts go on as in the last hour; both are None if the status stays.
    ``is_certain``: it is the moment at which the rule judges again, whatever happens until then.
    ``failures_left`` is how many failures in a row would make an ACTIVE registration UNSTABLE.
    """

    succeeded: int
    failed: int
    rate_succeeded: int
    rate_failed: int
    next: str | None = None
    at: datetime | None = None
    is_certain: bool = False
    failures_left: int | None = None


def outlook_of(
    status: str, unstable_since: datetime | None, tallies: Sequence[Tally], now: datetime
) -> Outlook:
    """Return the outlook at ``now``; ``tallies`` are in order of their minutes.

    ``status`` is the API's word. A DISABLED registration stays so until it is saved.
    """
    minute = to_ms(now) // 60_000
    rate = _sum(tallies, minute - _RECENT)
    counted = (*_sum(tallies, minute - _MINUTES), *rate)
    if status == UNSTABLE:
        judged = (unstable_since or now) + WINDOW
        passed = max(0, to_ms(judged) // 60_000 - minute)
        share = min(passed, _MINUTES) / _RECENT
        kept = _sum(tallies, minute + passed - _MINUTES)
        is_healthy = suffices(kept[0] + rate[0] * share, kept[1] + rate[1] * share)
        return Outlook(*counted, VERIFIED if is_healthy else DISABLED, judged, True)
    if status != VERIFIED:
        return Outlook(*counted)
    left = _failures_left(*counted[:2])
    ahead = _minutes_until_unstable(tallies, minute, rate) if any(rate) else None
    if ahead is None:
        return Outlook(*counted, failures_left=left)
    return Outlook(*counted, UNSTABLE, now + timedelta(minutes=ahead), failures_left=left)


def _failures_left(succeeded: int, failed: int) -> int:
    """Return the least number of failures that makes an ACTIVE registration UNSTABLE."""
    attempts = succeeded + failed
    return max(1, FEWEST - attempts, succeeded * ONE_IN - attempts + 1)


def _minutes_until_unstable(
    tallies: Sequence[Tally], minute: int, rate: tuple[int, int]
) -> int | None:
    """Return after how many minutes of this rate an hour the attempts no longer suffice."""
    kept = deque(each for each in tallies if each[0] > minute - _MINUTES)
    succeeded, failed = (sum(each[place] for each in kept) for place in (1, 2))
    for passed in range(1, _MINUTES + 1):
        while kept and kept[0][0] <= minute + passed - _MINUTES:
            _, old_succeeded, old_failed = kept.popleft()
            succeeded, failed = succeeded - old_succeeded, failed - old_failed
        share = passed / _RECENT
        if not suffices(succeeded + rate[0] * share, failed + rate[1] * share):
            return passed
    return None


def _sum(tallies: Sequence[Tally], after: int) -> tuple[int, int]:
    """Return the successes and the failures of the minutes after one."""
    found = [each for each in tallies if each[0] > after]
    return sum(each[1] for each in found), sum(each[2] for each in found)
