"""The attempts of a registration in its last day or hour, and their drawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ...core.instant import from_ms, to_ms
from ...events_service.registrations.notes import RegistrationNote
from ...events_service.registrations.outlook import Tally
from ...events_service.registrations.status import FEWEST, ONE_IN, WINDOW

_MINUTE = timedelta(minutes=1)

SPANS = {"day": timedelta(hours=1), "hour": _MINUTE}
"""What is shown at once → the time of one bar."""

_LEFT, _WIDTH = 1, 86
"""Where the bars are from left to right, in percent of the drawing: their texts keep their size."""

_TOP, _HEIGHT = 32, 100
"""Where they are from top to bottom, in CSS pixels."""

_GAP = 0.25
"""The space between two bars, in percent of the drawing."""

_LABELS = 6
"""How many times stand below the bars."""


@dataclass(frozen=True, slots=True)
class AttemptBucket:
    """Attempts that began from ``begin`` until before ``end``."""

    begin: datetime
    end: datetime
    succeeded: int
    failed: int

    @property
    def attempts(self) -> int:
        return self.succeeded + self.failed

    @property
    def share(self) -> float:
        """The share that succeeded, from 0 to 1; there is at least one attempt."""
        return self.succeeded / self.attempts


@dataclass(frozen=True, slots=True)
class AttemptHistory:
    """The success rate over time.

    ``span`` is ``day``, with a bucket for each hour, or ``hour``, with one for each minute.
    ``fewest`` and ``needed`` are the rule: with so many attempts in ``window_hours``, of which
    less than this share succeeded, an ACTIVE registration becomes UNSTABLE.
    """

    span: str
    buckets: Sequence[AttemptBucket]
    fewest: int = FEWEST
    needed: float = 1 / ONE_IN
    window_hours: int = WINDOW // timedelta(hours=1)

    @property
    def attempts(self) -> int:
        """All attempts of the span."""
        return sum(each.attempts for each in self.buckets)


def history_of(tallies: Sequence[Tally], now: datetime, span: str) -> AttemptHistory:
    """Return the buckets of a span up to ``now``; ``tallies`` are the counts of each minute."""
    length = SPANS[span]
    count = (WINDOW if span == "day" else timedelta(hours=1)) // length
    end = from_ms((to_ms(now) // 60_000 + 1) * 60_000)
    begin = end - count * length
    sums = [[0, 0] for _ in range(count)]
    for minute, succeeded, failed in tallies:
        place = (from_ms(minute * 60_000) - begin) // length
        if 0 <= place < count:
            sums[place][0] += succeeded
            sums[place][1] += failed
    starts = (begin + place * length for place in range(count))
    return AttemptHistory(
        span,
        [
            AttemptBucket(start, start + length, *each)
            for start, each in zip(starts, sums, strict=True)
        ],
    )


@dataclass(frozen=True, slots=True)
class HistoryBar:
    """One bar: failures hang from its top, successes stand on its bottom."""

    bucket: AttemptBucket
    x: float
    width: float
    good_y: float
    good_height: float
    bad_height: float


@dataclass(frozen=True, slots=True)
class HistoryMark:
    """A text or a mark at a place from left to right."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class HistoryDrawing:
    """The drawing of a history: percent of its width, and CSS pixels from the top."""

    history: AttemptHistory
    bars: Sequence[HistoryBar]
    times: Sequence[HistoryMark]
    changes: Sequence[HistoryMark]
    left: int = _LEFT
    right: int = _LEFT + _WIDTH
    top: int = _TOP
    bottom: int = _TOP + _HEIGHT
    threshold: float = _TOP + _HEIGHT * (1 - 1 / ONE_IN)


def draw(history: AttemptHistory, changes: Sequence[RegistrationNote]) -> HistoryDrawing:
    """Return where everything of a drawing is; ``changes`` of status become marks above it."""
    begin, end = history.buckets[0].begin, history.buckets[-1].end

    def place(moment: datetime) -> float:
        return round(_LEFT + _WIDTH * ((moment - begin) / (end - begin)), 2)

    marks = [
        HistoryMark(place(each.at), each.text)
        for each in changes
        if each.kind == "status" and begin <= each.at <= end
    ]
    step = len(history.buckets) // _LABELS
    times = [
        HistoryMark(place(each.begin), f"{each.begin:%H:%M}") for each in history.buckets[::step]
    ]
    return HistoryDrawing(
        history, [*_bars(history)], [*times, HistoryMark(place(end), "now")], marks
    )


def _bars(history: AttemptHistory) -> Iterator[HistoryBar]:
    pitch = _WIDTH / len(history.buckets)
    for number, each in enumerate(history.buckets):
        if each.attempts:
            good = round(_HEIGHT * each.share, 1)
            left, width = round(_LEFT + number * pitch, 2), round(pitch - _GAP, 2)
            bottom = _TOP + _HEIGHT
            yield HistoryBar(each, left, width, bottom - good, good, _HEIGHT - good)
