"""Moments of story time: aware datetimes in UTC, written as ISO 8601."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

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
