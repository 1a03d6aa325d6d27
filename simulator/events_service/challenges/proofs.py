"""The proofs that webhooks still owe, and when they are late."""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Callable
from datetime import datetime

from ...core.challenge import Result
from ..database.database import Database
from ..registrations import notes
from ..registrations.model import Registration
from ..registrations.notes import RegistrationNote
from ..registrations.table import Registrations, Validation


class Proofs:
    """At most one proof of each registration: that of its last save.

    It is a timer of the agenda. A registration whose proof is late is DISABLED already, so
    all that happens then is that its validation URL stops working (3.2). ``on_change`` is
    told that ``due`` may have changed, ``note`` that a proof was late. How the last challenge of
    each registration went is remembered until the service ends.
    """

    follows_attempts = False

    def __init__(
        self,
        database: Database,
        on_change: Callable[[], None],
        note: Callable[[RegistrationNote], None] = lambda _: None,
    ) -> None:
        self._database = database
        self._registrations = Registrations(database)
        self._on_change = on_change
        self._note = note
        self._results: dict[int, Result] = {}
        self._due = self._first_due()

    @property
    def due(self) -> datetime | None:
        """When the next proof is late."""
        return self._due

    def run(self, now: datetime) -> None:
        """Forget the proofs that are late."""
        with self._database.transaction() as connection:
            late = [each for each in self._registrations.validations() if each.expires <= now]
            for each in late:
                self._registrations.delete_validation(connection, each.registration)
        self._due = self._first_due()
        for each in late:
            self._tell_late(each.registration, now)

    def _tell_late(self, key: int, now: datetime) -> None:
        reason = "its validation URL was not opened within 5 minutes"
        self.conclude(key, Result("failed", now, reason))
        registration = self._registrations.by_key(key)
        if registration is not None:
            text = f"challenge failed: {reason}"
            self._note(notes.of("challenge", registration, now, text))

    def conclude(self, key: int, result: Result) -> None:
        """Remember how the last challenge of a registration went."""
        self._results[key] = result

    def result_of(self, key: int) -> Result | None:
        """Return how the last challenge went; nothing while one is under way, or after a start."""
        return self._results.get(key)

    def owe(self, connection: sqlite3.Connection, owed: Validation) -> None:
        """Note that a registration owes this proof, and no other any more."""
        self._registrations.put_validation(connection, owed)
        self._results.pop(owed.registration, None)
        self._changed()

    def drop(self, connection: sqlite3.Connection, registration: Registration) -> None:
        """Note that a registration owes nothing."""
        self._registrations.delete_validation(connection, registration.key)
        self._results.pop(registration.key, None)
        self._changed()

    def forget(self) -> None:
        """Note that what was owed is not owed any more."""
        self._results.clear()
        self._changed()

    def is_owed(self, registration: Registration, challenge: str, now: datetime) -> bool:
        """Tell whether this proof is owed, and not late."""
        owed = self._registrations.validation_of(registration.key)
        return (
            owed is not None
            and owed.expires > now
            and hmac.compare_digest(owed.challenge.encode(), challenge.encode())
        )

    def _changed(self) -> None:
        self._due = self._first_due()
        self._on_change()

    def _first_due(self) -> datetime | None:
        return next((each.expires for each in self._registrations.validations()), None)
