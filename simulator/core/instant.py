"""Moments of story time: aware datetimes in UTC, written as ISO 8601, and what is due at them."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

FIRST_MS = 10**11
"""The least time in milliseconds, of March 1973; smaller numbers are times in seconds."""

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
EXPECTED = "a moment such as 2026-01-15T09:30:00Z, with its time zone, from 2000 to 2099"


def parse(text: str) -> datetime:
    """Return the moment in UTC, in whole milliseconds.

    Raises ``ValueError`` for text without date, time and zone.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(EXPECTED) from None
    if moment.tzinfo is None or not EARLIEST <= moment < LATEST:
        raise ValueError(EXPECTED)
    return whole_ms(moment.astimezone(UTC))


def whole_ms(moment: datetime) -> datetime:
    """Return the moment without fractions of a millisecond."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def spell(moment: datetime) -> str:
    """Return the moment with milliseconds and ``Z``, as CloudEvents print ``time``."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_ms(moment: datetime) -> int:
    """Return epoch milliseconds."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """Return the moment of epoch milliseconds, in UTC."""
    return _EPOCH + milliseconds * _MILLISECOND


def epoch_of(time: str | datetime) -> float:
    """Return the epoch seconds of ISO 8601 text or of a moment, in UTC if it has no offset.

    Raises ``ValueError`` for other text.
    """
    moment = datetime.fromisoformat(time.strip()) if isinstance(time, str) else time
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except OverflowError as error:
        raise ValueError(str(error)) from None


def epoch_of_number(time: float) -> float:
    """Return the epoch seconds of a number whose unit is not known: seconds or milliseconds."""
    return time / 1000 if time >= FIRST_MS else float(time)


class Days:
    """Adds the date to times of another day than the first, in lines that have a time only."""

    def __init__(self) -> None:
        self._first: date | None = None

    def before(self, moment: datetime) -> str:
        """Return what stands before the time: nothing, or ``2026-01-16`` and a space."""
        self._first = self._first or moment.date()
        return "" if moment.date() == self._first else f"{moment:%Y-%m-%d} "


class DueQueue(Generic[ItemT]):
    """Holds items until they are due: the first due comes first, then the first that was added."""

    def __init__(self) -> None:
        self._entries: list[tuple[datetime, int, ItemT]] = []
        self._order = count()

    def add(self, due: datetime, item: ItemT) -> None:
        heapq.heappush(self._entries, (due, next(self._order), item))

    def until(self, moment: datetime) -> Iterator[ItemT]:
        """Remove and yield all that is due by then."""
        while self._entries and self._entries[0][0] <= moment:
            yield heapq.heappop(self._entries)[2]

    def rest(self) -> Iterator[ItemT]:
        """Remove and yield everything."""
        while self._entries:
            yield heapq.heappop(self._entries)[2]
