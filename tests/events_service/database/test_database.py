"""The file of a data folder: kept, refused, locked, full."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flowsim.core.instant import from_ms
from flowsim.errors import StoreError
from flowsim.events_service.database.database import Database, Settings
from flowsim.events_service.database.migrations import SCHEMA, STEPS, VERSION
from flowsim.events_service.deliveries.table import Deliveries, StoredDelivery
from flowsim.events_service.opening import FILE, open_database
from flowsim.events_service.platform.table import EntitiesOfFamily
from flowsim.events_service.tracing.debug_trace import Traces
from flowsim.installation import own_files

from ..running import attempts_in


@pytest.fixture
def database() -> Iterator[Database]:
    with open_database(None) as opened:
        yield opened


def put(database: Database, name: str, value: object) -> None:
    with database.transaction() as connection:
        Settings(database).put(connection, name, value)


def test_committed_data_is_in_the_folder_when_opened_again(tmp_path: Path) -> None:
    with open_database(tmp_path) as database:
        put(database, "name", {"any": ["é", None]})
    with open_database(tmp_path) as database:
        assert Settings(database).get("name") == {"any": ["é", None]}
        assert Settings(database).get("another") is None


@pytest.mark.parametrize("made_before", [False, True])
def test_only_the_owner_can_read_the_store(tmp_path: Path, made_before: bool) -> None:
    """It holds the token of the installation, and the folder may be open to others."""
    tmp_path.chmod(0o755)
    if made_before:
        (tmp_path / "events.sqlite3").touch(0o644)
    with open_database(tmp_path) as database:
        put(database, "name", 1)
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    kept = "events.sqlite3"
    assert modes == dict.fromkeys(["lock", kept, f"{kept}-wal", f"{kept}-shm"], 0o600)


def test_a_transaction_that_fails_leaves_nothing_and_the_next_one_works(
    database: Database,
) -> None:
    with pytest.raises(KeyError), database.transaction():  # noqa: PT012 - it fails half-way
        put(database, "one", 1)
        raise KeyError
    assert Settings(database).get("one") is None
    put(database, "one", 2)
    assert Settings(database).get("one") == 2


def test_a_counter_never_repeats_a_number_between_threads(database: Database) -> None:
    numbers: list[int] = []

    def count() -> None:
        for _ in range(50):
            with database.transaction() as connection:
                numbers.append(Settings(database).count_up(connection, "a counter"))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [*range(1, 201)]


RUNS = """
CREATE TABLE flow_run (
  run_id TEXT PRIMARY KEY,
  flow_id TEXT NOT NULL,
  batch_id TEXT,
  seq INTEGER NOT NULL,
  document TEXT NOT NULL
) STRICT;
CREATE INDEX flow_run_flow ON flow_run (flow_id, seq);
CREATE INDEX flow_run_batch ON flow_run (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX flow_run_seq ON flow_run (seq);
INSERT INTO flow_run VALUES
  ('r1', 'f', NULL, 1, '{"n": 1}'),
  ('r3', 'g', NULL, 9, '{"n": 3}'),
  ('r2', 'f', 'b', 2, '{"n": 2}');
"""
"""The table of flow runs in versions 1 to 3, with three runs."""


DELIVERIES = """
CREATE TABLE delivery (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  registration INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  due_ms INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  begun_ms INTEGER,
  batch INTEGER
) STRICT;
CREATE INDEX delivery_due ON delivery (due_ms, number);
CREATE INDEX delivery_batch ON delivery (batch) WHERE batch IS NOT NULL;
CREATE INDEX delivery_of ON delivery (registration);
"""
"""The table of deliveries in versions 1 to 4; version 5 has one column more."""


def schema_of_5() -> str:
    """Return the schema of version 5."""
    new = re.sub(r" *--.*", "", SCHEMA.read_text("utf-8"))
    without = re.sub(r"CREATE (TABLE delivery |INDEX delivery_)[^;]*;", "", new)
    without = re.sub(r"CREATE INDEX attempt_(delivery|id) [^;]*;", "", without)
    old, number = re.subn(r"(  cause TEXT),\n  delivery.*\n  wall_ms.*", r"\1", without)
    old, count = re.subn(r"(  content TEXT NOT NULL),\n  envelope TEXT", r"\1", old)
    assert (number, count) == (1, 1)
    return f"{old}; {DELIVERIES} {STEPS[3]}"


def schema_of_1() -> str:
    """Return the schema of version 1."""
    without = re.sub(r",\n  cause TEXT", "", schema_of_5())
    without = re.sub(r"CREATE (TABLE|INDEX) entity_?(?!_)[^;]*?;", "", without)
    return f"{without.removesuffix(str(STEPS[3]))} {RUNS}"


def tables(database: Database) -> list[str]:
    """Return how tables and indexes were made, without spaces and comments."""
    rows = database.rows("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
    return [re.sub(r"--.*|\s+", "", row[0]) for row in rows]


def test_a_file_of_the_first_version_is_migrated(tmp_path: Path) -> None:
    """Times and insights of traces stood beside ``trace``, where the API reference has none.

    Attempts had no cause, and no delivery was marked as a redelivery. Flow runs had a table of
    their own.
    """
    about = [{"providerName": "p", "eventCode": "é", "eventIds": ["1"]}]
    outer = {"event": "é", "id": "1", "date": "d", "clientId": "c", "registrationId": "r"}
    inner = {"tracingRequest": {"requestBody": '{"a": "\\u0000\\"é"}'}, "tracingResponse": {}}
    times = {"ts": 1768469400000, "deliveryTime": 1768469400001, "insightsInfo": about}
    with contextlib.closing(sqlite3.connect(tmp_path / FILE)) as connection:
        connection.executescript(f"{schema_of_1()} PRAGMA user_version = 1;")
        connection.execute("INSERT INTO attempt VALUES (1, 1, 'e', 'd', 1, 5, 602, 0.5, 'retry')")
        old = json.dumps({**outer, "trace": inner, **times}, ensure_ascii=False)
        connection.execute(
            "INSERT INTO trace (registration, succeeded, at_ms, document) VALUES (1, 1, 5, ?)",
            (old,),
        )
        connection.commit()
    with open_database(None) as fresh:
        new = tables(fresh)
    for _ in range(2):
        with open_database(tmp_path) as database:
            (shown,) = Traces(database).of(1, from_ms(0))
            assert shown == {**outer, "trace": {**inner, **times}}
            (attempt,) = attempts_in(database)
            assert (attempt.outcome, attempt.cause) == ("retry", None)
            runs = EntitiesOfFamily(database, "flow_run")
            assert [*runs.newest_first()] == [{"n": 3}, {"n": 2}, {"n": 1}]
            assert [*runs.newest_first("flow", "f")] == [{"n": 2}, {"n": 1}]
            assert (runs.find("r1"), runs.latest("batch", "b")) == ({"n": 1}, {"n": 2})
            assert tables(database) == new


WAITING = """
INSERT INTO event VALUES
  (1, 'e1', 'p', 'c', 100, 'event', '{}'), (2, 'e2', 'p', 'c', 100, 'event', '{}');
INSERT INTO delivery VALUES
  (7, 1, 1, 160000, 2, 100000, NULL, 0),
  (8, 1, 2, 400000, 3, 100000, 8, 0),
  (9, 1, 2, 400000, 3, 100000, 8, 0),
  (10, 2, 1, 100, 1, NULL, NULL, 1);
INSERT INTO attempt VALUES
  (1, 1, 'e1', 'a', 1, 99999, 200, 0.5, 'delivered', NULL),
  (2, 1, 'e1', 'b', 1, 100000, 503, 0.5, 'retry', NULL),
  (3, 1, 'e2', 'c', 1, 100000, 503, 0.5, 'retry', NULL),
  (4, 1, 'e2', 'd', 2, 160000, 503, 0.5, 'retry', NULL);
UPDATE sqlite_sequence SET seq = 41 WHERE name = 'delivery';
PRAGMA user_version = 5;
"""
"""Data of version 5: a single retry and a batch that wait, one delivery that did not begin."""


def test_deliveries_under_way_are_taken_over_from_version_5(tmp_path: Path) -> None:
    """They keep their numbers and get their attempts; the next number is not one used before."""
    with contextlib.closing(sqlite3.connect(tmp_path / FILE)) as connection:
        connection.executescript(f"{schema_of_5()} {WAITING}")
    for _ in range(2):
        with open_database(tmp_path) as database:
            retry = StoredDelivery(7, 1, 1, from_ms(160000), 2, from_ms(100000))
            of_batch = StoredDelivery(8, 1, 2, from_ms(400000), 3, from_ms(100000), 8)
            again = StoredDelivery(10, 2, 1, from_ms(100), is_again=True)
            deliveries = Deliveries(database)
            found = [again, retry, of_batch, replace(of_batch, number=9)]
            assert deliveries.after(None, 9) == found
            attempts = [each.delivery for each in attempts_in(database)]
            assert (attempts, attempts_in(database)[0].wall) == ([8, 8, 7, None], None)
    with open_database(tmp_path) as database, database.transaction() as connection:
        deliveries = Deliveries(database)
        deliveries.add(connection, [(1, 2)], from_ms(500000))
        assert deliveries.newest() == 42


def test_two_processes_never_share_a_folder(tmp_path: Path) -> None:
    refused = pytest.raises(StoreError, match=r"in use by another flowsim; .* --data")
    with open_database(tmp_path), refused, open_database(tmp_path):
        pass
    with open_database(tmp_path):
        pass


def is_refused(folder: Path) -> bool:
    """Tell whether a folder cannot be opened because another flowsim has it."""
    try:
        with open_database(folder):
            return False
    except StoreError as error:
        return re.fullmatch(r".+ is in use by another flowsim; .+ --data", str(error)) is not None


def test_a_folder_stays_locked_though_the_file_lock_is_removed(tmp_path: Path) -> None:
    with open_database(tmp_path):
        (tmp_path / "lock").unlink()
        assert is_refused(tmp_path)
    assert not is_refused(tmp_path)


def test_a_folder_is_locked_under_each_of_its_paths(tmp_path: Path) -> None:
    folder, link, moved = (tmp_path / name for name in ("folder", "link", "moved"))
    link.symlink_to(folder)
    with open_database(folder):
        assert is_refused(link)
        folder.rename(moved)
        assert is_refused(moved)


def test_a_data_folder_made_again_is_another_folder(tmp_path: Path) -> None:
    """A process that has the old one stores nothing any more, and leaves the new one unchanged."""
    folder = tmp_path / "folder"
    with open_database(folder) as old:
        shutil.rmtree(folder)
        with open_database(folder) as new:
            put(new, "name", "new")
            with pytest.raises(StoreError, match=r"was removed or replaced; start flowsim again"):
                put(old, "name", "old")
            old.close()
            assert Settings(new).get("name") == "new"
    with open_database(folder) as new:
        assert Settings(new).get("name") == "new"


def test_a_folder_that_an_earlier_version_has_is_refused(tmp_path: Path) -> None:
    """An earlier version locks only the file ``lock`` in the folder."""
    with (tmp_path / "lock").open("w") as file:
        assert own_files.lock(file.fileno())
        assert is_refused(tmp_path)
    assert not is_refused(tmp_path)


@pytest.mark.skipif(not hasattr(os, "O_PATH"), reason="only Linux has files that have no locks")
def test_a_file_system_without_locks_is_reported_as_such(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_PATH)
    with pytest.raises(OSError, match="Bad file descriptor"):
        own_files.lock(descriptor)
    os.close(descriptor)


@pytest.mark.parametrize(
    ("version", "table", "sentence"),
    [
        (VERSION + 1, "", r"newer flowsim \(format \d+, this one knows \d+\); upgrade"),
        (0, "CREATE TABLE theirs (x)", "belongs to another program"),
    ],
)
def test_a_file_of_a_newer_version_or_another_program_is_refused_unchanged(
    tmp_path: Path, version: int, table: str, sentence: str
) -> None:
    path = tmp_path / "events.sqlite3"
    connection = sqlite3.connect(path)
    connection.executescript(f"{table}; PRAGMA user_version = {version}")
    connection.close()
    with pytest.raises(StoreError, match=sentence), open_database(tmp_path):
        pass
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (version,)
    assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (len(table) > 0,)
    connection.close()


def test_a_damaged_file_is_reported_and_not_kept_open(tmp_path: Path) -> None:
    (tmp_path / "events.sqlite3").write_bytes(b"no database at all" * 400)
    before = os.listdir("/dev/fd")
    with pytest.raises(StoreError, match=r"is damaged .*; move it away"), open_database(tmp_path):
        pass
    assert os.listdir("/dev/fd") == before


def test_a_file_named_as_data_folder_is_refused_with_a_reason(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("here")
    with (
        pytest.raises(StoreError, match="name a folder of yours with --data"),
        open_database(place),
    ):
        pass


def test_a_file_locked_by_another_program_is_reported_as_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flowsim.events_service.database.database.LOCK_TIMEOUT", 0.01)
    with open_database(tmp_path) as database:
        other = sqlite3.connect(database.path or "", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another program"):
            put(database, "name", 1)
        other.execute("COMMIT")
        other.close()
        put(database, "name", 2)
        assert Settings(database).get("name") == 2


def test_a_full_disk_is_reported_and_writing_goes_on_afterwards(tmp_path: Path) -> None:
    with open_database(tmp_path) as database:
        pages = database.rows("PRAGMA page_count")[0][0]
        database.rows(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match=r"cannot grow .* make room"):
            put(database, "large", "x" * 1_000_000)
        database.rows("PRAGMA max_page_count = 1000000")
        put(database, "large", "x" * 1_000_000)
        assert len(Settings(database).get("large")) == 1_000_000


def test_nothing_is_kept_in_a_file_that_was_removed_or_replaced(tmp_path: Path) -> None:
    """SQLite would go on writing into a file that has no name any more."""
    with open_database(tmp_path) as database:
        path = tmp_path / "events.sqlite3"
        kept = path.rename(tmp_path / "kept")
        for _ in range(2):
            with pytest.raises(StoreError, match="was removed or replaced; start flowsim again"):
                put(database, "name", 1)
            path.touch()
        kept.rename(path)
        put(database, "name", 2)
        assert Settings(database).get("name") == 2
