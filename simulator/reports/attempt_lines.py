"""Attempts at deliveries in lines to read; those that fail alike again and again are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import click

from ..core.delivery import Wait
from ..core.duration import spell
from ..core.instant import Days
from ..core.outcome import LABELS, Outcome, quoted_beginning
from ..core.printable import printable
from ..core.trace import Trace, is_accepted, meets
from .styles import dim, red

SHOWN = 3
"""So many attempts in a row are shown that fail the same way."""

MOST_WATCHED = 50_000
"""How many deliveries are watched at once; of more, the one watched longest is forgotten."""

_COLOURS = {2: "green", 3: "yellow", 4: "red"}


class AttemptLines:
    """The lines of attempts: repetitions counted, other days than the first with their date.

    ``line`` returns the line of one attempt; ``days`` may be shared with other lines.
    """

    def __init__(
        self,
        *,
        skips_waits: bool = False,
        shows_all: bool = False,
        line: Callable[[Trace, bool], str] | None = None,
        days: Days | None = None,
    ) -> None:
        self._line = line or attempt_line
        self._skips_waits = skips_waits
        self._repetition = Repetition(is_off=shows_all)
        self._days = days or Days()
        self._says_that_it_counts = not skips_waits

    def of(self, trace: Trace) -> list[str]:
        """Return the lines that an attempt brings: none if it is like those before it."""
        lines = [self._shown(each) for each in self._repetition.of(trace)]
        if not lines and self._says_that_it_counts:
            self._says_that_it_counts = False
            lines = [dim("further attempts like these are only counted (--verbose prints all)")]
        return lines

    def rest(self) -> list[str]:
        """Return the lines that are still to be shown at the end."""
        return [self._shown(each) for each in self._repetition.rest()]

    def _shown(self, each: Trace | Again) -> str:
        if isinstance(each, Again):
            return again_line(each)
        day = self._days.before(each.sent_at)
        return (dim(day) if day else "") + self._line(each, self._skips_waits)


def again_line(again: Again) -> str:
    """Return the line for attempts that are not shown: how many, and their common status."""
    events = again.trace.attempt.delivery.signed.payload.events
    code, id_ = printable(events[0].notification.event_code), printable(events[0].id[:8])
    one = again.first == again.last
    which = f"try {again.first}" if one else f"tries {again.first} to {again.last}"
    status = status_label(again.trace.outcome.status_code)
    each = "" if one else " each time"
    return f"{dim('…')} {code} {id_} {which} {status}{each} {dim('(--verbose prints all)')}"


def attempt_line(trace: Trace, skips_waits: bool = True) -> str:
    """Return one attempt of a replay, with the expectations that it does not meet."""
    ended = not isinstance(trace.decision, Wait)
    missed = [red(f"expected {expect}") for expect in unmet(trace)] if ended else []
    return " · ".join([delivery_line(trace, skips_waits), *missed])


def delivery_line(trace: Trace, skips_waits: bool = False) -> str:
    """Return one attempt: time → event code, event id, try, status, duration, what follows.

    What the user of a service had delivered again is marked as ``redelivered``.
    """
    events = trace.attempt.delivery.signed.payload.events
    code, id_ = printable(events[0].notification.event_code), printable(events[0].id[:8])
    status = status_label(trace.outcome.status_code)
    batch = f" (batch of {len(events)})" if len(events) > 1 else ""
    names = ", ".join(fault.name for fault in events[0].faults)
    faults = f" with {names}" if names else ""
    again = " redelivered" if trace.attempt.delivery.is_again else ""
    return (
        f"{dim(f'{trace.sent_at:%H:%M:%S}.{trace.sent_at.microsecond // 1000:03}')} → {code} "
        f"{id_}{batch}{faults}{again} try {trace.attempt.number} {status} "
        f"{trace.outcome.elapsed * 1000:.0f} ms{_what_follows(trace, skips_waits)}"
    )


def status_label(status: int) -> str:
    """Return a status code in brackets and colour; a 6xx code of debug tracing has its label."""
    label = f"{status} {LABELS[status]}" if status in LABELS else str(status)
    return click.style(f"[{label}]", fg=_COLOURS.get(status // 100, "magenta"))


def _what_follows(trace: Trace, skips_waits: bool) -> str:
    """Return why there was no answer, if there was none, and what happens next."""
    cause = f" · {printable(trace.outcome.problem)}" if trace.outcome.problem else ""
    return cause + _what_comes(trace, skips_waits)


def _what_comes(trace: Trace, skips_waits: bool) -> str:
    if isinstance(trace.decision, Wait):
        skipped = " (skipped)" if skips_waits else ""
        return f" · retry in {spell(trace.decision.seconds)}{skipped}"
    parts = [ending_of(trace)]
    if trace.ending == "dropped" and trace.outcome.body:
        parts.append(_said(trace.outcome))
    if trace.verified is not None:
        parts.append(_verification(trace))
    return " · " + " · ".join(parts)


def _said(outcome: Outcome) -> str:
    return printable(outcome.unread) or f"it said {quoted_beginning(outcome.body)}"


def _verification(trace: Trace) -> str:
    """Return whether the receiver verified an attempt, and whether that was expected."""
    if trace.verified:
        return "verified"
    events = trace.attempt.delivery.signed.payload.events
    is_wrong = any(is_accepted(event.expect) for event in events)
    return red("not verified") if is_wrong else "not verified, as expected"


def unmet(trace: Trace) -> list[str | int]:
    """Return the expectations of a finished delivery that it does not meet, each once."""
    events = trace.attempt.delivery.signed.payload.events
    missed = [event.expect for event in events if not meets(event.expect, trace)]
    return list(dict.fromkeys(missed))


def ending_of(trace: Trace) -> str:
    """Return how a delivery ended: delivered, or dropped and why."""
    return (
        "delivered" if trace.ending == "delivered" else f"dropped: {printable(trace.reason or '')}"
    )


class Again(NamedTuple):
    """Attempts ``first`` to ``last`` of a delivery that are not shown, and one of them."""

    first: int
    last: int
    trace: Trace


@dataclass(slots=True)
class _Row:
    """The attempts of one delivery that failed the same way, the last of them in ``latest``."""

    way: tuple[int, str]
    latest: Trace
    times: int = 0
    hidden: int = 0


class Repetition:
    """Decides which attempts are shown; ``is_off`` shows all of them."""

    def __init__(self, *, is_off: bool = False) -> None:
        self._is_off = is_off
        self._rows: dict[tuple[int, int, str], _Row] = {}

    def of(self, trace: Trace) -> Iterator[Trace | Again]:
        """Yield what to show after an attempt: nothing while it is counted."""
        if self._is_off:
            yield trace
            return
        key, way = _delivery(trace), (trace.outcome.status_code, trace.outcome.problem)
        row = self._rows.get(key)
        if row is not None and row.way != way:
            yield from _caught_up(self._rows.pop(key))
            row = None
        if trace.ending != "retry":
            if row is not None:
                yield from _hidden(self._rows.pop(key), row.hidden)
            yield trace
            return
        if row is None:
            row = self._rows[key] = _Row(way, trace)
            if len(self._rows) > MOST_WATCHED:
                yield from _caught_up(self._rows.pop(next(iter(self._rows))))
        row.times, row.latest = row.times + 1, trace
        if row.times > SHOWN:
            row.hidden += 1
        else:
            yield trace

    def rest(self) -> Iterator[Trace | Again]:
        """Yield the attempts not yet shown of deliveries that have not ended."""
        for row in self._rows.values():
            yield from _caught_up(row)
        self._rows.clear()


def _delivery(trace: Trace) -> tuple[int, int, str]:
    delivery = trace.attempt.delivery
    return delivery.number, delivery.copy, delivery.url


def _caught_up(row: _Row) -> Iterator[Trace | Again]:
    """Yield how many attempts were not shown, and the last of them."""
    if row.hidden:
        yield from _hidden(row, row.hidden - 1)
        yield row.latest


def _hidden(row: _Row, number: int) -> Iterator[Trace | Again]:
    """Yield a count of the first ``number`` hidden attempts, or a single attempt itself."""
    first = row.latest.attempt.number - row.hidden + 1
    if number == row.hidden == 1:
        yield row.latest
    elif number:
        yield Again(first, first + number - 1, row.latest)
