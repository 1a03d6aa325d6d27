"""Deliveries under way, attempts that ended, and their counts minute by minute."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ...core.instant import from_ms, to_ms
from ..database.database import Database, Row

_DELIVERY = "number, registration, seq, due_ms, attempt, begun_ms, batch, redelivered"
_ATTEMPT = (
    "registration, event_id, delivery_id, attempt, at_ms, status_code, elapsed_ms, outcome, cause"
)


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """One event on its way to one registration; ``seq`` is the place of the event.

    ``attempt`` is the number of the next attempt, from 1; ``begun`` is when the first began. The
    deliveries of a batch share ``batch``, the number of its first one; it is ``None`` before the
    first attempt, and for single deliveries. ``is_again`` marks a delivery that the user asked
    for, of an event that was delivered before.
    """

    number: int
    registration: int
    seq: int
    due: datetime
    attempt: int = 1
    begun: datetime | None = None
    batch: int | None = None
    is_again: bool = False


class Deliveries:
    """Deliveries in order of when they are due."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        connection: sqlite3.Connection,
        pairs: Iterable[tuple[int, int]],
        due: datetime,
        *,
        is_again: bool = False,
    ) -> None:
        """Write new deliveries: the key of a registration, and the place of an event.

        ``is_again`` marks them as deliveries of events that were delivered before.
        """
        connection.executemany(
            "INSERT INTO delivery (registration, seq, due_ms, attempt, redelivered) "
            "VALUES (?, ?, ?, 1, ?)",
            [(*pair, to_ms(due), is_again) for pair in pairs],
        )

    def after(self, place: tuple[datetime, int] | None, limit: int) -> list[StoredDelivery]:
        """Return deliveries in order, from behind the one with this moment and number on."""
        due_ms, number = (to_ms(place[0]), place[1]) if place else (-1, 0)
        return self._many(
            "(due_ms, number) > (?, ?) ORDER BY due_ms, number LIMIT ?",
            *(due_ms, number, limit),
        )

    def newer_than(self, number: int, limit: int) -> list[StoredDelivery]:
        """Return deliveries that were added after the one with this number."""
        return self._many("number > ? ORDER BY number LIMIT ?", number, limit)

    def newest(self) -> int:
        """Return the number of the delivery that was added last, 0 if there is none."""
        return self._database.number("SELECT max(number) FROM delivery")

    def of_batch(self, batch: int) -> list[StoredDelivery]:
        """Return the deliveries of a batch."""
        return self._many("batch = ? ORDER BY number", batch)

    def put_back(self, connection: sqlite3.Connection, deliveries: list[StoredDelivery]) -> None:
        """Write when the next attempts are due."""
        connection.executemany(
            "UPDATE delivery SET due_ms = ?, attempt = ?, begun_ms = ?, batch = ? WHERE number = ?",
            [
                (
                    *(to_ms(each.due), each.attempt, each.begun and to_ms(each.begun)),
                    *(each.batch, each.number),
                )
                for each in deliveries
            ],
        )

    def delete(self, connection: sqlite3.Connection, numbers: list[int]) -> None:
        """Delete deliveries that ended."""
        connection.executemany(
            "DELETE FROM delivery WHERE number = ?", [(number,) for number in numbers]
        )

    def _many(self, where: str, *values: object) -> list[StoredDelivery]:
        rows = self._database.rows(f"SELECT {_DELIVERY} FROM delivery WHERE {where}", *values)
        return [_delivery(row) for row in rows]


def _delivery(row: Row) -> StoredDelivery:
    number, registration, seq, due_ms, attempt, begun_ms, batch, is_again = row
    begun, due = None if begun_ms is None else from_ms(begun_ms), from_ms(due_ms)
    return StoredDelivery(number, registration, seq, due, attempt, begun, batch, bool(is_again))


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """One attempt that ended; ``event_id`` is that of a batch's first event.

    ``outcome`` is delivered, retry or dropped. ``cause`` says why there was no answer, or none
    that can be read.
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
    """All attempts of the last days, in order, and their counts for each minute since 1970."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, connection: sqlite3.Connection, attempts: Sequence[StoredAttempt]) -> None:
        connection.executemany(
            f"INSERT INTO attempt ({_ATTEMPT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(each.registration, each.event_id, each.delivery_id, each.attempt),
                    *(to_ms(each.at), each.status_code, each.elapsed_ms, each.outcome, each.cause),
                )
                for each in attempts
            ],
        )

    def delete_before(self, connection: sqlite3.Connection, moment: datetime, at_most: int) -> int:
        """Delete attempts from before a moment, the oldest first; return how many."""
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
