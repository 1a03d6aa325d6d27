"""What an installation of the service is: a few values by name, as JSON."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import Any

from ...core.instant import from_ms, to_ms
from .database import Database


class Settings:
    """Values by name; a name that was never set is ``None``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> Any:
        row = self._database.row("SELECT value FROM setting WHERE name = ?", name)
        return json.loads(row[0]) if row else None

    def put(self, connection: sqlite3.Connection, name: str, value: Any) -> None:
        connection.execute(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            (name, json.dumps(value)),
        )

    def put_clock(self, connection: sqlite3.Connection, now: datetime) -> None:
        """Write what the service's clock shows."""
        self.put(connection, "clock_ms", to_ms(now))

    def clock(self) -> datetime | None:
        """Return what the service's clock showed when something was last written."""
        stood = self.get("clock_ms")
        return None if stood is None else from_ms(stood)

    def count_up(self, connection: sqlite3.Connection, name: str) -> int:
        """Return 1, 2, 3 … for a name, never the same twice."""
        number = int(self.get(name) or 0) + 1
        self.put(connection, name, number)
        return number
