"""Lines that ``flowsim up`` prints while it runs: attempts, and changes of registrations."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..core.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..core.trace import Trace
    from ..events_service.registrations.notes import RegistrationNote
    from ..families.registry import Families
    from ._serving import Log

Noted = TypeVar("Noted")


class ServiceLog:
    """Keeps each attempt, and prints lines of attempts and of notes about registrations.

    It loads its modules at once, since later the process may have no free file.
    """

    def __init__(self, log: Log, families: Families, *, as_json: bool, verbose: bool) -> None:
        from ..captures.http_file import sent_request
        from ..core import json_writing
        from ..core.instant import Days, spell
        from ..reports.attempt_lines import AttemptLines, delivery_line
        from ..reports.replay_report import attempt_object

        self._log = log
        self._as_json = as_json
        self._families = families
        self._days = Days()
        self._lines = AttemptLines(
            shows_all=verbose, line=lambda trace, _: delivery_line(trace), days=self._days
        )
        self._request_of = sent_request
        self._object_of, self._json, self._spell = attempt_object, json_writing.one_line, spell

    def attempted(self, trace: Trace) -> None:
        """Keep and print an attempt that has ended."""
        event_id = trace.attempt.delivery.signed.payload.events[0].id
        self._log.keep(partial(self._request_of, trace.attempt), trace.sent_at, event_id)
        self._write(
            [self._json(self._object_of(trace, self._families) | _again(trace))]
            if self._as_json
            else self._lines.of(trace)
        )

    def noted(self, note: RegistrationNote) -> None:
        """Print what happened to a registration."""
        if self._as_json:
            self._log.write(self._json(_object(note, self._spell(note.at))))
        else:
            self._log.write(note_line(note, self._days.before(note.at)))

    def end(self) -> None:
        """Print the counts of repeated lines, and how many requests could not be kept."""
        self._write(self._lines.rest())
        self._log.say_lost()

    def _write(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._log.write(line)


def _again(trace: Trace) -> dict[str, bool]:
    """Return what the object of an attempt says beyond that of a replay."""
    return {"redelivered": trace.attempt.delivery.is_again}


class EarlyCalls:
    """Passes on calls in their order; calls before ``begin`` are kept until then.

    Deliveries of an earlier run start before this one is ready to print.
    """

    def __init__(self) -> None:
        self._early: list[Callable[[], None]] | None = []
        self._lock = threading.Lock()

    def of(self, call: Callable[[Noted], None]) -> Callable[[Noted], None]:
        """Return a function of one argument that calls ``call`` with it.

        Before ``begin`` the call is only kept; then kept calls are made, in the order in which they
        came. Any thread may call the returned function, and one call is made at a time.
        """
        return lambda each: self._take(partial(call, each))

    def _take(self, call: Callable[[], None]) -> None:
        with self._lock:
            if self._early is None:
                call()
            else:
                self._early.append(call)

    def begin(self) -> None:
        """Make the calls that were kept; later ones are made at once."""
        with self._lock:
            early, self._early = self._early or [], None
            for call in early:
                call()


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
