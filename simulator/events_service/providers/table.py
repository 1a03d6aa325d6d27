"""Providers and the kinds of events they emit."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict
from typing import TypeVar

from ..database.database import Database, Row
from .model import EventMetadata, Provider

T = TypeVar("T")

_COLUMNS = "id, org, metadata, instance, document"


class Providers:
    """Providers by id, and their event metadata by code."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, provider_id: str) -> Provider | None:
        row = self._database.row(f"SELECT {_COLUMNS} FROM provider WHERE id = ?", provider_id)
        return _read(Provider, row) if row else None

    def of_org(self, org: str) -> list[Provider]:
        """Return all providers an organisation can see: its own and those of Adobe."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM provider WHERE org IN (?, '') ORDER BY org, id", org
        )
        return [_read(Provider, row) for row in rows]

    def of_instance(self, org: str, metadata: str, instance_id: str) -> Provider | None:
        """Return the provider of this kind and instance; there is at most one."""
        row = self._database.row(
            f"SELECT {_COLUMNS} FROM provider WHERE org = ? AND metadata = ? AND instance = ?",
            *(org, metadata, instance_id),
        )
        return _read(Provider, row) if row else None

    def put(self, connection: sqlite3.Connection, provider: Provider) -> None:
        """Write a provider, new or changed."""
        fields = asdict(provider)
        columns = [fields.pop(name) for name in ("id", "org", "metadata", "instance_id")]
        connection.execute(
            f"INSERT INTO provider ({_COLUMNS}) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET document = excluded.document",
            (*columns, json.dumps(fields)),
        )

    def delete(self, connection: sqlite3.Connection, provider_id: str) -> None:
        """Delete a provider and its event metadata."""
        connection.execute("DELETE FROM provider WHERE id = ?", (provider_id,))

    def metadata(self, provider_id: str) -> list[EventMetadata]:
        """Return the kinds of events of a provider, in order of their codes."""
        rows = self._database.rows(
            "SELECT provider, code, document FROM event_metadata WHERE provider = ? ORDER BY code",
            provider_id,
        )
        return [_read(EventMetadata, row) for row in rows]

    def find_metadata(self, provider_id: str, code: str) -> EventMetadata | None:
        row = self._database.row(
            "SELECT provider, code, document FROM event_metadata WHERE provider = ? AND code = ?",
            *(provider_id, code),
        )
        return _read(EventMetadata, row) if row else None

    def own_codes(self, most: int) -> list[str]:
        """Return the event codes of providers that are not Adobe's; look at ``most`` at most."""
        rows = self._database.rows(
            "SELECT code FROM provider CROSS JOIN event_metadata ON provider = id "
            "WHERE org > '' LIMIT ?",
            most,
        )
        return sorted({code for (code,) in rows})

    def put_metadata(self, connection: sqlite3.Connection, metadata: EventMetadata) -> None:
        """Write one kind of event, new or changed."""
        fields = asdict(metadata)
        columns = [fields.pop(name) for name in ("provider_id", "event_code")]
        connection.execute(
            "INSERT INTO event_metadata VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET document = excluded.document",
            (*columns, json.dumps(fields)),
        )

    def delete_metadata(
        self, connection: sqlite3.Connection, provider_id: str, code: str | None = None
    ) -> None:
        """Delete one kind of event of a provider, or all."""
        connection.execute(
            "DELETE FROM event_metadata WHERE provider = ? AND (? IS NULL OR code = ?)",
            (provider_id, code, code),
        )


def _read(kind: type[T], row: Row) -> T:
    """Return the value of a row, whose last column is a JSON object of the other members."""
    *columns, document = row
    return kind(*columns, **json.loads(document))
