"""Published events, and the journal of each registration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from flowsim.core.event import Event, Notification
from flowsim.core.identifiers import uuid4
from flowsim.events_service.database.database import Database
from flowsim.events_service.publishing.table import Events, JournalEntry, StoredEvent

BEGIN = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def database() -> Iterator[Database]:
    with closing(Database(None)) as opened:
        yield opened


@pytest.fixture
def events(database: Database) -> Events:
    return Events(database)


def at(hours: int) -> datetime:
    return BEGIN + hours * HOUR


def event_id(seq: int) -> str:
    return uuid4(seq.to_bytes(16, "big"))


def fill(database: Database, events: Events, seqs: range, *readers: int) -> None:
    """Write an event an hour into the journals of readers; seq 1 is at BEGIN + 1 h."""
    with database.transaction() as connection:
        for seq in seqs:
            event = Event(event_id(seq), at(seq), "delivered", Notification("code", "event", seq))
            events.add(connection, [StoredEvent(seq, "provider", event)])
            events.add_entries(connection, [(reader, seq) for reader in readers])


def forget(database: Database, events: Events, moment: datetime, at_most: int = 1000) -> int:
    with database.transaction() as connection:
        return events.delete_before(connection, moment, at_most)


def entry(seq: int) -> JournalEntry:
    return JournalEntry(seq, event_id(seq), at(seq))


def test_a_journal_is_read_from_behind_a_place_on(database: Database, events: Events) -> None:
    fill(database, events, range(1, 4), 1)
    fill(database, events, range(4, 6), 2)
    fill(database, events, range(6, 8), 1, 2)
    assert [each.seq for each in events.entries(1, 0, 10)] == [1, 2, 3, 6, 7]
    assert [each.seq for each in events.entries(1, 2, 2)] == [3, 6]
    assert [each.event.notification.content for each in events.entries(2, 6, 9)] == [7]
    assert events.entries(3, 0, 10) == []
    assert (events.count_entries(1, 2), events.count_entries(3, 0)) == (3, 0)


def test_the_end_of_a_journal_is_its_newest_entry_even_if_deleted(
    database: Database, events: Events
) -> None:
    assert events.newest_entry(1) is None
    fill(database, events, range(1, 4), 1)
    fill(database, events, range(4, 6), 2)
    assert events.newest_entry(1) == entry(3)
    assert forget(database, events, at(4)) == 3
    assert events.newest_entry(1) == entry(3)
    assert events.newest_entry(2) == entry(5)
    assert events.newest_entry(3) is None


def test_expired_events_are_known_before_and_after_deletion(
    database: Database, events: Events
) -> None:
    fill(database, events, range(1, 9), 1)
    fill(database, events, range(9, 10), 2)
    assert events.newest_expired(1, at(1)) is None
    assert events.newest_expired(1, at(6)) == entry(5)
    assert forget(database, events, at(6), at_most=2) == 2
    assert events.newest_expired(1, at(6)) == entry(5)
    assert forget(database, events, at(6)) == 3
    assert events.newest_expired(1, at(6)) == entry(5)
    assert events.newest_expired(2, at(6)) is None
    assert [each.seq for each in events.entries(1, 0, 10)] == [6, 7, 8]


def test_a_place_is_found_by_its_moment(database: Database, events: Events) -> None:
    fill(database, events, range(1, 4), 1)
    assert [events.last_before(at(hours)) for hours in (1, 2, 3, 9)] == [0, 1, 2, 3]


def test_a_journal_page_is_read_by_index_at_any_length(database: Database, events: Events) -> None:
    """No step may scan, and none may sort what it found."""
    fill(database, events, range(1, 4), 1)
    forget(database, events, at(2))
    asked: list[str] = []
    connection = database._connection  # noqa: SLF001
    connection.set_trace_callback(asked.append)
    events.entries(1, 0, 10)
    events.newest_entry(1)
    events.newest_expired(2, at(9))
    events.count_entries(1, 0)
    connection.set_trace_callback(None)
    assert len(asked) == 6
    for sql in asked:
        plan = [str(row[3]) for row in database.rows(f"EXPLAIN QUERY PLAN {sql}")]
        assert all(step.startswith("SEARCH") for step in plan), (sql, plan)


def test_a_page_costs_the_same_at_a_hundred_times_as_many_events(
    database: Database, events: Events
) -> None:
    """Counted in steps of SQLite's machine, which are the same on every computer."""
    fill(database, events, range(1, 101), 1, 2, 3)
    few = steps(database, events, 50)
    fill(database, events, range(101, 10_001), 1, 2, 3)
    assert steps(database, events, 5_000) == pytest.approx(few, rel=0.1)


def steps(database: Database, events: Events, seq: int) -> int:
    """Return how many steps it takes to read a page in the middle of a journal."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection = database._connection  # noqa: SLF001
    connection.set_progress_handler(count, 10)
    events.entries(2, seq, 20)
    events.newest_entry(2)
    events.newest_expired(2, at(seq))
    connection.set_progress_handler(None, 0)
    return taken
