"""From where on a journal is read, and how much of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.errors import ApiError
from flowsim.events_service.journal import query as journal_query
from flowsim.events_service.journal.query import MOST, JournalQuery

from ...cases import for_each


def read(**arguments: str) -> JournalQuery:
    return journal_query.read(arguments.get)


def refused(**arguments: str) -> list[str]:
    with pytest.raises(ApiError) as raised:
        read(**arguments)
    assert raised.value.status_code == 400
    return str(raised.value).split("; ")


@for_each(
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


@for_each("limit", ["0", "00", "-1", "1.5", "", "ten", "+5", "٣", "1" * 102])
def test_a_limit_is_a_number_from_1_on(limit: str) -> None:
    assert refused(limit=limit) == [f"limit is {limit[:60]!a}, expected a number from 1 on"]


def test_seek_points_to_the_past() -> None:
    assert refused(seek="PT2H") == ["seek is 'PT2H', expected a duration below zero, such as -PT2H"]
    assert "expected an ISO 8601 duration" in refused(seek="2h")[0]
    assert "expected an ISO 8601 duration" in refused(seek="")[0]


def test_parameters_that_exclude_each_other_are_refused() -> None:
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
def test_any_arguments_are_a_query_or_a_400(arguments: dict[str, str]) -> None:
    try:
        query = read(**arguments)
    except ApiError as error:
        status = error.status_code
    else:
        status = 200
        assert query.limit is None or 1 <= query.limit <= MOST
    assert status in (200, 400)


@for_each(
    ("text", "seconds"),
    [
        ("-PT2H", -7_200),
        ("-P1D", -86_400),
        ("-P5DT2H", -439_200),
        ("P1W", 604_800),
        ("-P1DT1H1M1S", -90_061),
        ("-PT90M", -5_400),
        ("-PT0.5S", -0.5),
        ("-PT0,25S", -0.25),
        ("PT0S", 0),
        ("-P007D", -604_800),
    ],
)
def test_durations_are_read(text: str, seconds: float) -> None:
    assert journal_query.parse_duration(text) == seconds


@for_each(
    "text",
    [
        *("", "-", "P", "-P", "-PT", "-P1DT", "2h", "-PT2", "PT-2H", "-P1M", "-P1Y", "-P1.5D"),
        *("-PT1S2H", "+PT2H", "-pt2h", "-PT2H ", "-P\u0661D", "-P1111111111D", "-PT1H1H"),
        *("--P1D", "-P1DT1H\n"),
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an ISO 8601 duration in weeks, days, hours"):
        journal_query.parse_duration(text)


@given(st.text(alphabet="-PTWDHMS0123456789.,"))
def test_any_text_is_a_number_of_seconds_or_a_value_error(text: str) -> None:
    try:
        seconds = journal_query.parse_duration(text)
    except ValueError:
        return
    assert (seconds <= 0) == (text.startswith("-") or seconds == 0)
