"""Lines about registrations, as ``flowsim up`` prints them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from ..printable import printable
from ._running import Log

if TYPE_CHECKING:
    from ..core.days import Days
    from ..core.management.registration_note import RegistrationNote


def note_teller(log: Log, days: Days, *, as_json: bool) -> Callable[[RegistrationNote], None]:
    """Return what prints a line for each note; ``days`` know which moments need their date.

    All that it needs is loaded here: later there may be no file more that can be opened.
    """
    if not as_json:
        return lambda note: log.write(note_line(note, days.before(note.at)))
    from ..core.instant import spell
    from ..core.json_texts import printed_json

    return lambda note: log.write(printed_json.line(_object(note, spell(note.at))))


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
