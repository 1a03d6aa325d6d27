"""Values by namespace and key, each until its time is over: App Builder's state store (2.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ...core.instant import from_ms, to_ms
from ..database.database import Database


@dataclass(frozen=True, slots=True)
class State:
    """A value and when it expires."""

    value: bytes
    expires: datetime


class States:
    """Every value that was put and has not expired."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, namespace: str, key: str, now: datetime) -> State | None:
        row = self._database.row(
            "SELECT value, expires_ms FROM state "
            "WHERE namespace = ? AND key = ? AND expires_ms > ?",
            *(namespace, key, to_ms(now)),
        )
        return State(row[0], from_ms(row[1])) if row else None

    def put(self, namespace: str, key: str, state: State, now: datetime) -> None:
        """Put a value in the place of an earlier one; those that have expired are dropped."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM state WHERE expires_ms <= ?", (to_ms(now),))
            connection.execute(
                "INSERT INTO state VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
                "SET value = excluded.value, expires_ms = excluded.expires_ms",
                (namespace, key, state.value, to_ms(state.expires)),
            )
