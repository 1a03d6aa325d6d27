"""What ``flowsim up`` prints while it runs: attempts, and what happens to registrations."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..core.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..core.instant import Days
    from ..core.trace import Trace
    from ..events_service.registrations.notes import RegistrationNote
    from ._serving import Keeper, Log

Noted = TypeVar("Noted")


class ServiceLog:
    """Keeps each attempt and prints its lines.

    All that it needs is loaded when it is made: later there may be no file more to open.
    """

    def __init__(self, log: Log, keeper: Keeper, as_json: bool, verbose: bool) -> None:
        from ..captures import sent_request
        from ..core import json_writing
        from ..core.instant import Days
        from ..reports.attempt_lines import AttemptLines, delivery_line
        from ..reports.replay_report import attempt_object

        self._log = log
        self._keeper = keeper
        self._sent = sent_request.of_attempt
        days = Days()
        self._lines = AttemptLines(
            shows_all=verbose, line=lambda trace, _: delivery_line(trace), days=days
        )
        self.noted = _note_printer(log, days, as_json=as_json)
        self._as_json = (
            (lambda each: json_writing.one_line(attempt_object(each))) if as_json else None
        )

    def attempted(self, trace: Trace) -> None:
        """Take in one attempt that has ended."""
        if self._keeper.is_used:
            event_id = trace.attempt.delivery.signed.payload.events[0].id
            self._keeper.keep(self._sent(trace.attempt), trace.sent_at, event_id)
        self._write([self._as_json(trace)] if self._as_json else self._lines.of(trace))

    def end(self) -> None:
        """Print what was counted only, and how many requests could not be kept."""
        self._write(self._lines.rest())
        self._keeper.tell_lost()

    def _write(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._log.write(line)


class EarlyCalls:
    """Passes on what happens in its order; what happens before ``begin`` is kept until then.

    What was left over by an earlier run is under way before this one is ready.
    """

    def __init__(self) -> None:
        self._early: list[Callable[[], None]] | None = []
        self._lock = threading.Lock()

    def of(self, call: Callable[[Noted], None]) -> Callable[[Noted], None]:
        """Return what passes on one kind of thing; any thread may call it."""
        return lambda each: self._take(partial(call, each))

    def _take(self, call: Callable[[], None]) -> None:
        with self._lock:
            if self._early is None:
                call()
            else:
                self._early.append(call)

    def begin(self) -> None:
        with self._lock:
            early, self._early = self._early or [], None
            for call in early:
                call()


def _note_printer(log: Log, days: Days, *, as_json: bool) -> Callable[[RegistrationNote], None]:
    """Return what prints a line for each note; ``days`` know which moments need their date.

    All that it needs is loaded here: later there may be no file more that can be opened.
    """
    if not as_json:
        return lambda note: log.write(note_line(note, days.before(note.at)))
    from ..core import json_writing
    from ..core.instant import spell

    return lambda note: log.write(json_writing.one_line(_object(note, spell(note.at))))


def note_line(note: RegistrationNote, day: str = "") -> str:
    """Return a note: day and time, which registration, what happened."""
    at = click.style(f"{day}{note.at:%H:%M:%S}.{note.at.microsecond // 1000:03}", dim=True)
    if not note.registration_id:
        return f"{at} registrations: {printable(note.text)}"
    id_, name = note.registration_id[:8], printable(note.name)
    return f"{at} registration {id_} {name}: {printable(note.text)}"


def _object(note: RegistrationNote, at: str) -> dict[str, Any]:
    return {
        "type": "registration",
        "what": note.kind,
        "at": at,
        "registration_id": note.registration_id or None,
        "name": note.name or None,
        "text": note.text,
    }
