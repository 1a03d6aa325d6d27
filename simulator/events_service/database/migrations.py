"""How a file of an older version becomes one of this version (``PRAGMA user_version``)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ...errors import StoreError

SCHEMA = Path(__file__).with_name("schema.sql")

_TIMES_INTO_TRACES = """
UPDATE trace SET document = json_remove(
  json_set(
    document,
    '$.trace.ts', json_extract(document, '$.ts'),
    '$.trace.deliveryTime', json_extract(document, '$.deliveryTime'),
    '$.trace.insightsInfo', json(json_extract(document, '$.insightsInfo'))
  ),
  '$.ts', '$.deliveryTime', '$.insightsInfo'
);
"""
"""The members ``ts``, ``deliveryTime`` and ``insightsInfo`` are inside ``trace`` now."""

_CAUSES_OF_ATTEMPTS = "ALTER TABLE attempt ADD COLUMN cause TEXT;"
"""Attempts of older versions have no cause."""

_RUNS_INTO_ENTITIES = SCHEMA.with_name("entities.sql")
"""Entities of any family have one table."""

_REDELIVERIES = "ALTER TABLE delivery ADD COLUMN redelivered INTEGER NOT NULL DEFAULT 0;"
"""Deliveries of older versions are taken for first ones."""

_DELIVERIES_STAY = SCHEMA.with_name("history.sql")
"""Deliveries stay when they end; those of older versions have no real time."""

_NOTES_STAY = SCHEMA.with_name("notes.sql")
"""Notes of what happens to registrations are kept."""

_ENVELOPES_OF_EVENTS = "ALTER TABLE event ADD COLUMN envelope TEXT;"
"""Events of older versions have the usual envelope."""

STEPS: tuple[str | Path, ...] = (
    *(_TIMES_INTO_TRACES, _CAUSES_OF_ATTEMPTS, _RUNS_INTO_ENTITIES, _REDELIVERIES),
    *(_DELIVERIES_STAY, _NOTES_STAY, _ENVELOPES_OF_EVENTS),
)
"""Step ``n`` (from 1) takes a file from version ``n`` to the next one: SQL, or a file of it."""

VERSION = len(STEPS) + 1
"""The version of ``schema.sql``."""


def migrate(connection: sqlite3.Connection, path: Path | None) -> None:
    """Bring the file to this version: an empty one gets the schema, an older one the steps.

    Raises ``StoreError`` for a file that is newer, or that another program wrote.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise StoreError(
            f"{path} was written by a newer flowsim (format {version}, this one knows {VERSION}); "
            "upgrade flowsim, or start with another --data"
        )
    if version == VERSION:
        return
    if version == 0 and connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
        raise StoreError(f"{path} belongs to another program; start with another --data")
    script = "".join(map(_text, [SCHEMA] if version == 0 else STEPS[version - 1 :]))
    connection.executescript(
        f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {VERSION};\nCOMMIT;"
    )


def _text(step: str | Path) -> str:
    return step.read_text(encoding="utf-8") if isinstance(step, Path) else step
