"""The SQLite file of a data folder: one connection, one writer at a time.

WAL with ``synchronous=NORMAL``: committed data survives the end of the process, also if
it is killed.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from ...core.instant import from_ms, to_ms
from ...errors import StoreError
from ...runtime.clock import pause
from . import migrations

LOCK_TIMEOUT = 2.0
"""Seconds to wait for a lock that another program holds."""

_PAUSE = 0.5
"""Seconds of real time until work is tried again that the store could not do."""

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16000",
    "PRAGMA wal_autocheckpoint = 4000",  # pages, not 1000: hot pages are synced less often
    "PRAGMA journal_size_limit = 67108864",
)

Row = tuple[Any, ...]
T = TypeVar("T")

_log = logging.getLogger("flowsim.service")


class Database:
    """An SQLite database in a file, or in memory without one; any thread may use it.

    Raises ``StoreError``, with a remedy, for each error of SQLite.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.RLock()
        if path is not None:
            _keep_private(path)
        with _explained(path):
            self._connection = _connect(path)
        self._file = _file_at(path)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection; everything is kept at the end, or nothing if an error is raised.

        Transactions of one thread nest: the outermost decides.
        """
        with self._lock, _explained(self.path):
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._check_file()
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _check_file(self) -> None:
        """Raise ``StoreError`` if the file was removed or replaced: SQLite does not notice."""
        if _file_at(self.path) != self._file:
            raise StoreError(f"{self.path} was removed or replaced; start flowsim again")

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Return all rows of a query."""
        with self._lock, _explained(self.path):
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> Row | None:
        """Return the first row of a query, or nothing."""
        with self._lock, _explained(self.path):
            found: Row | None = self._connection.execute(sql, values).fetchone()
            return found

    def number(self, sql: str, *values: object) -> int:
        """Return the number in the first row of a query; 0 if there is none."""
        row = self.row(sql, *values)
        return int(row[0] or 0) if row else 0

    def close(self) -> None:
        """Close the file, with all committed data in it."""
        with self._lock:
            self._connection.close()


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
        """Return what the service's clock showed when something was last written, in UTC.

        None if nothing was written yet.
        """
        stood = self.get("clock_ms")
        return None if stood is None else from_ms(stood)

    def count_up(self, connection: sqlite3.Connection, name: str) -> int:
        """Return 1, 2, 3 … for a name, never the same twice."""
        number = int(self.get(name) or 0) + 1
        self.put(connection, name, number)
        return number


async def once_possible(work: Callable[[], T]) -> T:
    """Return what ``work`` returns; try again while the store is busy or full."""
    while True:
        try:
            return work()
        except StoreError as error:
            _log.warning("deliveries wait: %s", error)
            await pause(_PAUSE)


def _connect(path: Path | None) -> sqlite3.Connection:
    """Return a connection that is ready for use; it is closed if that fails."""
    connection = sqlite3.connect(
        path or ":memory:",
        timeout=LOCK_TIMEOUT,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
    )
    try:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        migrations.migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _keep_private(path: Path) -> None:
    """Make the file readable for its owner only, and so its log: both contain a token."""
    with contextlib.suppress(OSError):  # SQLite says what is wrong
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(path.stat().st_mode & 0o700)


def _file_at(path: Path | None) -> tuple[int, int] | None:
    """Return which file is at a path, if there is one."""
    try:
        found = path and os.stat(path)
    except FileNotFoundError:
        return None
    return (found.st_dev, found.st_ino) if found else None


@contextlib.contextmanager
def _explained(path: Path | None) -> Iterator[None]:
    """Raise ``StoreError`` for an error of SQLite: one sentence with a remedy."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(_sentence(path, error)) from None


def _sentence(path: Path | None, error: sqlite3.Error) -> str:
    place, text = path or "the store in memory", str(error)
    if "locked" in text:
        return f"{place} is locked by another program; end that program and try again"
    if path is not None and path.exists() and not path.is_file():
        return f"{place} is not a file; move it away, or start with another --data"
    if "full" in text or "disk I/O" in text:
        return f"{place} cannot grow ({text}); make room on the disk and try again"
    if "not a database" in text or "malformed" in text:
        return f"{place} is damaged ({text}); move it away, or start with another --data"
    if "readonly" in text or "unable to open" in text:
        return f"{place} cannot be written ({text}); name a folder of yours with --data"
    return f"{place}: {text}"
