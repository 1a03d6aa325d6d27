"""From where on a journal is read, and how much of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.errors import ApiError
from flowsim.events_service.journal import query as journal_query
from flowsim.events_service.journal.query import MOST, JournalQuery


def read(**arguments: str) -> JournalQuery:
    return journal_query.read(arguments.get)


def refused(**arguments: str) -> list[str]:
    with pytest.raises(ApiError) as raised:
        read(**arguments)
    assert raised.value.status_code == 400
    return str(raised.value).split("; ")


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        ({}, JournalQuery()),
        ({"since": "p"}, JournalQuery(since="p")),
        ({"latest": "true"}, JournalQuery(latest=True)),
        ({"latest": "false"}, JournalQuery()),
        ({"latest": "TRUE", "limit": "5"}, JournalQuery(latest=True, limit=5)),
        ({"since": "p", "latest": "true"}, JournalQuery(since="p")),
        ({"since": "p", "limit": "007"}, JournalQuery(since="p", limit=7)),
        ({"seek": "-PT2H"}, JournalQuery(seek_s=7200)),
        ({"seek": "-PT0S", "latest": "false"}, JournalQuery(seek_s=0)),
        ({"limit": "9" * 100}, JournalQuery(limit=MOST)),
        ({"unknown": "x"}, JournalQuery()),
    ],
)
def test_queries_are_read(arguments: dict[str, str], query: JournalQuery) -> None:
    assert read(**arguments) == query


@pytest.mark.parametrize("limit", ["0", "00", "-1", "1.5", "", "ten", "+5", "٣", "1" * 102])
def test_a_limit_is_a_number_from_1_on(limit: str) -> None:
    assert refused(limit=limit) == [f"limit is {limit[:60]!a}, expected a number from 1 on"]


def test_seek_points_to_the_past() -> None:
    assert refused(seek="PT2H") == ["seek is 'PT2H', expected a duration below zero, such as -PT2H"]
    assert "expected an ISO 8601 duration" in refused(seek="2h")[0]
    assert "expected an ISO 8601 duration" in refused(seek="")[0]


def test_what_excludes_each_other_is_refused() -> None:
    assert refused(seek="-PT2H", since="p") == [
        "seek and since exclude each other: seek at first, then follow the next links"
    ]
    assert refused(seek="-PT2H", latest="true") == ["seek and latest=true exclude each other"]


def test_every_mistake_is_named() -> None:
    assert len(refused(since="", latest="maybe", seek="PT1H", limit="x")) == 5


def test_a_position_to_validate_is_required() -> None:
    with pytest.raises(ApiError, match="since is missing"):
        journal_query.read({"latest": "true"}.get, since_required=True)


@given(st.dictionaries(st.sampled_from(["since", "latest", "seek", "limit"]), st.text()))
def test_whatever_comes_is_a_query_or_a_400(arguments: dict[str, str]) -> None:
    try:
        query = read(**arguments)
    except ApiError as error:
        status = error.status_code
    else:
        status = 200
        assert query.limit is None or 1 <= query.limit <= MOST
    assert status in (200, 400)
