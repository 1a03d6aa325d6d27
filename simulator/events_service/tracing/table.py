"""Debug traces: the last hundred successes and the last hundred errors of each registration."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import Any

from ...core.instant import to_ms
from ..database.database import Database

KEPT = 100
"""How many traces of each kind a registration has (io-events-protocol.md 7)."""


class Traces:
    """Requests and answers as debug tracing shows them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        connection: sqlite3.Connection,
        registration: int,
        succeeded: bool,
        at: datetime,
        document: Any,
    ) -> None:
        """Write one trace; the oldest of its kind goes, if there are too many."""
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        connection.execute(
            "INSERT INTO trace (registration, succeeded, at_ms, document) VALUES (?, ?, ?, ?)",
            (registration, succeeded, to_ms(at), text),
        )
        connection.execute(
            "DELETE FROM trace WHERE registration = ? AND succeeded = ? AND number <= ("
            "SELECT number FROM trace WHERE registration = ? AND succeeded = ? "
            f"ORDER BY number DESC LIMIT 1 OFFSET {KEPT})",
            (registration, succeeded, registration, succeeded),
        )

    def of(self, registration: int, since: datetime, succeeded: bool | None = None) -> list[Any]:
        """Return the traces of a registration from a moment on, the newest first."""
        rows = self._database.rows(
            "SELECT document FROM trace WHERE registration = ? AND succeeded IN (?, ?) "
            "AND at_ms >= ? ORDER BY number DESC",
            *(registration, succeeded is True, succeeded is not False, to_ms(since)),
        )
        return [json.loads(row[0]) for row in rows]

    def delete_before(self, connection: sqlite3.Connection, moment: datetime) -> None:
        connection.execute("DELETE FROM trace WHERE at_ms < ?", (to_ms(moment),))
