"""The query of a journal: where to begin, and how many events (io-events-protocol.md 5.3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...errors import ApiError

_DURATION_EXPECTED = (
    "an ISO 8601 duration in weeks, days, hours, minutes and seconds such as -PT2H, -P1D or -P5DT2H"
)

_UNITS = {"W": 604_800, "D": 86_400, "H": 3_600, "M": 60, "S": 1}
_NUMBER = r"([0-9]{1,9})"
_DURATION = re.compile(
    rf"(-?)P(?=[0-9T])(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=[0-9])(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:([0-9]{{1,9}}(?:[.,][0-9]{{1,9}})?)S)?)?"
)

MOST = 1_000_000_000
"""The largest limit that makes a difference."""

Argument = Callable[[str], str | None]
"""Return the first value of a query argument, or None."""


@dataclass(frozen=True, slots=True)
class JournalQuery:
    """Where to begin: after the position ``since``, at the end (``latest``), or seconds ago.

    Without one of these it begins at the oldest event. ``limit`` is the number of events, None
    for the service's default.
    """

    since: str | None = None
    latest: bool = False
    seek_s: float | None = None
    limit: int | None = None


def read(argument: Argument, since_required: bool = False) -> JournalQuery:
    """Return the query of a request; raises ``ApiError`` 400 that names every mistake.

    Next to ``since``, ``latest`` has no meaning: Adobe's own tests add it to next links.
    ``latest=false`` is the same as no ``latest`` (5.3).
    """
    since, seek, limit = argument("since"), argument("seek"), argument("limit")
    latest = (argument("latest") or "false").lower()
    mistakes = [
        *_combination_mistakes(since, seek, latest, since_required),
        *_value_mistakes(since, seek, limit, latest),
    ]
    if mistakes:
        raise ApiError(400, "Bad Request", "; ".join(mistakes))
    return JournalQuery(
        since,
        latest == "true" and since is None,
        None if seek is None else -parse_duration(seek),
        None if limit is None else min(int(limit), MOST),
    )


def _combination_mistakes(
    since: str | None, seek: str | None, latest: str, since_required: bool
) -> Iterator[str]:
    if since_required and since is None:
        yield "since is missing: the position to validate"
    if seek is not None and since is not None:
        yield "seek and since exclude each other: seek at first, then follow the next links"
    if seek is not None and latest == "true":
        yield "seek and latest=true exclude each other"


def _value_mistakes(
    since: str | None, seek: str | None, limit: str | None, latest: str
) -> Iterator[str]:
    if since == "":
        yield "since is empty, expected a position"
    if latest not in ("true", "false"):
        yield f"latest is {_show(latest)}, expected true or false"
    if limit is not None and not re.fullmatch(r"0*[1-9][0-9]{0,99}", limit):
        yield f"limit is {_show(limit)}, expected a number from 1 on"
    if seek is not None:
        yield from _seek_mistakes(seek)


def _seek_mistakes(seek: str) -> Iterator[str]:
    try:
        seconds = parse_duration(seek)
    except ValueError as error:
        yield f"seek is {_show(seek)}, expected {error}"
        return
    if seconds > 0 or not seek.startswith("-"):
        yield f"seek is {_show(seek)}, expected a duration below zero, such as -{seek[:20]}"


def _show(text: str) -> str:
    return ascii(text[:60])


def parse_duration(text: str) -> float:
    """Return the seconds of an ISO 8601 duration such as ``-PT2H``; it may be negative.

    Raises ``ValueError`` for anything else, and for years and months, whose length depends on
    when they begin.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(_DURATION_EXPECTED)
    sign, *numbers = found.groups()
    parts = zip(numbers, _UNITS.values(), strict=True)
    seconds = sum(float(number.replace(",", ".")) * unit for number, unit in parts if number)
    return -seconds if sign else seconds
