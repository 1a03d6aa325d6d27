"""The proofs that webhooks still owe, and when they are late."""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Callable
from datetime import datetime

from ..core.management.registration import Registration
from ..stores.database import Database
from ..stores.registrations import Registrations, Validation


class Proofs:
    """At most one proof of each registration: that of its last save.

    It is a timer of the agenda. A registration whose proof is late is DISABLED already, so
    all that happens then is that its validation URL stops working (3.2). ``on_change`` is
    told that ``due`` may have changed.
    """

    follows_attempts = False

    def __init__(self, database: Database, on_change: Callable[[], None]) -> None:
        self._database = database
        self._registrations = Registrations(database)
        self._on_change = on_change
        self._due = self._first_due()

    @property
    def due(self) -> datetime | None:
        """When the next proof is late."""
        return self._due

    def run(self, now: datetime) -> None:
        """Forget the proofs that are late."""
        with self._database.transaction() as connection:
            for each in self._registrations.validations():
                if each.expires <= now:
                    self._registrations.delete_validation(connection, each.registration)
        self._due = self._first_due()

    def owe(self, connection: sqlite3.Connection, owed: Validation) -> None:
        """Note that a registration owes this proof, and no other any more."""
        self._registrations.put_validation(connection, owed)
        self._changed()

    def drop(self, connection: sqlite3.Connection, registration: Registration) -> None:
        """Note that a registration owes nothing."""
        self._registrations.delete_validation(connection, registration.key)
        self._changed()

    def forget(self) -> None:
        """Note that what was owed is not owed any more."""
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
