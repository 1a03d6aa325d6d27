"""Real databases for webhooks of several processes: an SQLite file, and a PostgreSQL cluster."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

TABLES = (
    "create table known (event_id text)",
    "create table unique_known (event_id text primary key)",
    "create table work (event_id text)",
    "create index known_ids on known (event_id)",
    "create index work_ids on work (event_id)",
)
"""Known event ids, without and with a unique index; and what was done, as often as it was done."""


class Database:
    """One database; each thread has a connection of its own.

    ``place`` is the path of an SQLite file, or what psycopg connects to.
    """

    def __init__(self, place: str) -> None:
        self.place = place
        self._is_sqlite = "=" not in place
        self._own = threading.local()

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """Execute a statement, in which ``?`` stands for a value; return the cursor."""
        if not self._is_sqlite:
            statement = statement.replace("?", "%s")
        return self.connection.execute(statement, values)

    def commit(self) -> None:
        self.connection.commit()

    @property
    def connection(self) -> Any:
        if not hasattr(self._own, "connection"):
            self._own.connection = self._connect()
        return self._own.connection

    def _connect(self) -> Any:
        if not self._is_sqlite:
            import psycopg

            return psycopg.connect(self.place)
        connection = sqlite3.connect(self.place, timeout=30)
        connection.execute("pragma journal_mode=wal")
        return connection

    def create_tables(self) -> None:
        for each in TABLES:
            self.execute(each)
        self.commit()


@contextlib.contextmanager
def sqlite() -> Iterator[Database]:
    """Yield a database in a new file."""
    with TemporaryDirectory() as folder:
        yield Database(str(Path(folder) / "webhook.db"))


def postgres_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, if it and its client for Python are there."""
    if find_spec("psycopg") is None:
        return None
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = debian[-1] if debian else shutil.which("initdb")
    return Path(found).parent if found else None


@contextlib.contextmanager
def postgres(programs: Path) -> Iterator[Database]:
    """Yield a database in a new cluster, which only listens at a socket in its own folder."""
    with TemporaryDirectory() as name:
        folder, user = Path(name), _owner(Path(name))
        data, socket = folder / "data", f"-k {folder} -c listen_addresses=''"
        made = [
            programs / "initdb",
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "webhook",
        ]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, **user)
        control = [programs / "pg_ctl", "-D", data, "-w", "-s"]
        log = ["-l", folder / "log", "-o", socket]
        subprocess.run([*control, *log, "start"], check=True, **user)
        try:
            yield Database(f"host={folder} user=webhook dbname=postgres")
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, **user)


def _owner(folder: Path) -> dict[str, Any]:
    """Return who runs PostgreSQL, which root must not, and give the folder to that user."""
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, "postgres", "postgres")
    return {"user": "postgres", "group": "postgres", "cwd": folder}
