"""The entities of families: found by id and by keys, the latest first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowsim.events_service.database.database import Database
from flowsim.events_service.opening import open_database
from flowsim.events_service.platform import table
from flowsim.events_service.platform.table import EntitiesOfFamily, FoundEntity
from flowsim.families.entities import Entity


@pytest.fixture
def database() -> Iterator[Database]:
    with open_database(None) as opened:
        yield opened


def add(database: Database, *found: FoundEntity) -> None:
    with database.transaction() as connection:
        table.add(connection, found)


def parcel(number: int, seq: int, family: str = "parcel", **keys: str) -> FoundEntity:
    """Return an entity whose document says in which event it is."""
    return FoundEntity(family, Entity(f"p{number}", {"id": number, "seq": seq}, keys), seq)


def test_the_latest_notification_decides_and_earlier_keys_stay(database: Database) -> None:
    add(database, parcel(1, 1, order="a", batch="b"), parcel(2, 2, order="a"))
    add(database, parcel(1, 3, order="a"))
    parcels = EntitiesOfFamily(database, "parcel")
    assert parcels.find("p1") == parcels.latest("batch", "b") == {"id": 1, "seq": 3}
    assert [each["id"] for each in parcels.newest_first("order", "a")] == [1, 2]
    add(database, parcel(1, 4, order="c"))
    assert [each["id"] for each in parcels.newest_first("order", "a")] == [2]


def test_families_do_not_see_the_entities_of_others(database: Database) -> None:
    add(database, parcel(1, 1, order="a"), parcel(1, 2, "letter", order="a"))
    letters = EntitiesOfFamily(database, "letter")
    assert letters.find("p1") == letters.latest("order", "a") == {"id": 1, "seq": 2}
    assert [*letters.newest_first()] == [{"id": 1, "seq": 2}]
    assert EntitiesOfFamily(database, "card").find("p1") is None
    assert EntitiesOfFamily(database, "card").latest("order", "a") is None


def test_entities_go_with_the_event_that_told_of_them_last(database: Database) -> None:
    add(database, parcel(1, 1, order="a"), parcel(2, 1, order="a"), parcel(2, 2, order="a"))
    with database.transaction() as connection:
        table.delete_of_event(connection, [(1,)])
    parcels = EntitiesOfFamily(database, "parcel")
    assert [*parcels.newest_first()] == [*parcels.newest_first("order", "a")]
    assert [*parcels.newest_first()] == [{"id": 2, "seq": 2}]
    assert database.number("SELECT count(*) FROM entity_key") == 1


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2), st.sampled_from("ab"))))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_entity_comes_once_and_the_newest_first_in_pages_of_any_size(
    told: list[tuple[int, int, str]],
) -> None:
    """Several entities of one event have the same place; none is lost between two pages."""
    with open_database(None) as database:
        seq, latest, orders = 1, {}, {}
        for number, step, order in told:
            seq += step
            add(database, parcel(number, seq, order=order))
            latest[number], orders[number] = seq, order
        for at_once in (1, 2, 200):
            parcels = EntitiesOfFamily(database, "parcel")
            parcels.at_once = at_once
            shown = [*parcels.newest_first()]
            assert {each["id"]: each["seq"] for each in shown} == latest
            assert len(shown) == len(latest)
            assert [each["seq"] for each in shown] == sorted(latest.values(), reverse=True)
            for order in "ab":
                found = [each["id"] for each in parcels.newest_first("order", order)]
                wanted = [each["id"] for each in shown if orders[each["id"]] == order]
                assert found == wanted
