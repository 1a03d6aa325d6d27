"""From where on a journal is read, and how much of it (io-events-protocol.md 5.3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...errors import ApiError
from . import iso_duration

MOST = 1_000_000_000
"""The largest limit that makes a difference."""

Argument = Callable[[str], str | None]
"""Return an argument of the query, the first of several, or nothing."""


@dataclass(frozen=True, slots=True)
class JournalQuery:
    """What to read: from behind ``since`` on, from the end, or from some seconds ago.

    Nothing of these reads from the oldest event on. ``limit`` is the number of events, the
    service's own if none.
    """

    since: str | None = None
    latest: bool = False
    seek_s: float | None = None
    limit: int | None = None


def read(argument: Argument, since_required: bool = False) -> JournalQuery:
    """Return the query of a request; raises ``ApiError`` 400 that names every mistake.

    Next to ``since``, ``latest`` has no meaning: Adobe's own tests add it to next links.
    ``latest=false`` is as good as none (5.3).
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
        None if seek is None else -iso_duration.parse(seek),
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
        seconds = iso_duration.parse(seek)
    except ValueError as error:
        yield f"seek is {_show(seek)}, expected {error}"
        return
    if seconds > 0 or not seek.startswith("-"):
        yield f"seek is {_show(seek)}, expected a duration below zero, such as -{seek[:20]}"


def _show(text: str) -> str:
    return ascii(text[:60])
