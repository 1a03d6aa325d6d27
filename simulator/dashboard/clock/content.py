"""What the page of the clock shows."""

from __future__ import annotations

from dataclasses import dataclass

from ...core import duration, instant
from ...core.printable import count
from ...errors import ApiError
from ...events_service.control import due_next, timekeeping
from ...events_service.control.due_next import DueNext
from ...events_service.control.timekeeping import ClockReading
from ...events_service.deliveries.table import Attempts
from ...events_service.registrations.kept_notes import KeptNotes
from ...events_service.service import Service
from ...runtime.clock import present
from . import ladder
from .ladder import RetryLadder

_FRESH = 10
"""Seconds of real time after which what is due is shown again, since a clock that runs goes on."""

_ATTEND = 0.01
"""Seconds that a request waits for a clock on its way: a page that is open lets it go on."""


_CHANGES = 5
"""How many changes of a status are named that happened since the clock was moved."""


@dataclass(frozen=True, slots=True)
class ClockContent:
    """The clock, what is due next, and a day of retries.

    ``passed`` of ``whole`` seconds have passed since a manual clock was last moved; ``happened``
    says what was done since then. ``version`` changes when the page does.
    """

    reading: ClockReading
    passed: float
    whole: float
    due: DueNext
    ladder: RetryLadder
    version: str
    happened: str = ""
    problem: str = ""

    @property
    def is_manual(self) -> bool:
        """Whether the clock stands still until it is moved."""
        return self.reading.kind == "manual"


def read(service: Service, number: int | None, problem: str = "") -> ClockContent:
    """Return the content; the ladder is that of delivery ``number``, if one is named.

    Raises ``ApiError`` 404 if there is no such delivery.
    """
    reading = timekeeping.read(service)
    if not reading.arrived:
        reading = timekeeping.read(service, _ATTEND)
    now = instant.parse(reading.now)
    shown = ladder.general() if number is None else ladder.of_delivery(service, number, now)
    if shown is None:
        raise ApiError(404, "Not Found", f"no delivery {number}")
    return ClockContent(
        reading,
        _seconds(reading.begin, reading.now),
        _seconds(reading.begin, reading.end),
        due_next.read(service),
        shown,
        version(service, reading),
        _happened(service, reading),
        problem,
    )


def version(service: Service, reading: ClockReading) -> str:
    """Return a text that changes when the page does; it is cheap."""
    is_manual = reading.kind == "manual"
    time = reading.now if is_manual else str(int(present().timestamp()) // _FRESH)
    moment = f"{time}.{reading.end}.{reading.arrived:d}" if is_manual else time
    return f"{moment}.{due_next.version(service)}"


def _happened(service: Service, reading: ClockReading) -> str:
    """Return what was done since a manual clock was last moved, in a few words."""
    if reading.begin is None:
        return ""
    begin = instant.parse(reading.begin)
    made = Attempts(service.database).count_since(begin)
    found = KeptNotes(service.database).changes_since(begin, _CHANGES + 1)
    changes = [
        f"{each.name} became {each.text.partition(' → ')[2].partition(':')[0]}" for each in found
    ]
    more = ["the status of others changed too"] if len(changes) > _CHANGES else []
    return ", ".join([count(made, "attempt"), *changes[:_CHANGES], *more])


def _seconds(begin: str | None, end: str | None) -> float:
    if begin is None or end is None:
        return 0.0
    return (instant.parse(end) - instant.parse(begin)).total_seconds()


def seconds_of(text: str, due: DueNext) -> float:
    """Return how far a clock is to go: by a duration, or with ``next`` to what is due next.

    Raises ``ApiError`` 422 for anything else, and if nothing is due.
    """
    if text == "next":
        if due.later is None:
            raise ApiError(422, "Unprocessable Content", "nothing is due later")
        return due.later.seconds
    try:
        return duration.parse(text)
    except ValueError as error:
        reason = f"{text[:40]!r} is no duration; expected {error}"
        raise ApiError(422, "Unprocessable Content", reason) from None
