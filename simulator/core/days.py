"""Moments in lines that have a time only: those of another day than the first get its date."""

from __future__ import annotations

from datetime import date, datetime


class Days:
    """Remembers the day of the first moment that it is asked about."""

    def __init__(self) -> None:
        self._first: date | None = None

    def before(self, moment: datetime) -> str:
        """Return what stands before the time: nothing, or ``2026-01-16`` and a space."""
        self._first = self._first or moment.date()
        return "" if moment.date() == self._first else f"{moment:%Y-%m-%d} "
