"""Deliveries under way: what is due, and when."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ...core.instant import from_ms, to_ms
from ..database.database import Database, Row

_COLUMNS = "number, registration, seq, due_ms, attempt, begun_ms, batch"


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """One event on its way to one registration.

    ``attempt`` is the number of the next attempt, from 1. Those of one batch share ``batch``,
    the number of its first; ``None`` before the first attempt, and for single deliveries.
    """

    number: int
    registration: int
    seq: int
    due: datetime
    attempt: int = 1
    begun: datetime | None = None
    batch: int | None = None


class Deliveries:
    """Deliveries in order of when they are due."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, connection: sqlite3.Connection, pairs: Iterable[tuple[int, int]], due: datetime
    ) -> None:
        """Write new deliveries: the key of a registration, and the place of an event."""
        connection.executemany(
            "INSERT INTO delivery (registration, seq, due_ms, attempt) VALUES (?, ?, ?, 1)",
            [(*pair, to_ms(due)) for pair in pairs],
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
        row = self._database.row("SELECT max(number) FROM delivery")
        return int(row[0] or 0) if row else 0

    def of_batch(self, batch: int) -> list[StoredDelivery]:
        """Return the deliveries that travel together in a batch."""
        return self._many("batch = ? ORDER BY number", batch)

    def pending(self, registration: int) -> int:
        """Return how many deliveries a registration has under way."""
        row = self._database.row(
            "SELECT count(*) FROM delivery WHERE registration = ?", registration
        )
        return int(row[0]) if row else 0

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
        """Forget deliveries that ended."""
        connection.executemany(
            "DELETE FROM delivery WHERE number = ?", [(number,) for number in numbers]
        )

    def _many(self, where: str, *values: object) -> list[StoredDelivery]:
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM delivery WHERE {where}", *values)
        return [_delivery(row) for row in rows]


def _delivery(row: Row) -> StoredDelivery:
    number, registration, seq, due_ms, attempt, begun_ms, batch = row
    begun = None if begun_ms is None else from_ms(begun_ms)
    return StoredDelivery(number, registration, seq, from_ms(due_ms), attempt, begun, batch)
