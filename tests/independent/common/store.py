"""The SQLite file of a webhook: the events it processed, and the state of each flow run."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterator
from typing import Any

from .envelopes import Event, event
from .flow_runs import Run

TABLES = """
CREATE TABLE IF NOT EXISTS seen (event_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS processed (event_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS waiting (event_id TEXT PRIMARY KEY, content TEXT, due REAL);
CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, status TEXT, records INTEGER,
    failed INTEGER, started INTEGER, ended INTEGER, updated INTEGER, final INTEGER);
"""
RUN = "status, records, failed, started, ended"


class Store:
    """One file; each call has its own connection, and each event its own transaction."""

    index = "CREATE UNIQUE INDEX IF NOT EXISTS one_of_each ON seen (event_id)"

    def __init__(self, path: str) -> None:
        self.path = path
        with self.connection() as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(TABLES + self.index)

    @contextlib.contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one piece of work."""
        with contextlib.closing(sqlite3.connect(self.path, 8, isolation_level=None)) as db:
            yield db

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Do all of the work or nothing of it."""
        with self.connection() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    def process(self, event: Event, runs: list[Run]) -> None:
        """Process an event, unless it was processed before."""
        with self.transaction() as db:
            db.execute("DELETE FROM waiting WHERE event_id = ?", (event.id,))
            if self.is_new(db, event.id):
                self.apply(db, event.id, runs)

    def is_new(self, db: sqlite3.Connection, event_id: str) -> bool:
        """Remember an id, and say whether it is new; the unique index decides."""
        return db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (event_id,)).rowcount == 1

    def apply(self, db: sqlite3.Connection, event_id: str, runs: list[Run]) -> None:
        """Keep what an event says, and count that it was processed."""
        for run in runs:
            if self.is_newer(db, run):
                row = (*(getattr(run, name) for name in ("id", *RUN.split(", "))),)
                db.execute(
                    "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (*row, run.updated, run.final),
                )
        db.execute("INSERT INTO processed VALUES (?)", (event_id,))

    def is_newer(self, db: sqlite3.Connection, run: Run) -> bool:
        """Say whether a state is newer than the one kept; at the same time an end wins."""
        kept = db.execute("SELECT updated, final FROM runs WHERE id = ?", (run.id,)).fetchone()
        return kept is None or (run.updated, run.final) >= tuple(kept)

    def wait(self, event: Event, seconds: float) -> None:
        """Keep an event that is to be processed later, also after a restart."""
        row = event.id, json.dumps(event.content), time.time() + seconds
        with self.transaction() as db:
            db.execute("INSERT OR IGNORE INTO waiting VALUES (?, ?, ?)", row)

    def due(self) -> list[Event]:
        """Return the waiting events whose time has come."""
        with self.connection() as db:
            rows = db.execute(
                "SELECT event_id, content FROM waiting WHERE due <= ? ORDER BY rowid",
                (time.time(),),
            ).fetchall()
        return [
            event(json.loads(content), {"x-adobe-event-id": event_id}, alone=True)
            for event_id, content in rows
        ]

    def times_processed(self, event_id: str) -> int:
        """Return how often an event was processed."""
        with self.connection() as db:
            sql = "SELECT count(*) FROM processed WHERE event_id = ?"
            return int(db.execute(sql, (event_id,)).fetchone()[0])

    def run(self, run_id: str) -> dict[str, Any] | None:
        """Return the state of a run, None if it is unknown."""
        with self.connection() as db:
            row = db.execute(f"SELECT {RUN} FROM runs WHERE id = ?", (run_id,)).fetchone()
        return row and dict(zip(RUN.split(", "), row, strict=True))
