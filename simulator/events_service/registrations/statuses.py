"""The status of each registration, judged as its attempts end, and a day after it is UNSTABLE."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta

from ...core.instant import to_ms
from ..database.database import Database
from ..deliveries.table import Attempts
from ..publishing.directory import Directory
from . import notes as registration_note
from .model import Registration
from .notes import RegistrationNote
from .status import WINDOW, Window, judge
from .table import Registrations

_MINUTE_MS = 60_000


class Statuses:
    """Judges registrations by their attempts of the last 24 hours (4.5).

    ``on_change`` is told that a status has changed, ``note`` which one, once ``tell`` is called.
    """

    follows_attempts = True

    def __init__(
        self,
        database: Database,
        directory: Directory,
        on_change: Callable[[], None],
        note: Callable[[RegistrationNote], None] = lambda _: None,
    ) -> None:
        self._database = database
        self._directory = directory
        self._on_change = on_change
        self._note = note
        self._notes: list[RegistrationNote] = []
        self._attempts = Attempts(database)
        self._registrations = Registrations(database)
        self._windows: dict[int, Window] = {}
        self._due = self._first_due()

    def count(
        self, connection: sqlite3.Connection, key: int, at: datetime, succeeded: int, failed: int
    ) -> None:
        """Take in attempts of a registration that began in the same minute, and judge it."""
        minute = _minute(at)
        self._window(key, minute).add(minute, succeeded, failed)
        self._attempts.tally(connection, key, minute, succeeded, failed)
        self._judge(connection, key, at)

    @property
    def due(self) -> datetime | None:
        """When the next UNSTABLE registration is to be judged again."""
        return self._due

    def run(self, now: datetime) -> None:
        """Judge those again that have been UNSTABLE for a day."""
        with self._database.transaction() as connection:
            for each in self._registrations.unstable():
                if each.unstable_since and each.unstable_since + WINDOW <= now:
                    self._judge(connection, each.key, now)
        self._due = self._first_due()
        self.tell()

    def tell(self) -> None:
        """Note which statuses have changed: call it once that is written."""
        notes, self._notes = self._notes, []
        for each in notes:
            self._note(each)

    def forget(self) -> None:
        """Read everything again: what was counted last was not written."""
        self._notes.clear()
        self._windows.clear()
        self._directory.forget()
        self._due = self._first_due()

    def _judge(self, connection: sqlite3.Connection, key: int, now: datetime) -> None:
        registration = self._directory.registration(key)
        if registration is None:
            return
        healthy = self._window(key, _minute(now)).is_healthy(_minute(now))
        before = registration.status, registration.unstable_since
        after = judge(*before, now, healthy)
        if after != before:
            self._registrations.put_status(connection, key, *after)
            self._notes += self._changed(registration, after[0], now)
            self._directory.forget()
            self._on_change()
            self._due = self._first_due()

    def _changed(
        self, registration: Registration, status: str, now: datetime
    ) -> list[RegistrationNote]:
        if status == registration.status:
            return []
        succeeded, failed = self._window(registration.key, _minute(now)).count(_minute(now))
        why = f"{failed:,} of {succeeded + failed:,} attempts of the last 24 hours failed"
        text = registration_note.status_text(registration.status, status, why)
        return [registration_note.of("status", registration, now, text)]

    def _window(self, key: int, minute: int) -> Window:
        if key not in self._windows:
            window = self._windows[key] = Window()
            for counted in self._attempts.tallies(key, minute - WINDOW // timedelta(minutes=1)):
                window.add(*counted)
        return self._windows[key]

    def _first_due(self) -> datetime | None:
        since = [each.unstable_since for each in self._registrations.unstable()]
        return min((each + WINDOW for each in since if each), default=None)


def _minute(moment: datetime) -> int:
    return to_ms(moment) // _MINUTE_MS
