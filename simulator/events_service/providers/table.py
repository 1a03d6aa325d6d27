"""Providers and the kinds of events they emit."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from ..database.database import Database, Row
from .model import EventMetadata, Provider

_COLUMNS = "id, org, metadata, instance, document"


class Providers:
    """Providers by id, and their event metadata by code."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, provider_id: str) -> Provider | None:
        row = self._database.row(f"SELECT {_COLUMNS} FROM provider WHERE id = ?", provider_id)
        return _provider(row) if row else None

    def of_org(self, org: str) -> list[Provider]:
        """Return all providers an organisation can see: its own and those of Adobe."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM provider WHERE org IN (?, '') ORDER BY org, id", org
        )
        return [_provider(row) for row in rows]

    def of_instance(self, org: str, metadata: str, instance_id: str) -> Provider | None:
        """Return the provider of this kind and instance, which there is one of at most."""
        row = self._database.row(
            f"SELECT {_COLUMNS} FROM provider WHERE org = ? AND metadata = ? AND instance = ?",
            *(org, metadata, instance_id),
        )
        return _provider(row) if row else None

    def put(self, connection: sqlite3.Connection, provider: Provider) -> None:
        """Write a provider, new or changed."""
        document = {
            "label": provider.label,
            "description": provider.description,
            "docs_url": provider.docs_url,
            "publisher": provider.publisher,
            "event_delivery_format": provider.event_delivery_format,
            "data_residency_region": provider.data_residency_region,
            "project": provider.project,
            "workspace": provider.workspace,
        }
        connection.execute(
            f"INSERT INTO provider ({_COLUMNS}) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET document = excluded.document",
            (
                *(provider.id, provider.org, provider.metadata, provider.instance_id),
                json.dumps(document),
            ),
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
        return [_metadata(row) for row in rows]

    def find_metadata(self, provider_id: str, code: str) -> EventMetadata | None:
        row = self._database.row(
            "SELECT provider, code, document FROM event_metadata WHERE provider = ? AND code = ?",
            *(provider_id, code),
        )
        return _metadata(row) if row else None

    def put_metadata(self, connection: sqlite3.Connection, metadata: EventMetadata) -> None:
        """Write one kind of event, new or changed."""
        document = {
            "label": metadata.label,
            "description": metadata.description,
            "sample_event_template": metadata.sample_event_template,
        }
        connection.execute(
            "INSERT INTO event_metadata VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET document = excluded.document",
            (metadata.provider_id, metadata.event_code, json.dumps(document)),
        )

    def delete_metadata(
        self, connection: sqlite3.Connection, provider_id: str, code: str | None = None
    ) -> None:
        """Delete one kind of event of a provider, or all."""
        connection.execute(
            "DELETE FROM event_metadata WHERE provider = ? AND (? IS NULL OR code = ?)",
            (provider_id, code, code),
        )


def _provider(row: Row) -> Provider:
    id_, org, metadata, instance, document = row
    fields: dict[str, Any] = json.loads(document)
    return Provider(id_, org, metadata, instance, **fields)


def _metadata(row: Row) -> EventMetadata:
    provider, code, document = row
    fields: dict[str, Any] = json.loads(document)
    return EventMetadata(provider, code, **fields)
