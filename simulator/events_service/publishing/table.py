"""Published events, and the journal of each registration."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from ...core import json_writing
from ...core.envelope import Envelope
from ...core.event import Event, Notification
from ...core.instant import from_ms, to_ms
from ..database.database import Database, Row
from ..platform import table as entities

_COLUMNS = "seq, event_id, provider, code, at_ms, member, content, envelope"
_LAST_SEQ = 2**63 - 1
_EVENT = ", ".join(f"event.{name}" for name in _COLUMNS.split(", "))


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event that was published; ``seq`` is its place in the order of all events."""

    seq: int
    provider_id: str
    event: Event


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry of a journal: the place of an event, without its content."""

    seq: int
    event_id: str
    time: datetime


class Events:
    """Events in the order in which they were published."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_seq(self) -> int:
        """Return the place of the next event; ask inside the transaction that adds it."""
        return self.last_seq() + 1

    def add(self, connection: sqlite3.Connection, events: Iterable[StoredEvent]) -> None:
        connection.executemany(
            f"INSERT INTO event ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(_row, events)
        )

    def add_entries(
        self, connection: sqlite3.Connection, entries: Iterable[tuple[int, int]]
    ) -> None:
        """Write into journals: the key of a registration, and the place of an event."""
        connection.executemany("INSERT INTO entry VALUES (?, ?)", entries)

    def find(self, seqs: Sequence[int]) -> list[StoredEvent]:
        """Return events by their places, in that order."""
        marks = ", ".join("?" * len(seqs))
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM event WHERE seq IN ({marks}) ORDER BY seq", *seqs
        )
        return [_stored(row) for row in rows]

    def find_id(self, event_id: str) -> StoredEvent | None:
        """Return the latest event with this id."""
        row = self._database.row(
            f"SELECT {_COLUMNS} FROM event WHERE event_id = ? ORDER BY seq DESC LIMIT 1", event_id
        )
        return _stored(row) if row else None

    def latest(self, kinds: Sequence[tuple[str, str]], at_most: int) -> list[StoredEvent]:
        """Return the latest events of some kinds, each a provider and a code; newest first."""
        pairs = ", ".join(["(?, ?)"] * len(kinds))
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM event WHERE (provider, code) IN (VALUES {pairs}) "
            "ORDER BY seq DESC LIMIT ?",
            *(value for kind in kinds for value in kind),
            at_most,
        )
        return [_stored(row) for row in rows]

    def ids_from(self, begin: str, at_most: int) -> list[str]:
        """Return ids of events that begin with some text, in their order."""
        rows = self._database.rows(
            "SELECT DISTINCT event_id FROM event WHERE event_id >= ? AND event_id < ? "
            "ORDER BY event_id LIMIT ?",
            *(begin, f"{begin}\U0010ffff", at_most),
        )
        return [row[0] for row in rows]

    def entries(self, registration: int, after: int, limit: int) -> list[StoredEvent]:
        """Return the entries of a journal after a place, oldest first."""
        rows = self._database.rows(
            f"SELECT {_EVENT} FROM entry JOIN event USING (seq) "
            "WHERE entry.registration = ? AND entry.seq > ? ORDER BY entry.seq LIMIT ?",
            *(registration, after, limit),
        )
        return [_stored(row) for row in rows]

    def newest_entry(self, registration: int) -> JournalEntry | None:
        """Return the end of a journal; nothing if the journal never had an entry."""
        return self._entry_until(registration, _LAST_SEQ)

    def newest_expired(self, registration: int, moment: datetime) -> JournalEntry | None:
        """Return the newest entry of a journal from before a moment, deleted or not."""
        return self._entry_until(registration, self.last_before(moment))

    def count_entries(self, registration: int, after: int) -> int:
        """Return how many entries a journal has after a place."""
        return self._database.number(
            "SELECT count(*) FROM entry WHERE registration = ? AND seq > ?", registration, after
        )

    def readers_of(self, seq: int) -> list[int]:
        """Return the keys of the registrations whose journals hold an event."""
        rows = self._database.rows("SELECT registration FROM entry WHERE seq = ?", seq)
        return [row[0] for row in rows]

    def last_seq(self) -> int:
        """Return the place of the newest event, 0 before the first."""
        return self._database.number("SELECT seq FROM sqlite_sequence WHERE name = 'event'")

    def oldest(self) -> datetime | None:
        """Return when the oldest event was published, None if there is none."""
        row = self._database.row("SELECT at_ms FROM event ORDER BY at_ms LIMIT 1")
        return from_ms(row[0]) if row else None

    def last_before(self, moment: datetime) -> int:
        """Return the place of the newest event from before a moment, 0 if there is none."""
        return self._database.number(
            "SELECT seq FROM event WHERE at_ms < ? ORDER BY at_ms DESC, seq DESC LIMIT 1",
            to_ms(moment),
        )

    def delete_before(self, connection: sqlite3.Connection, moment: datetime, at_most: int) -> int:
        """Delete events from before a moment, the oldest first; return how many."""
        rows = connection.execute(
            "SELECT seq FROM event WHERE at_ms < ? ORDER BY at_ms, seq LIMIT ?",
            (to_ms(moment), at_most),
        ).fetchall()
        connection.executemany(
            "INSERT OR REPLACE INTO expired "
            "SELECT registration, seq, event_id, at_ms FROM entry JOIN event USING (seq) "
            "WHERE entry.seq = ?",
            rows,
        )
        connection.executemany("DELETE FROM entry WHERE seq = ?", rows)
        entities.delete_of_event(connection, rows)
        connection.executemany("DELETE FROM event WHERE seq = ?", rows)
        return len(rows)

    def _entry_until(self, registration: int, seq: int) -> JournalEntry | None:
        """Return the newest entry up to a place, or the newest that was deleted."""
        row = self._database.row(
            "SELECT seq, event_id, at_ms FROM entry JOIN event USING (seq) "
            "WHERE entry.registration = ? AND entry.seq <= ? ORDER BY entry.seq DESC LIMIT 1",
            *(registration, seq),
        ) or self._database.row(
            "SELECT seq, event_id, at_ms FROM expired WHERE registration = ?", registration
        )
        return JournalEntry(row[0], row[1], from_ms(row[2])) if row else None


def _row(stored: StoredEvent) -> Row:
    event, notification = stored.event, stored.event.notification
    return (
        *(stored.seq, event.id, stored.provider_id, notification.event_code),
        *(to_ms(event.time), notification.member),
        json_writing.compact(notification.content).decode(),
        _spelled(notification.envelope),
    )


def _spelled(envelope: Envelope | None) -> str | None:
    return None if envelope is None else json_writing.compact(asdict(envelope)).decode()


def _stored(row: Row) -> StoredEvent:
    seq, event_id, provider, code, at_ms, member, content, around = row
    envelope = None if around is None else Envelope(**json.loads(around))
    notification = Notification(code, member, json.loads(content), envelope=envelope)
    return StoredEvent(seq, provider, Event(event_id, from_ms(at_ms), "delivered", notification))
