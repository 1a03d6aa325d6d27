"""The proofs that are expected of webhooks, and when they are late."""

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

_LATE = "its validation URL was not opened within 5 minutes"


class Proofs:
    """At most one expected proof for each registration: that of its last save.

    It is a timer of the agenda. A registration whose proof is late is DISABLED already, so
    all that happens then is that its validation URL stops working (3.2). ``on_change`` is
    called when ``due`` may have changed, ``note`` when a proof is late. How the last challenge
    of each registration went is kept in memory until the service ends.
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
        """Drop the proofs that are late."""
        with self._database.transaction() as connection:
            late = [each for each in self._registrations.validations() if each.expires <= now]
            for each in late:
                self._registrations.delete_validation(connection, each.registration)
        self._due = self._first_due()
        for each in late:
            self.conclude(each.registration, Result("failed", now, _LATE))
            registration = self._registrations.by_key(each.registration)
            if registration is not None:
                text = f"challenge failed: {_LATE}"
                self._note(notes.of("challenge", registration, now, text))

    def conclude(self, key: int, result: Result) -> None:
        """Keep how the last challenge of a registration went."""
        self._results[key] = result

    def result_of(self, key: int) -> Result | None:
        """Return how the last challenge since the start went; nothing while one is under way."""
        return self._results.get(key)

    def expect(self, connection: sqlite3.Connection, proof: Validation) -> None:
        """Expect this proof of a registration; an earlier one is not expected any more."""
        self._registrations.put_validation(connection, proof)
        self._results.pop(proof.registration, None)
        self._changed()

    def drop(self, connection: sqlite3.Connection, registration: Registration) -> None:
        """Expect no proof of a registration any more."""
        self._registrations.delete_validation(connection, registration.key)
        self._results.pop(registration.key, None)
        self._changed()

    def forget(self) -> None:
        """Expect no proof at all: a reset has deleted all registrations."""
        self._results.clear()
        self._changed()

    def is_expected(self, registration: Registration, challenge: str, now: datetime) -> bool:
        """Tell whether this proof is expected, and not late."""
        proof = self._registrations.validation_of(registration.key)
        if proof is None or proof.expires <= now:
            return False
        return hmac.compare_digest(proof.challenge.encode(), challenge.encode())

    def _changed(self) -> None:
        self._due = self._first_due()
        self._on_change()

    def _first_due(self) -> datetime | None:
        return next((each.expires for each in self._registrations.validations()), None)
