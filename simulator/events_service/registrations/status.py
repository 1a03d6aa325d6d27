"""ACTIVE, UNSTABLE or DISABLED: the status that follows from the attempts of a day.

The newest rule, of 2026-06-12 (io-events-protocol.md 4.5): fewer than 10 attempts in 24 hours, or
at least a fifth of them successful, is ACTIVE. Otherwise an ACTIVE registration becomes UNSTABLE,
stays so for at least 24 hours, and is then judged again: ACTIVE or DISABLED. At exactly a fifth
both sentences of the rule hold; ACTIVE wins.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from ...core.instant import to_ms
from ..database.database import Database
from ..deliveries.table import Attempts
from ..publishing.directory import Directory
from . import notes
from .model import DISABLED, UNSTABLE, VERIFIED, Registration
from .notes import RegistrationNote
from .table import Registrations

_MINUTE_MS = 60_000

WINDOW = timedelta(hours=24)
FEWEST = 10
"""With fewer attempts a registration stays ACTIVE."""

ONE_IN = 5
"""At least one in so many attempts must succeed."""


def suffices(succeeded: float, failed: float) -> bool:
    """Return whether these attempts of a day make a registration ACTIVE."""
    attempts = succeeded + failed
    return attempts < FEWEST or succeeded * ONE_IN >= attempts


class Window:
    """Counts the attempts of the last 24 hours by minute, with running sums."""

    def __init__(self) -> None:
        self._minutes: deque[list[int]] = deque()
        self._succeeded = 0
        self._failed = 0

    def add(self, minute: int, succeeded: int, failed: int) -> None:
        """Count attempts of a minute (since 1970), which is not before the latest one."""
        if self._minutes and self._minutes[-1][0] >= minute:
            self._minutes[-1][1] += succeeded
            self._minutes[-1][2] += failed
        else:
            self._minutes.append([minute, succeeded, failed])
        self._succeeded += succeeded
        self._failed += failed

    def count(self, minute: int) -> tuple[int, int]:
        """Return how many attempts of the day up to this minute succeeded, and how many failed."""
        self._forget_before(minute - WINDOW // timedelta(minutes=1))
        return self._succeeded, self._failed

    def is_healthy(self, minute: int) -> bool:
        """Return whether the day up to this minute makes a registration ACTIVE."""
        return suffices(*self.count(minute))

    def _forget_before(self, minute: int) -> None:
        while self._minutes and self._minutes[0][0] <= minute:
            _, succeeded, failed = self._minutes.popleft()
            self._succeeded -= succeeded
            self._failed -= failed


def judge(
    status: str, unstable_since: datetime | None, now: datetime, healthy: bool
) -> tuple[str, datetime | None]:
    """Return the next status, and since when it is UNSTABLE.

    Only a save by the user ends DISABLED (4.7).
    """
    if status == DISABLED:
        return DISABLED, None
    if status == UNSTABLE:
        since = unstable_since or now
        if now - since < WINDOW:
            return UNSTABLE, since
        return (VERIFIED, None) if healthy else (DISABLED, None)
    return (VERIFIED, None) if healthy else (UNSTABLE, now)


class Statuses:
    """Judges registrations by their attempts of the last 24 hours (4.5).

    ``on_change`` is called when a status has changed. ``note`` gets the changes when
    ``note_changes`` is called. ``due`` is when an UNSTABLE registration is to be judged again.
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
        self.due = self._first_due()

    def count(
        self, connection: sqlite3.Connection, key: int, at: datetime, succeeded: int, failed: int
    ) -> None:
        """Count attempts of a registration that began in the same minute, and judge its status."""
        minute = _minute(at)
        self._window(key, minute).add(minute, succeeded, failed)
        self._attempts.tally(connection, key, minute, succeeded, failed)
        self._judge(connection, key, at)

    def run(self, now: datetime) -> None:
        """Judge the registrations again that have been UNSTABLE for a day."""
        with self._database.transaction() as connection:
            for each in self._registrations.unstable():
                if each.unstable_since and each.unstable_since + WINDOW <= now:
                    self._judge(connection, each.key, now)
        self.due = self._first_due()
        self.note_changes()

    def note_changes(self) -> None:
        """Pass on the notes of changed statuses. Call it after these are committed."""
        changes, self._notes = self._notes, []
        for each in changes:
            self._note(each)

    def forget(self) -> None:
        """Read everything from the database again: call it after a rollback."""
        self._notes.clear()
        self._windows.clear()
        self._directory.forget()
        self.due = self._first_due()

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
            self.due = self._first_due()

    def _changed(
        self, registration: Registration, status: str, now: datetime
    ) -> list[RegistrationNote]:
        if status == registration.status:
            return []
        succeeded, failed = self._window(registration.key, _minute(now)).count(_minute(now))
        why = f"{failed:,} of {succeeded + failed:,} attempts of the last 24 hours failed"
        text = notes.status_text(registration.status, status, why)
        return [notes.of("status", registration, now, text)]

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
