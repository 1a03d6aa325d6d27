"""A window on the store: everything in order, nothing twice, little in memory."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.core.delivery import Delivery
from flowsim.core.payload import MOST_EVENTS
from flowsim.events_service.database.database import Database
from flowsim.events_service.deliveries.agenda import Bounds, StoreAgenda
from flowsim.events_service.deliveries.delivery_thread import CONCURRENCY
from flowsim.events_service.deliveries.loading import StoredPending
from flowsim.events_service.deliveries.table import Deliveries, StoredDelivery
from flowsim.events_service.opening import open_database
from flowsim.events_service.publishing.directory import Directory
from flowsim.events_service.registrations.model import Registration, Workspace
from flowsim.runtime.clock import ManualClock

BEGIN = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


async def never_load(pending: StoredPending) -> Delivery | None:
    """Fail: nothing is sent here."""
    raise AssertionError(pending)


@pytest.fixture
def database() -> Iterator[Database]:
    with open_database(None) as opened:
        yield opened


def agenda_of(
    database: Database,
    clock: ManualClock,
    window: int = 3,
    share: int = 64,
    total: int = 192,
) -> StoreAgenda:
    directory, bounds = Directory(database), Bounds(window, share, total)
    return StoreAgenda(database, directory, never_load, clock, (), list, bounds)


def add(database: Database, *offsets: int, registration: int = 1) -> list[int]:
    """Add deliveries due these seconds after the beginning; return their numbers."""
    deliveries, numbers = Deliveries(database), []
    with database.transaction() as connection:
        for offset in offsets:
            deliveries.add(connection, [(registration, 1)], BEGIN + offset * SECOND)
            numbers.append(deliveries.newest())
    return numbers


def play(database: Database, agenda: StoreAgenda, clock: ManualClock) -> list[tuple[datetime, int]]:
    """Take everything out in order, letting time pass as needed."""
    taken = []

    async def work() -> None:
        while (due := await agenda.first()) is not None:
            if due > clock.now():
                clock.advance((due - clock.now()).total_seconds())
                await clock.until(due, asyncio.Event(), None)
            pending = await agenda.take()
            assert pending
            taken.append((pending.due, pending.order))
            agenda.end(pending)
            with database.transaction() as connection:
                Deliveries(database).delete(connection, [pending.order])

    asyncio.run(work())
    return taken


@given(st.lists(st.integers(0, 5), max_size=60))
def test_each_stored_delivery_is_taken_once_in_order_of_time_and_number(offsets: list[int]) -> None:
    with open_database(None) as database:
        clock = ManualClock(BEGIN)
        numbers = add(database, *offsets)
        taken = play(database, agenda_of(database, clock), clock)
        due = [BEGIN + offset * SECOND for offset in offsets]
        assert taken == sorted(zip(due, numbers, strict=True))


@given(st.lists(st.lists(st.integers(0, 5), max_size=12), max_size=5))
def test_deliveries_added_later_are_found_in_their_place(rounds: list[list[int]]) -> None:
    with open_database(None) as database:
        clock = ManualClock(BEGIN)
        agenda = agenda_of(database, clock)
        expected: list[int] = []

        async def work() -> None:
            for offsets in rounds:
                expected.extend(add(database, *offsets))
                agenda.look_again()
                await agenda.first()

        asyncio.run(work())
        assert sorted(order for _, order in play(database, agenda, clock)) == expected


def test_only_a_few_stored_deliveries_are_in_memory(database: Database) -> None:
    clock = ManualClock(BEGIN)
    agenda = agenda_of(database, clock, window=5)
    asyncio.run(agenda.first())
    for _ in range(50):
        add(database, *range(20))
        agenda.look_again()
        asyncio.run(agenda.first())
        assert agenda.size <= 4 * 5
    assert len(play(database, agenda, clock)) == 1000


def test_a_delivery_under_way_is_taken_again_only_for_its_retry(database: Database) -> None:
    clock = ManualClock(BEGIN)
    agenda = agenda_of(database, clock)
    add(database, 0)

    async def work() -> None:
        await agenda.first()
        pending = await agenda.take()
        assert pending
        agenda.look_again()
        assert await agenda.first() is None
        agenda.end(pending, [replace(pending.rows[0], due=BEGIN + 60 * SECOND, attempt=2)])
        assert await agenda.first() == BEGIN + 60 * SECOND
        assert await agenda.take() is None

    asyncio.run(work())


async def taken(agenda: StoreAgenda) -> list[StoredPending]:
    """Take out all that is due and may begin."""
    found = []
    while await agenda.first() is not None:
        if pending := await agenda.take():
            found.append(pending)
    return found


def test_a_registration_has_its_share_under_way_and_others_go_on(
    database: Database,
) -> None:
    """For each attempt that ends, a held delivery begins."""
    agenda = agenda_of(database, ManualClock(BEGIN), share=2)
    many = add(database, *[0] * 7)
    other = add(database, 0, registration=2)

    async def work() -> list[list[int]]:
        rounds, begun = [], await taken(agenda)
        while begun:
            rounds.append([each.order for each in begun])
            for each in begun:
                agenda.end(each)
            begun = await taken(agenda)
        return rounds

    assert asyncio.run(work()) == [[*many[:2], *other], many[2:4], many[4:6], many[6:]]
    assert agenda.size == 0


@pytest.mark.parametrize("at_once", [True, False])
def test_attempts_that_never_end_leave_room_for_another_registration(
    database: Database, at_once: bool
) -> None:
    """Twenty registrations want three times as many attempts as there are."""
    agenda = agenda_of(database, ManualClock(BEGIN), window=1_000)

    async def work() -> None:
        for registration in range(20):
            add(database, *[0] * 64, registration=registration)
            agenda.look_again()
            if not at_once:
                await taken(agenda)
        await taken(agenda)
        [healthy] = add(database, 0, registration=20)
        agenda.look_again()
        assert [each.order for each in await taken(agenda)] == [healthy]
        assert len(agenda.under_way) < CONCURRENCY

    asyncio.run(work())


def test_time_stands_still_while_a_due_delivery_is_held(database: Database) -> None:
    """It begins at the moment at which it was due, even if others hang."""
    clock = ManualClock(BEGIN)
    agenda = agenda_of(database, clock, share=2)
    add(database, 0, 0, 0, 30)

    async def work() -> None:
        first, second = await taken(agenda)
        assert agenda.limit == clock.now()
        agenda.end(first)
        assert len(await taken(agenda)) == 1
        assert agenda.limit is None
        agenda.end(second)

    async def taken(agenda: StoreAgenda) -> list[StoredPending]:
        found = []
        while (due := await agenda.first()) is not None and due <= clock.now():
            if pending := await agenda.take():
                found.append(pending)
        return found

    asyncio.run(work())


def test_time_stands_still_while_part_of_a_batch_is_left(
    database: Database,
) -> None:
    agenda = agenda_of(database, ManualClock(BEGIN))
    add(database, 0)

    async def work() -> None:
        await agenda.first()
        pending = await agenda.take()
        assert pending
        assert agenda.limit is None
        pending.left = [*pending.rows]
        assert agenda.limit == BEGIN

    asyncio.run(work())


@dataclass
class At:
    """A timer."""

    due: datetime
    follows_attempts: bool

    def run(self, now: datetime) -> None:
        raise AssertionError(now)


def test_retries_come_from_settled_attempts(database: Database) -> None:
    """The agenda asks for them, so that the recorder need not know it."""
    clock, following = ManualClock(BEGIN), list[tuple[StoredPending, list[StoredDelivery]]]()

    def settle() -> list[tuple[StoredPending, list[StoredDelivery]]]:
        settled, following[:] = following[:], []
        return settled

    agenda = StoreAgenda(database, Directory(database), never_load, clock, (), settle)
    add(database, 0, 0)

    async def work() -> None:
        first, second = await taken(agenda)
        due = BEGIN + 60 * SECOND
        following[:] = [(first, []), (second, [replace(second.rows[0], due=due, attempt=2)])]
        assert await agenda.first() == due
        assert (agenda.under_way, agenda.size) == ({}, 1)

    asyncio.run(work())


def test_timers_that_follow_attempts_limit_the_clock(database: Database) -> None:
    timers = [At(BEGIN + SECOND, False), At(BEGIN + 3 * SECOND, True), At(BEGIN + 2 * SECOND, True)]
    agenda = StoreAgenda(
        *(database, Directory(database), never_load, ManualClock(BEGIN), timers, list)
    )
    assert agenda.limit == BEGIN + 2 * SECOND


def test_a_later_registration_gets_an_equal_share_as_attempts_end(database: Database) -> None:
    """It begins with one; then the registration with the fewest attempts begins another."""
    agenda = agenda_of(database, ManualClock(BEGIN), window=1_000, total=9)

    def shares() -> Counter[int]:
        return Counter(each.registration for each in agenda.under_way.values())

    async def work() -> None:
        for registration in (1, 2, 3):
            add(database, *[0] * 9, registration=registration)
            agenda.look_again()
            await taken(agenda)
        assert shares() == {1: 5, 2: 2, 3: 1}
        for _ in range(6):
            agenda.end(next(iter(agenda.under_way.values())))
            await taken(agenda)
        assert shares() == {1: 3, 2: 2, 3: 2}

    asyncio.run(work())


def test_a_delivery_behind_a_full_window_begins_nevertheless(database: Database) -> None:
    """After a start, many deliveries to one webhook are due, and then one to another."""
    agenda = agenda_of(database, ManualClock(BEGIN), window=3, share=2)
    many = add(database, *[0] * 50)
    [other] = add(database, 0, registration=2)
    assert [each.order for each in asyncio.run(taken(agenda))] == [*many[:2], other]


def batched(key: int) -> Registration:
    """Return a registration that takes batches."""
    place = Workspace("org", "project", "workspace")
    return Registration(
        *(key, str(key), place, "client", str(key), "", "webhook_batch", "http://w/", None, True),
        *((), None, BEGIN, BEGIN),
    )


class Batched(Directory):
    """All registrations take batches."""

    def registration(self, key: int) -> Registration | None:
        return batched(key)


STEPS = st.one_of(
    st.tuples(st.just("add"), st.integers(1, 2), st.integers(1, 25)),
    st.tuples(st.just("end"), st.integers(0, 5), st.integers(0, 25)),
)


@settings(max_examples=50)
@given(st.lists(STEPS, max_size=25))
def test_every_delivery_is_in_one_batch_in_any_order_of_endings(
    steps: list[tuple[str, int, int]],
) -> None:
    """A step adds events, or ends an attempt whose body had room for some of its events."""
    with open_database(None) as database:
        directory, clock = Batched(database), ManualClock(BEGIN)
        bounds = Bounds(3, share=2, total=3)
        agenda = StoreAgenda(
            *(database, directory, never_load, clock, (), list, bounds),
        )
        added: list[int] = []
        delivered: list[int] = []

        def end(place: int, fitting: int) -> None:
            under_way = [*agenda.under_way.values()]
            if under_way:
                pending = under_way[place % len(under_way)]
                assert len(pending.rows) <= MOST_EVENTS
                fitting = max(1, fitting)
                pending.rows, pending.left = pending.rows[:fitting], pending.rows[fitting:]
                numbers = [each.number for each in pending.rows]
                assert numbers == sorted(numbers)
                delivered.extend(numbers)
                with database.transaction() as connection:
                    Deliveries(database).delete(connection, numbers)
                agenda.end(pending)

        async def work() -> None:
            for step, first, second in steps:
                if step == "add":
                    added.extend(add(database, *[0] * second, registration=first))
                    agenda.look_again()
                else:
                    end(first, second)
                await taken(agenda)
            while agenda.under_way:
                end(0, MOST_EVENTS)
                await taken(agenda)

        asyncio.run(work())
        assert sorted(delivered) == added
        assert agenda.size == 0
