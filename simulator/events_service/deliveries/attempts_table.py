"""Attempts in few words, and how they went minute by minute."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ...core.instant import from_ms, to_ms
from ..database.database import Database, Row

_COLUMNS = (
    "registration, event_id, delivery_id, attempt, at_ms, status_code, elapsed_ms, outcome, cause"
)


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """One attempt that ended; ``event_id`` is that of a batch's first event.

    ``cause`` says why there was no answer, or none that can be read.
    """

    registration: int
    event_id: str
    delivery_id: str
    attempt: int
    at: datetime
    status_code: int
    elapsed_ms: float
    outcome: str
    cause: str | None


class Attempts:
    """All attempts of the last days, in order."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, connection: sqlite3.Connection, attempts: Sequence[StoredAttempt]) -> None:
        connection.executemany(
            f"INSERT INTO attempt ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(each.registration, each.event_id, each.delivery_id, each.attempt),
                    *(to_ms(each.at), each.status_code, each.elapsed_ms, each.outcome, each.cause),
                )
                for each in attempts
            ],
        )

    def of_event(self, event_id: str) -> list[StoredAttempt]:
        return self._many("event_id = ? ORDER BY number", event_id)

    def latest(self, limit: int, registration: int | None = None) -> list[StoredAttempt]:
        """Return the latest attempts, the newest first."""
        if registration is None:
            return self._many("1 ORDER BY number DESC LIMIT ?", limit)
        return self._many("registration = ? ORDER BY number DESC LIMIT ?", registration, limit)

    def delete_before(self, connection: sqlite3.Connection, moment: datetime, at_most: int) -> int:
        """Forget attempts from before a moment, the oldest first; return how many."""
        cursor = connection.execute(
            "DELETE FROM attempt WHERE number IN "
            "(SELECT number FROM attempt WHERE at_ms < ? ORDER BY at_ms LIMIT ?)",
            (to_ms(moment), at_most),
        )
        return cursor.rowcount

    def tally(
        self, connection: sqlite3.Connection, key: int, minute: int, succeeded: int, failed: int
    ) -> None:
        """Count attempts of a registration in a minute since 1970."""
        connection.execute(
            "INSERT INTO tally VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "succeeded = succeeded + excluded.succeeded, failed = failed + excluded.failed",
            (key, minute, succeeded, failed),
        )

    def tallies(self, key: int, after_minute: int) -> list[tuple[int, int, int]]:
        """Return minute, successes and failures of a registration, in order of minutes."""
        rows = self._database.rows(
            "SELECT minute, succeeded, failed FROM tally "
            "WHERE registration = ? AND minute > ? ORDER BY minute",
            *(key, after_minute),
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def delete_tallies(self, connection: sqlite3.Connection, before_minute: int) -> None:
        connection.execute("DELETE FROM tally WHERE minute < ?", (before_minute,))

    def _many(self, where: str, *values: object) -> list[StoredAttempt]:
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM attempt WHERE {where}", *values)
        return [_attempt(row) for row in rows]


def _attempt(row: Row) -> StoredAttempt:
    key, event_id, delivery_id, attempt, at_ms, *rest = row
    return StoredAttempt(key, event_id, delivery_id, attempt, from_ms(at_ms), *rest)
