"""Moments in captured content, in the forms that expressions of a family can write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ..core import instant

FIRST, LAST = datetime(2001, 9, 9, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Numbers outside of these years are no times in milliseconds."""

_DATE, _TIME = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d:\d\d"
_FORMS = {
    "iso": re.compile(rf"{_DATE}T{_TIME}\.\d{{3}}Z"),
    "iso_s": re.compile(rf"{_DATE}T{_TIME}Z"),
    "iso_offset": re.compile(rf"{_DATE}T{_TIME}\+00:00"),
    "sql": re.compile(rf"{_DATE} {_TIME}\.\d{{3}}"),
    "sql_s": re.compile(rf"{_DATE} {_TIME}"),
}
"""Filters of expressions, each with the form that it writes."""

_DIGITS = re.compile(r"[12]\d{12}")

_FAR = timedelta(days=3_660)
_FAR_TEXT = timedelta(days=36_600)
_FAR_SECONDS = timedelta(days=366)
"""How far a value may be from the event to count as a moment: numbers may count something else."""


@dataclass(frozen=True, slots=True)
class FoundTime:
    """A moment, the filters that write it as it was found, and how far it may be from the event."""

    moment: datetime
    filters: str
    far: timedelta

    def expression(self, begin: datetime) -> str:
        """Return what yields it in an event at ``begin``, or nothing if it is too far away."""
        offset = self.moment - begin
        if abs(offset) > self.far:
            return ""
        seconds = offset / timedelta(seconds=1)
        if not seconds:
            return f"begin | {self.filters}"
        size = f"{abs(seconds):.3f}".rstrip("0").rstrip(".")
        return f"(begin {'-' if seconds < 0 else '+'} {size}) | {self.filters}"


def time_in(value: Any) -> FoundTime | None:
    """Return the moment that a JSON value probably is: epoch seconds or milliseconds, or a text.

    None if it has no such form. A number that could be seconds counts as a moment; its distance
    from the event decides later whether it is one (``FoundTime.expression``).
    """
    if type(value) is int:
        return _in_number(value)
    if not isinstance(value, str) or len(value) > 40:
        return None
    if _DIGITS.fullmatch(value):
        found = _in_number(int(value))
        return None if found is None else FoundTime(found.moment, "ms | text", found.far)
    filters = next((name for name, form in _FORMS.items() if form.fullmatch(value)), None)
    return None if filters is None else _in_text(value, filters)


def _in_number(value: int) -> FoundTime | None:
    if instant.to_ms(FIRST) <= value < instant.to_ms(LAST):
        return FoundTime(instant.from_ms(value), "ms", _FAR)
    if instant.to_ms(FIRST) <= value * 1000 < instant.to_ms(LAST):
        return FoundTime(instant.from_ms(value * 1000), "s", _FAR_SECONDS)
    return None


def _in_text(text: str, filters: str) -> FoundTime | None:
    try:
        moment = datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        return None
    return FoundTime(moment.replace(tzinfo=UTC), filters, _FAR_TEXT)


def latest(content: Any, before: datetime | None) -> datetime | None:
    """Return the latest moment in content that is no number of seconds: when the event was made.

    Moments more than a day after ``before``, if that is known, are of other things.
    """
    most = LAST if before is None else before + timedelta(days=1)
    found = (time_in(each) for each in _single_values(content))
    moments = [each.moment for each in found if each is not None and each.filters != "s"]
    return max((each for each in moments if FIRST <= each <= most), default=None)


def _single_values(content: Any) -> Iterator[Any]:
    waiting = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value
        else:
            yield value
