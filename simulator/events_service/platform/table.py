"""The entities in published notifications: the targets of their links."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ...families.entities import Entities, Entity
from ..database.database import Database

Json = dict[str, Any]

_ALL = "FROM entity WHERE family = ?"
_WITH_KEY = (
    "FROM entity_key AS k JOIN entity USING (family, id) "
    "WHERE k.family = ? AND k.kind = ? AND k.key = ?"
)


@dataclass(frozen=True, slots=True)
class FoundEntity:
    """An entity in an event: the name of its family, and the number of the event."""

    family: str
    entity: Entity
    seq: int


def add(connection: sqlite3.Connection, found: Iterable[FoundEntity]) -> None:
    """Write entities; of each the latest document is kept.

    A key that a later event leaves out stays, so that an entity is found by it still.
    """
    rows = [(each.family, each.entity.id, each.seq, each.entity) for each in found]
    connection.executemany(
        "INSERT INTO entity VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET seq = excluded.seq, document = excluded.document",
        [(*row, json.dumps(entity.document)) for *row, entity in rows],
    )
    connection.executemany(
        "INSERT INTO entity_key VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET key = excluded.key",
        [(*row, kind, key) for *row, entity in rows for kind, key in entity.keys.items()],
    )
    connection.executemany(
        "UPDATE entity_key SET seq = ? WHERE family = ? AND id = ?",
        [(seq, family, entity_id) for family, entity_id, seq, _ in rows],
    )


def delete_of_event(connection: sqlite3.Connection, seqs: Iterable[tuple[int]]) -> None:
    """Delete the entities whose latest event is one of these, with their keys."""
    connection.executemany("DELETE FROM entity WHERE seq = ?", seqs)


class EntitiesOfFamily(Entities):
    """The entities of one family, by id and by their keys; ``at_once`` are read at a time."""

    at_once = 200

    def __init__(self, database: Database, family: str) -> None:
        self._database = database
        self._family = family

    def find(self, entity_id: str) -> Json | None:
        row = self._database.row(f"SELECT document {_ALL} AND id = ?", *(self._family, entity_id))
        return None if row is None else dict(json.loads(row[0]))

    def latest(self, kind: str, key: str) -> Json | None:
        return next(self._found((kind, key), 1), None)

    def newest_first(self, kind: str | None = None, key: str | None = None) -> Iterator[Json]:
        with_key = () if kind is None or key is None else (kind, key)
        return self._found(with_key, self.at_once)

    def _found(self, kind_and_key: tuple[str, ...], at_once: int) -> Iterator[Json]:
        """Yield all entities, or those with a key; the one with the latest event comes first."""
        table, seq = (_WITH_KEY, "k.seq") if kind_and_key else (_ALL, "seq")
        before = 2**62, 0
        while True:
            rows = self._database.rows(
                f"SELECT {seq}, entity.rowid, document {table} AND {seq} <= ? "
                f"AND ({seq}, entity.rowid) < (?, ?) "
                f"ORDER BY {seq} DESC, entity.rowid DESC LIMIT ?",
                *(self._family, *kind_and_key, before[0], *before, at_once),
            )
            yield from (json.loads(row[2]) for row in rows)
            if len(rows) < at_once:
                return
            before = rows[-1][:2]
