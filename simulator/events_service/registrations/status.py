"""ACTIVE, UNSTABLE or DISABLED, read off the attempts of a day (io-events-protocol.md 4.5).

The newest rule, of 2026-06-12: fewer than 10 attempts in 24 hours, or at least a fifth of
them successful, is ACTIVE; otherwise an ACTIVE registration becomes UNSTABLE, stays so for at
least 24 hours, and is then judged again: ACTIVE or DISABLED. At exactly a fifth both
sentences of the rule hold; ACTIVE wins.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

VERIFIED, UNSTABLE, DISABLED = "verified", "unstable", "hook_unreachable"
PENDING = "pending"
"""Waits for Amazon EventBridge, which nobody associates here: it stays so (1.10)."""

SPELLINGS = {
    VERIFIED: ("ACTIVE", "Active"),
    UNSTABLE: ("UNSTABLE", "Unstable"),
    DISABLED: ("DISABLED", "Disabled"),
    PENDING: ("PENDING", "Pending"),
}
"""``webhook_status`` of the API → the word of the rule, and the word of the Console (3.5)."""

WINDOW = timedelta(hours=24)
FEWEST = 10
"""Attempts below which nothing is judged."""


class Window:
    """How the attempts of the last 24 hours went, in whole minutes, with running sums."""

    def __init__(self) -> None:
        self._minutes: deque[list[int]] = deque()
        self._succeeded = 0
        self._failed = 0

    def add(self, minute: int, succeeded: int, failed: int) -> None:
        """Count attempts of a minute (since 1970), which is not before the latest one."""
        if self._minutes and self._minutes[-1][0] >= minute:
            self._minutes[-1][1] += succeeded
            self._minutes[-1][2] += failed
        else:
            self._minutes.append([minute, succeeded, failed])
        self._succeeded += succeeded
        self._failed += failed

    def count(self, minute: int) -> tuple[int, int]:
        """Return how many attempts of the day up to this minute succeeded, and how many failed."""
        self._forget_before(minute - WINDOW // timedelta(minutes=1))
        return self._succeeded, self._failed

    def is_healthy(self, minute: int) -> bool:
        """Tell whether the day up to this minute makes a registration ACTIVE."""
        succeeded, failed = self.count(minute)
        attempts = succeeded + failed
        return attempts < FEWEST or succeeded * 5 >= attempts

    def _forget_before(self, minute: int) -> None:
        while self._minutes and self._minutes[0][0] <= minute:
            _, succeeded, failed = self._minutes.popleft()
            self._succeeded -= succeeded
            self._failed -= failed


def judge(
    status: str, unstable_since: datetime | None, now: datetime, healthy: bool
) -> tuple[str, datetime | None]:
    """Return the status that follows, and since when it is UNSTABLE.

    DISABLED is left by hand only (4.7).
    """
    if status == DISABLED:
        return DISABLED, None
    if status == UNSTABLE:
        since = unstable_since or now
        if now - since < WINDOW:
            return UNSTABLE, since
        return (VERIFIED, None) if healthy else (DISABLED, None)
    return (VERIFIED, None) if healthy else (UNSTABLE, now)
