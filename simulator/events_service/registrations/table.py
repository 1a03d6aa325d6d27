"""Registrations, their filters, and the proofs that are required of webhooks."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Any

from ...core.instant import from_ms, to_ms
from ..database.database import Database, Row
from .model import UNSTABLE, EventOfInterest, Registration, Workspace

_COLUMNS = (
    "key, registration_id, org, project, workspace, name, client_id, document, status, "
    "unstable_since_ms, deleted"
)
_IN_DOCUMENT = (
    *("description", "delivery_type", "webhook_url", "runtime_action", "enabled"),
    "destination_metadata",
)
"""Members of a registration that its document holds as they are."""


@dataclass(frozen=True, slots=True)
class StoredFilter:
    """A subscriber-defined filter as it was given; ``subscriber_filter`` is JSON text."""

    id: str
    name: str
    description: str
    subscriber_filter: str


@dataclass(frozen=True, slots=True)
class Validation:
    """A required proof: a request that names ``challenge`` before ``expires`` gives it."""

    registration: int
    challenge: str
    expires: datetime


class Registrations:
    """Registrations; deleted ones are returned only by the methods that say so."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, registration_id: str) -> Registration | None:
        return self._one("registration_id = ? AND NOT deleted", registration_id)

    def even_deleted(self, registration_id: str) -> Registration | None:
        """Return a registration, deleted or not."""
        return self._one("registration_id = ?", registration_id)

    def by_key(self, key: int) -> Registration | None:
        """Return a registration, deleted or not."""
        return self._one("key = ?", key)

    def named(self, workspace: Workspace, name: str) -> Registration | None:
        where = "org = ? AND project = ? AND workspace = ? AND name = ? AND NOT deleted"
        return self._one(where, *astuple(workspace), name)

    def of_workspace(self, workspace: Workspace) -> list[Registration]:
        where = "org = ? AND project = ? AND workspace = ? AND NOT deleted ORDER BY key"
        return self._many(where, *astuple(workspace))

    def of_org(self, org: str, limit: int, offset: int) -> list[Registration]:
        return self._many(
            "org = ? AND NOT deleted ORDER BY key LIMIT ? OFFSET ?", org, limit, offset
        )

    def all(self) -> list[Registration]:
        """Return every registration that was not deleted."""
        return self._many("NOT deleted ORDER BY key")

    def newest(self, before: int | None, limit: int) -> list[Registration]:
        """Return registrations, the newest first: those with a key below ``before``, or all."""
        where = "NOT deleted AND key < ? ORDER BY key DESC LIMIT ?"
        return self._many(where, 2**63 - 1 if before is None else before, limit)

    def unstable(self) -> list[Registration]:
        """Return the registrations that are UNSTABLE, deleted ones too."""
        return self._many("status = ? AND unstable_since_ms IS NOT NULL", UNSTABLE)

    def interested_in(self, provider_id: str, code: str) -> list[Registration]:
        """Return the registrations that ask for an event code of a provider."""
        return self._many(
            "NOT deleted AND key IN "
            "(SELECT registration FROM interest WHERE provider = ? AND code = ?) ORDER BY key",
            *(provider_id, code),
        )

    def count_org(self, org: str) -> int:
        return self._count("org = ?", org)

    def count_client(self, client_id: str) -> int:
        return self._count("client_id = ?", client_id)

    def add(self, connection: sqlite3.Connection, registration: Registration) -> Registration:
        """Write a new registration and return it with its key."""
        cursor = connection.execute(
            f"INSERT INTO registration ({_COLUMNS}) VALUES (NULL{', ?' * 10})",
            _values(registration),
        )
        added = replace(registration, key=int(cursor.lastrowid or 0))
        self._put_interest(connection, added)
        return added

    def put(self, connection: sqlite3.Connection, registration: Registration) -> None:
        """Write a changed registration."""
        names = _COLUMNS.split(", ")[1:]
        connection.execute(
            f"UPDATE registration SET {', '.join(f'{name} = ?' for name in names)} WHERE key = ?",
            (*_values(registration), registration.key),
        )
        self._put_interest(connection, registration)

    def put_status(
        self, connection: sqlite3.Connection, key: int, status: str, unstable_since: datetime | None
    ) -> None:
        connection.execute(
            "UPDATE registration SET status = ?, unstable_since_ms = ? WHERE key = ?",
            (status, unstable_since and to_ms(unstable_since), key),
        )

    def filter_of(self, key: int) -> StoredFilter | None:
        row = self._database.row(
            "SELECT id, name, description, subscriber_filter FROM filter WHERE registration = ?",
            key,
        )
        return StoredFilter(*row) if row else None

    def put_filter(self, connection: sqlite3.Connection, key: int, filter_: StoredFilter) -> None:
        """Write the one filter of a registration."""
        connection.execute("DELETE FROM filter WHERE registration = ?", (key,))
        connection.execute(
            "INSERT INTO filter VALUES (?, ?, ?, ?, ?)",
            (filter_.id, key, filter_.name, filter_.description, filter_.subscriber_filter),
        )

    def delete_filter(self, connection: sqlite3.Connection, key: int) -> None:
        connection.execute("DELETE FROM filter WHERE registration = ?", (key,))

    def validation_of(self, key: int) -> Validation | None:
        row = self._database.row("SELECT * FROM validation WHERE registration = ?", key)
        return _validation(row) if row else None

    def validations(self) -> list[Validation]:
        """Return all required proofs, the first to expire first."""
        return [
            _validation(row)
            for row in self._database.rows("SELECT * FROM validation ORDER BY expires_ms")
        ]

    def put_validation(self, connection: sqlite3.Connection, validation: Validation) -> None:
        connection.execute(
            "INSERT OR REPLACE INTO validation VALUES (?, ?, ?)",
            (validation.registration, validation.challenge, to_ms(validation.expires)),
        )

    def delete_validation(self, connection: sqlite3.Connection, key: int) -> None:
        connection.execute("DELETE FROM validation WHERE registration = ?", (key,))

    def _one(self, where: str, *values: object) -> Registration | None:
        return next(iter(self._many(where, *values)), None)

    def _many(self, where: str, *values: object) -> list[Registration]:
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM registration WHERE {where}", *values)
        return [_registration(row) for row in rows]

    def _count(self, where: str, *values: object) -> int:
        row = self._database.row(
            f"SELECT count(*) FROM registration WHERE {where} AND NOT deleted", *values
        )
        return int(row[0]) if row else 0

    def _put_interest(self, connection: sqlite3.Connection, registration: Registration) -> None:
        connection.execute("DELETE FROM interest WHERE registration = ?", (registration.key,))
        if not registration.deleted:
            connection.executemany(
                "INSERT INTO interest VALUES (?, ?, ?)",
                [
                    (each.provider_id, each.event_code, registration.key)
                    for each in registration.events_of_interest
                ],
            )


def _values(registration: Registration) -> tuple[object, ...]:
    place, since = registration.workspace, registration.unstable_since
    return (
        *(registration.registration_id, place.org, place.project, place.workspace),
        *(registration.name, registration.client_id, _document(registration)),
        *(registration.status, since and to_ms(since), int(registration.deleted)),
    )


def _document(registration: Registration) -> str:
    interests = [[each.provider_id, each.event_code] for each in registration.events_of_interest]
    times = {"created_ms": to_ms(registration.created), "updated_ms": to_ms(registration.updated)}
    kept = {name: getattr(registration, name) for name in _IN_DOCUMENT}
    return json.dumps({**kept, "events_of_interest": interests, **times})


def _registration(row: Row) -> Registration:
    key, id_, org, project, workspace, name, client_id, document, status, since_ms, deleted = row
    fields: dict[str, Any] = json.loads(document)
    interests = tuple(EventOfInterest(*each) for each in fields.pop("events_of_interest"))
    return Registration(
        key=key,
        registration_id=id_,
        workspace=Workspace(org, project, workspace),
        client_id=client_id,
        name=name,
        events_of_interest=interests,
        created=from_ms(fields.pop("created_ms")),
        updated=from_ms(fields.pop("updated_ms")),
        status=status,
        unstable_since=None if since_ms is None else from_ms(since_ms),
        deleted=bool(deleted),
        **fields,
    )


def _validation(row: Row) -> Validation:
    return Validation(row[0], row[1], from_ms(row[2]))
