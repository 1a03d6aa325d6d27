"""What a reader gets of deliveries: those under way, those that ended, and pages of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.core import headers
from flowsim.core.instant import from_ms
from flowsim.events_service.control import overview
from flowsim.events_service.control.actions import redeliver, reset
from flowsim.events_service.database.database import Database
from flowsim.events_service.deliveries.delivery_request import attempt_of
from flowsim.events_service.deliveries.history import MOST_NEWER, StoredHistory
from flowsim.events_service.deliveries.history_filter import DeliveryFilter
from flowsim.events_service.deliveries.recording import Retention
from flowsim.events_service.deliveries.table import Deliveries
from flowsim.events_service.local_service import LocalService, LocalServiceOptions, run
from flowsim.events_service.opening import open_database
from flowsim.events_service.service import Service
from flowsim.events_service.tracing.debug_trace import Traces
from flowsim.runtime.clock import present

from ...cases import one_in
from ...webhook import Webhook, status
from ..running import SUCCESS, advance, change, pending_in, publish, register, settled, until

EVERY = DeliveryFilter()


@pytest.fixture
def local() -> Iterator[LocalService]:
    """A service in memory with a manual clock."""
    with run(LocalServiceOptions(clock="manual")) as running:
        yield running


@pytest.fixture
def database() -> Iterator[Database]:
    with open_database(None) as opened:
        yield opened


def history_of(local: LocalService) -> StoredHistory:
    return StoredHistory(local.service.database)


def test_a_delivery_that_ended_is_kept_with_its_attempts(
    local: LocalService, webhook: Webhook
) -> None:
    webhook.answers = [status(503), status(200)]
    key = register(local.service, webhook.url).key
    begin, wall = local.clock.now(), present()
    event_id = publish(local.service, 5).event.id
    settled(local, 1)
    history = history_of(local)
    waiting = history.one(1)
    assert waiting
    assert (waiting.state, waiting.next_attempt) == ("waiting", 2)
    assert waiting.due == begin + timedelta(minutes=1)
    advance(local, 60)
    settled(local, 2)
    [row] = history.page(EVERY, None, 10).rows
    assert (row.number, row.registration, row.state, row.batch_size) == (1, key, "delivered", 1)
    assert (row.event.event_id, row.event.code, row.event.member) == (event_id, SUCCESS, "event")
    assert row.event.content["number"] == 5
    assert (row.at, row.due, row.next_attempt, row.is_again) == (begin, None, None, False)
    assert [(each.number, each.status_code, each.ending) for each in row.attempts] == [
        (1, 503, "retry"),
        (2, 200, "delivered"),
    ]
    assert [each.at - begin for each in row.attempts] == [timedelta(0), timedelta(minutes=1)]
    assert row.wall
    moments = [row.wall, *(each.wall for each in row.attempts if each.wall)]
    assert wall <= moments[0] <= moments[1] <= moments[2] <= present()


def test_a_batch_is_one_delivery_though_it_ends_at_its_first_attempt(
    local: LocalService, webhook: Webhook
) -> None:
    registration = register(local.service, webhook.url, "webhook_batch")
    webhook.answers = [status(503), status(400)]
    publish(local.service, 1)
    settled(local, 1)
    for number in range(2, 7):
        publish(local.service, number)
    until(lambda: pending_in(local.service.database, registration.key) == 1)
    history = history_of(local)
    rows = history.page(EVERY, None, 10).rows
    assert sum(each.batch_size for each in rows) == 6
    sizes = {each.number: each.batch_size for each in rows}
    assert sorted(sizes) == [each.number for each in reversed(rows)]
    for number, size in sizes.items():
        contents = [each.content["number"] for each in history.events(number)]
        assert contents == [*range(number, number + size)]
        for inside in range(number, number + size):
            assert history.one(inside) == history.one(number)


def test_a_delivery_whose_event_is_deleted_before_an_attempt_leaves_no_row(
    webhook: Webhook, tmp_path: Path
) -> None:
    webhook.answers = [status(503)]
    options = LocalServiceOptions(clock="manual", data=tmp_path)
    with run(options) as local:
        register(local.service, webhook.url)
        publish(local.service)
        settled(local, 1)
        local.service.database.rows("DELETE FROM entry")
        local.service.database.rows("DELETE FROM event")
    with run(options) as local:
        before = history_of(local).version()
        advance(local, 60)
        until(lambda: history_of(local).one(1) is None)
        assert history_of(local).version() == (*before[:2], before[2] + 1)
        assert len(webhook.requests) == 1


def test_ended_deliveries_are_deleted_after_a_week_in_steps(database: Database) -> None:
    now, deliveries = from_ms(10**12), Deliveries(database)
    old, young = now - timedelta(days=7, seconds=1), now - timedelta(days=6)
    with database.transaction() as connection:
        deliveries.add(connection, [(1, 1)] * 1_200, old)
        deliveries.add(connection, [(1, 1)] * 10, young)
        ended = [each for each in range(1, 1_206) if each != 700]
        deliveries.end(connection, [("delivered", None, each) for each in ended])
    retention, left = Retention(database, now), [1_210]
    while retention.due == now:
        retention.run(now)
        left.append(database.number("SELECT count(*) FROM delivery"))
    assert left == [1_210, 710, 211, 11]
    assert [row[0] for row in database.rows("SELECT number FROM delivery LIMIT 2")] == [700, 1_201]
    assert retention.due == now + timedelta(minutes=10)


def test_a_reset_deletes_the_history_and_changes_the_version(
    local: LocalService, webhook: Webhook
) -> None:
    register(local.service, webhook.url)
    versions = [history_of(local).version()]
    publish(local.service)
    settled(local, 1)
    versions.append(history_of(local).version())
    reset(local.service)
    versions.append(history_of(local).version())
    assert len(set(versions)) == 3
    assert history_of(local).page(EVERY, None, 5).rows == ()


# Queries use their indexes


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """Yield a list that gets each statement of the block, with its values."""
    with database.transaction() as connection:
        found = list[str]()
        connection.set_trace_callback(found.append)
        yield found
        connection.set_trace_callback(None)


def plans(database: Database, statements: list[str]) -> dict[str, str]:
    """Return for each statement that reads deliveries how SQLite finds the rows."""
    found = {}
    for sql in statements:
        if "FROM delivery" in sql and sql.startswith("SELECT"):
            steps = database.rows(f"EXPLAIN QUERY PLAN {sql}")
            found[sql] = "; ".join(step[3] for step in steps)
    return found


@pytest.fixture
def full(database: Database) -> Database:
    """A store with 3,000 deliveries to three registrations; the last ten are under way."""
    fill(database, 3_000)
    return database


def fill(database: Database, number: int, waiting: int = 10) -> None:
    deliveries = Deliveries(database)
    with database.transaction() as connection:
        connection.executemany(
            "INSERT INTO event VALUES (?, ?, 'p', 'code', 5, 'event', ?, NULL)",
            [(n, f"{n:08x}-aaaa", f'{{"n":"é{n}é"}}') for n in range(1, number + 1)],
        )
        deliveries.add(connection, [(n % 3, n) for n in range(1, number + 1)], from_ms(5))
        ended = range(1, number - waiting + 1)
        deliveries.end(connection, [("dropped" if n % 2 else "delivered", None, n) for n in ended])
        connection.executemany(
            "INSERT INTO attempt (registration, event_id, delivery_id, attempt, at_ms, status_code,"
            " elapsed_ms, outcome, delivery) VALUES (?, ?, ?, 1, 5, ?, 1.0, 'delivered', ?)",
            [(n % 3, f"{n:08x}-aaaa", f"{n:08x}-bbbb", 404 if n % 2 else 200, n) for n in ended],
        )


def test_work_under_way_is_found_by_partial_indexes(service: Service) -> None:
    database = service.database
    fill(database, 3_000)
    deliveries = Deliveries(database)
    with statements_of(database) as statements:
        assert len(deliveries.after(None, 100)) == 10
        assert len(deliveries.newer_than(2_995, 100)) == 5
        deliveries.of_batch(7)
        assert overview.read(service).pending == 10
    after, newer, of_batch, pending = plans(database, statements).values()
    assert "USING INDEX delivery_due" in after
    assert "INTEGER PRIMARY KEY" in newer
    assert "USING INDEX delivery_batch" in of_batch
    assert "USING COVERING INDEX delivery_due" in pending


@pytest.mark.parametrize(
    "wanted",
    [
        EVERY,
        DeliveryFilter(registration=1),
        DeliveryFilter(codes=("code",), state="dropped", status_class="4xx", text="é29"),
        DeliveryFilter(text="00000b00"),
    ],
)
def test_no_page_scans_a_table(full: Database, wanted: DeliveryFilter) -> None:
    with statements_of(full) as statements:
        assert StoredHistory(full).page(wanted, None, 1).rows
        StoredHistory(full).newer_count(2_000)
    found = plans(full, statements)
    assert found
    scans = [sql for sql, plan in found.items() if "SCAN delivery" in plan or "SCAN own" in plan]
    assert scans == []


def steps_of_page(number: int, wanted: DeliveryFilter) -> int:
    """Return how often SQLite reports progress while page 1 of ``number`` deliveries is read."""
    with open_database(None) as database:
        fill(database, number, waiting=0)
        steps = [0]

        def count() -> int:
            steps[0] += 1
            return 0

        with database.transaction() as connection:
            connection.set_progress_handler(count, 1)
        assert len(StoredHistory(database).page(wanted, None, 50).rows) == 50
        return steps[0]


@pytest.mark.parametrize("wanted", [EVERY, DeliveryFilter(registration=1)])
def test_the_first_page_of_many_deliveries_costs_what_it_costs_of_few(
    wanted: DeliveryFilter,
) -> None:
    assert steps_of_page(20_000, wanted) <= 1.05 * steps_of_page(300, wanted)


# Filters


def numbers(database: Database, wanted: DeliveryFilter, limit: int = 5_000) -> list[int]:
    """Return what all pages hold together."""
    history, before, found = StoredHistory(database), None, list[int]()
    while True:
        page = history.page(wanted, before, limit, look_at=700)
        found += [each.number for each in page.rows]
        before = page.next_before
        if before is None:
            return found


@pytest.mark.parametrize("limit", one_in(3, [7, 1, 5_000]))
def test_pages_hold_everything_once_newest_first(database: Database, limit: int) -> None:
    fill(database, 1_000)
    assert numbers(database, EVERY, limit) == [*range(1_000, 0, -1)]
    assert numbers(database, DeliveryFilter(registration=2), limit) == [*range(998, 0, -3)]
    assert numbers(database, DeliveryFilter(state="waiting"), limit) == [*range(1_000, 990, -1)]
    assert numbers(database, DeliveryFilter(state="dropped"), limit) == [*range(989, 0, -2)]
    assert numbers(database, DeliveryFilter(status_class="2xx"), limit) == [*range(990, 0, -2)]
    assert numbers(database, DeliveryFilter(codes=("code", "x")), limit) == [*range(1_000, 0, -1)]
    assert numbers(database, DeliveryFilter(codes=("x",)), limit) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("é12é", [12]),
        ("É12É", [12]),
        ('"N":"', [*range(100, 0, -1)]),
        ("COD", [*range(100, 0, -1)]),
        ("0000000c-aaaa", [12]),
        ("0000000C", [12]),
        ("0000000c-bbbb", [12]),
        ("0000001", [*range(31, 15, -1)]),
        ("%", []),
        ("n_", []),
        ("\ud800", []),
    ],
)
def test_a_text_is_found_in_ids_codes_and_contents(
    database: Database, text: str, expected: list[int]
) -> None:
    fill(database, 100, waiting=0)
    wanted = DeliveryFilter(text=text)
    assert (text, numbers(database, wanted)) == (text, [n for n in expected if n])


@given(st.text(max_size=30), st.text(max_size=5), st.text(max_size=5))
@settings(max_examples=50, deadline=None)
def test_any_text_of_a_content_is_found(text: str, before: str, after: str) -> None:
    with open_database(None) as database:
        fill(database, 1)
        content = json.dumps({"text": before + text + after}, ensure_ascii=False)
        encodable = content.encode("utf-8", "replace").decode()
        database.rows("UPDATE event SET content = ?", encodable)
        wanted = text.encode("utf-8", "replace").decode()
        assert numbers(database, DeliveryFilter(text=wanted)) == [1]


def test_a_search_stops_after_some_rows_and_goes_on_there(database: Database) -> None:
    fill(database, 1_000)
    history = StoredHistory(database)
    page = history.page(DeliveryFilter(text="é3é"), None, 10, look_at=300)
    assert (page.rows, page.next_before, page.looked_at) == ((), 701, 300)
    page = history.page(DeliveryFilter(text="é3é"), 701, 10, look_at=701)
    assert ([each.number for each in page.rows], page.next_before) == ([3], None)


@pytest.mark.parametrize("number", [0, -5, 1_001, 2**80])
def test_numbers_that_no_delivery_has_find_nothing(database: Database, number: int) -> None:
    fill(database, 1_000)
    history = StoredHistory(database)
    assert (history.one(number), history.events(number)) == (None, ())
    assert history.newer_count(number) == (0 if number > 1_000 else MOST_NEWER)
    assert len(history.page(EVERY, number, 5).rows) == (5 if number > 0 else 0)


@pytest.mark.parametrize("wanted", [{"state": "odd"}, {"status_class": "1xx"}])
def test_an_unknown_state_or_class_is_refused(wanted: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="expected one of"):
        DeliveryFilter(**wanted)  # type: ignore[arg-type]


# What was sent


@pytest.mark.parametrize("kind", ["webhook", "webhook_batch"])
def test_what_was_sent_is_rebuilt_exactly(kind: str, tmp_path: Path) -> None:
    """Also after a restart, and for each attempt with its own delivery id."""
    with Webhook() as webhook:
        webhook.answers = [status(503), status(503), status(400), status(200)]
        with run(LocalServiceOptions(clock="manual", data=tmp_path)) as local:
            registration = register(local.service, webhook.url, kind)
            for number in range(5):
                publish(local.service, number)
            until(lambda: bool(webhook.requests))
            advance(local, 3 * 3600)
            until(lambda: pending_in(local.service.database, registration.key) == 0)
    with run(LocalServiceOptions(clock="manual", data=tmp_path)) as local:
        service = local.service
        sent = {each.headers["x-adobe-delivery-id"]: each for each in webhook.requests}
        for row in history_of(local).page(EVERY, None, 100).rows:
            for each in row.attempts:
                request = sent.pop(each.delivery_id)
                again = attempt_of(service, row.number, each.number)
                assert again
                assert again.delivery.signed.payload.body == request.body
                shown = dict(headers.of_attempt(again))
                assert shown.items() <= dict(request.headers).items()
                trace = Traces(service.database).of_delivery_id(registration.key, each.delivery_id)
                assert trace
                shown_body = trace["trace"]["tracingRequest"]["requestBody"]
                assert shown_body == request.body.decode()
        assert sent == {}


def test_nothing_is_rebuilt_where_event_or_webhook_is_gone(service: Service) -> None:
    registration = register(service, "http://127.0.0.1:9/")
    publish(service)
    assert attempt_of(service, 1)
    assert attempt_of(service, 2) is None
    change(service, registration, webhook_url=None)
    assert attempt_of(service, 1) is None
    change(service, registration, webhook_url="http://127.0.0.1:9/")
    service.database.rows("DELETE FROM entry")
    service.database.rows("DELETE FROM event")
    assert attempt_of(service, 1) is None
    row = StoredHistory(service.database).one(1)
    assert row
    assert (row.event.seq, row.event.content, row.event.event_id) == (1, None, None)


def test_traces_of_other_registrations_and_attempts_are_not_found(service: Service) -> None:
    traces = Traces(service.database)
    with service.database.transaction() as connection:
        for id_ in ("a", 'b"id":"c'):
            traces.add(connection, 1, True, from_ms(5), {"id": id_, "text": '"id":"d"'})
    assert traces.of_delivery_id(1, 'b"id":"c') == {"id": 'b"id":"c', "text": '"id":"d"'}
    assert traces.of_delivery_id(1, "c") is None
    assert traces.of_delivery_id(1, "d") is None
    assert traces.of_delivery_id(2, "a") is None


def test_redeliveries_are_marked_and_counted_as_newer(service: Service) -> None:
    register(service, "http://127.0.0.1:9/")
    event_id = publish(service).event.id
    redeliver(service, event_id, None)
    history = StoredHistory(service.database)
    assert [each.is_again for each in history.page(EVERY, None, 5).rows] == [True, False]
    assert (history.newer_count(1), history.newer_count(2)) == (1, 0)
