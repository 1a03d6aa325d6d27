"""What ``flowsim receive`` prints: a line for each request that it answers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from ..printable import printable

if TYPE_CHECKING:
    from ..web.receiver import Answered, Received

_LONGEST = 80
"""So much of the first line of a request is shown that is no delivery."""


class TextLines:
    """Lines to read; those of another day than the first have its date."""

    def __init__(self) -> None:
        from ..core.days import Days

        self._days = Days()

    def received(self, received: Received, now: datetime) -> str:
        """Return the line of a delivery: what it was, what it was answered, and why."""
        headers, reason = received.headers, printable(received.reception.reason)
        code = printable(headers.get("x-adobe-event-code", "no event code"))
        id_ = printable(headers.get("x-adobe-event-id", "no event id")[:8])
        retries = printable(headers.get("x-adobe-retry-count", ""))
        what = f"{code} {id_}{f' retry {retries}' if retries else ''}"
        verdict = click.style(reason or "verified", fg="red" if reason else "green")
        return f"{self._time(now)} ← {what} [{received.answered}] {verdict}"

    def answered(self, answered: Answered, now: datetime) -> str:
        """Return the line of any other request."""
        what = printable(answered.line) or "no request line"
        what = what if len(what) <= _LONGEST else f"{what[: _LONGEST - 1]}…"
        is_good = answered.status_code < 400
        said = click.style(printable(answered.said), fg="green" if is_good else "red")
        return f"{self._time(now)} ← {what} [{answered.status_code}] {said}"

    def _time(self, now: datetime) -> str:
        return f"{self._days.before(now)}{now:%H:%M:%S}"


class JsonLines:
    """Lines for programs: ``received`` for deliveries, ``answered`` for other requests."""

    def __init__(self) -> None:
        from ..core.json_texts import printed_json

        self._line = printed_json.line

    def received(self, received: Received, _: datetime) -> str:
        """Return the object of a delivery."""
        return self._line({"type": "received", **received.as_json()})

    def answered(self, answered: Answered, _: datetime) -> str:
        """Return the object of any other request."""
        return self._line({"type": "answered", **answered.as_json()})
