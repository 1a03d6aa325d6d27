"""How long an attempt may take: as long as Adobe lets it, or less while time is let pass."""

from __future__ import annotations

from ...runtime.clock import ManualClock, Present

USUAL = 10.0
"""Seconds for a whole attempt (4.1)."""


class AttemptLimit:
    """What a webhook that does not answer is waited for; any thread may ask."""

    def __init__(self, clock: Present) -> None:
        self._clock = clock
        self._shorter = USUAL

    @property
    def seconds(self) -> float:
        """Seconds for a whole attempt that begins now."""
        is_on_its_way = isinstance(self._clock, ManualClock) and not self._clock.has_arrived
        return self._shorter if is_on_its_way else USUAL

    def shorten(self, seconds: float | None) -> None:
        """Wait for so long only, or as usual, until a manual clock has arrived."""
        self._shorter = USUAL if seconds is None else min(USUAL, seconds)
