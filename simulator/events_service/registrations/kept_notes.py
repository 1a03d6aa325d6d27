"""The notes of the last days, so that the history of a registration can be read."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from datetime import datetime

from ...core.instant import from_ms, to_ms
from ...errors import StoreError
from ..database.database import Database
from .notes import RegistrationNote

_log = logging.getLogger("flowsim.service")

OnNote = Callable[[RegistrationNote], None]
"""What is called with each note."""


class KeptNotes:
    """Notes of what happened to registrations, in order."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keeping(self, on_note: OnNote) -> OnNote:
        """Return a function that keeps a note, and then calls ``on_note`` with it.

        A note that the store cannot keep is only passed on: what it is about has happened.
        """

        def keep(note: RegistrationNote) -> None:
            try:
                self.add(note)
            except StoreError as error:
                _log.warning("a note is not kept: %s", error)
            on_note(note)

        return keep

    def add(self, note: RegistrationNote) -> None:
        """Write a note; raises ``StoreError``."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO note (registration_id, name, kind, at_ms, text) "
                "VALUES (?, ?, ?, ?, ?)",
                (note.registration_id, note.name, note.kind, to_ms(note.at), note.text),
            )

    def latest(
        self, registration_id: str, since: datetime, at_most: int = 100
    ) -> list[RegistrationNote]:
        """Return the latest notes of a registration since a moment, the newest first."""
        rows = self._database.rows(
            "SELECT kind, at_ms, registration_id, name, text FROM note "
            "WHERE registration_id = ? AND at_ms >= ? ORDER BY at_ms DESC, number DESC LIMIT ?",
            *(registration_id, to_ms(since), at_most),
        )
        return [RegistrationNote(kind, from_ms(at_ms), *rest) for kind, at_ms, *rest in rows]

    def delete_before(self, connection: sqlite3.Connection, moment: datetime) -> None:
        """Delete the notes from before a moment."""
        connection.execute("DELETE FROM note WHERE at_ms < ?", (to_ms(moment),))
