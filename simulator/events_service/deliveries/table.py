"""Deliveries, attempts that ended, and their counts minute by minute."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ...core.instant import from_ms, to_ms
from ...runtime.clock import present
from ..database.database import Database, Row

REMOVALS = "removals of deliveries"
"""The setting that counts how often deliveries under way were deleted."""

_DELIVERY = (
    "number, registration, seq, coalesce(due_ms, at_ms), attempt, begun_ms, batch, redelivered, "
    "faults"
)
_ATTEMPT = (
    "registration, event_id, delivery_id, attempt, at_ms, status_code, elapsed_ms, outcome, cause, "
    "delivery, wall_ms"
)


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """One event on its way to one registration, under way; ``seq`` is the place of the event.

    ``attempt`` is the number of the next attempt, from 1; ``begun`` is when the first began. The
    deliveries of a batch share ``batch``, the number of its first one; it is ``None`` before the
    first attempt, and for single deliveries. ``is_again`` marks a delivery that the user asked
    for, of an event that was delivered before. ``faults`` is JSON: what acts on it.
    """

    number: int
    registration: int
    seq: int
    due: datetime
    attempt: int = 1
    begun: datetime | None = None
    batch: int | None = None
    is_again: bool = False
    faults: str | None = None


class Deliveries:
    """Deliveries under way in order of when they are due, and those that ended."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        connection: sqlite3.Connection,
        pairs: Iterable[tuple[int, int]],
        now: datetime,
        *,
        later: timedelta = timedelta(),
        is_again: bool = False,
        faults: str | None = None,
    ) -> None:
        """Write new deliveries: the key of a registration, and the place of an event.

        They are due now, or ``later``. ``is_again`` marks them as deliveries of events that were
        delivered before. ``faults`` is JSON, see ``delivery_faults``.
        """
        common = (to_ms(now + later), is_again, to_ms(now), to_ms(present()), faults)
        connection.executemany(
            "INSERT INTO delivery "
            "(registration, seq, due_ms, redelivered, at_ms, wall_ms, faults, attempt) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
            [(*pair, *common) for pair in pairs],
        )

    def after(self, place: tuple[datetime, int] | None, limit: int) -> list[StoredDelivery]:
        """Return deliveries in order, from behind the one with this moment and number on."""
        due_ms, number = (to_ms(place[0]), place[1]) if place else (-1, 0)
        return self._many(
            "due_ms IS NOT NULL AND (due_ms, number) > (?, ?) ORDER BY due_ms, number LIMIT ?",
            *(due_ms, number, limit),
        )

    def first_due(self, limit: int) -> list[StoredDelivery]:
        """Return those under way in order of when they are due; of a batch its first row."""
        return self._many(
            "due_ms IS NOT NULL AND (batch IS NULL OR batch = number) "
            "ORDER BY due_ms, number LIMIT ?",
            limit,
        )

    def under_way(self) -> int:
        """Return how many are under way; a batch is one."""
        return self._database.number(
            "SELECT count(*) FROM delivery "
            "WHERE due_ms IS NOT NULL AND (batch IS NULL OR batch = number)"
        )

    def size_of(self, batch: int) -> int:
        """Return how many rows a batch has."""
        return self._database.number("SELECT count(*) FROM delivery WHERE batch = ?", batch)

    def newer_than(self, number: int, limit: int) -> list[StoredDelivery]:
        """Return deliveries under way that were added after the one with this number."""
        return self._many(
            "number > ? AND due_ms IS NOT NULL ORDER BY number LIMIT ?", number, limit
        )

    def newest(self) -> int:
        """Return the number of the delivery that was added last, 0 if there is none."""
        return self._database.number("SELECT max(number) FROM delivery")

    def of_batch(self, batch: int) -> list[StoredDelivery]:
        """Return the deliveries of a batch that is under way."""
        return self._many("batch = ? AND due_ms IS NOT NULL ORDER BY number", batch)

    def of_number(self, number: int) -> list[StoredDelivery]:
        """Return the rows of a delivery, also of one that ended; ``due`` is when that was added."""
        return self._many("number = ? OR batch = ? ORDER BY number", number, number)

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

    def end(
        self, connection: sqlite3.Connection, ended: Iterable[tuple[str, int | None, int]]
    ) -> None:
        """Write how deliveries ended: each with its ending, its batch and its number."""
        connection.executemany(
            "UPDATE delivery SET due_ms = NULL, ending = ?, batch = ? WHERE number = ?", ended
        )

    def delete(self, connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
        """Delete deliveries."""
        connection.executemany(
            "DELETE FROM delivery WHERE number = ?", [(number,) for number in numbers]
        )

    def delete_ended(
        self, connection: sqlite3.Connection, moment: datetime, after: int, at_most: int
    ) -> int:
        """Delete those that ended and were added before a moment, of ``at_most`` after a number.

        Return the number of the last one looked at, to go on after it; 0 if there is no older one.
        """
        rows = connection.execute(
            "SELECT number, at_ms, due_ms FROM delivery WHERE number > ? ORDER BY number LIMIT ?",
            (after, at_most),
        ).fetchall()
        before = to_ms(moment)
        self.delete(connection, [number for number, at, due in rows if at < before and due is None])
        return rows[-1][0] if len(rows) == at_most and rows[-1][1] < before else 0

    def _many(self, where: str, *values: object) -> list[StoredDelivery]:
        rows = self._database.rows(f"SELECT {_DELIVERY} FROM delivery WHERE {where}", *values)
        return [_delivery(row) for row in rows]


def _delivery(row: Row) -> StoredDelivery:
    number, registration, seq, due_ms, attempt, begun_ms, batch, is_again, faults = row
    begun, due = None if begun_ms is None else from_ms(begun_ms), from_ms(due_ms)
    return StoredDelivery(
        *(number, registration, seq, due, attempt, begun, batch, bool(is_again), faults)
    )


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """One attempt that ended; ``event_id`` is that of a batch's first event.

    ``outcome`` is delivered, retry or dropped. ``cause`` says why there was no answer, or none
    that can be read. ``delivery`` is the number of the delivery, of a batch that of its first row.
    ``wall`` is the real time when it was written. Both are None for attempts of older versions.
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
    delivery: int | None = None
    wall: datetime | None = None


class Attempts:
    """All attempts of the last days, in order, and their counts for each minute since 1970."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, connection: sqlite3.Connection, attempts: Sequence[StoredAttempt]) -> None:
        connection.executemany(
            f"INSERT INTO attempt ({_ATTEMPT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(each.registration, each.event_id, each.delivery_id, each.attempt),
                    *(to_ms(each.at), each.status_code, each.elapsed_ms, each.outcome, each.cause),
                    *(each.delivery, each.wall and to_ms(each.wall)),
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
