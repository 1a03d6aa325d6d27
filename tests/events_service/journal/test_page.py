"""Pages of a journal, and the links from one to the next."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from flowsim.events_service.journal.page import MOST_BYTES, Address, links, page

ADDRESS = Address("3725874", "799872", "f962a665-5d48-48b7-a5af-520221cd2eae")
JOURNAL = "/organizations/3725874/integrations/799872/f962a665-5d48-48b7-a5af-520221cd2eae"


def entries(count: int, size: int = 10) -> Iterator[tuple[str, bytes]]:
    for number in range(count):
        yield f"position-{number}", b'{"n":%d,"text":"%b"}' % (number, b"x" * size)


def test_a_page_is_the_json_that_adobe_documents() -> None:
    made = page(entries(2, 1), 100)
    assert made is not None
    assert made.body == (
        b'{"events":[{"position":"position-0","event":{"n":0,"text":"x"}},'
        b'{"position":"position-1","event":{"n":1,"text":"x"}}],'
        b'"_page":{"last":"position-1","count":2}}'
    )


def test_nothing_is_no_page() -> None:
    assert page([], 5) is None


@pytest.mark.parametrize(("limit", "count"), [(1, 1), (3, 3), (4, 4), (5, 4), (10**9, 4)])
def test_a_page_has_exactly_as_many_events_as_asked_for_or_all_that_remain(
    limit: int, count: int
) -> None:
    made = page(entries(4), limit)
    assert made is not None
    assert (made.count, made.last) == (count, f"position-{count - 1}")


def test_no_more_events_are_read_than_fit() -> None:
    left = entries(10)
    page(left, 3)
    assert next(left)[0] == "position-3"


def test_a_page_is_never_larger_than_a_megabyte_and_a_half() -> None:
    made = page(entries(100, 40_000), 100)
    assert made is not None
    assert made.count == 37
    assert MOST_BYTES - 41_000 < len(made.body) <= MOST_BYTES
    assert json.loads(made.body)["_page"] == {"last": "position-36", "count": 37}


def test_a_larger_event_travels_alone() -> None:
    made = page(entries(2, 2 * MOST_BYTES), 100)
    assert made is not None
    assert made.count == 1


def test_links_are_those_of_the_capture_path_absolute_and_one_a_line() -> None:
    since = "moose:1.penguin:2.3.0.4.5-6"
    assert links(ADDRESS, since, None, "/events-fast") == [
        f'</events{JOURNAL}>; rel="events"',
        f'</events-fast{JOURNAL}?since={since}>; rel="next"',
        f'</count{JOURNAL}?since={since}>; rel="count"',
        f'</events{JOURNAL}?latest=true>; rel="latest"',
        f'</events{JOURNAL}?since={{position}}&limit={{count}}>; rel="page"',
        f'</events{JOURNAL}?seek={{duration}}&limit={{count}}>; rel="seek"',
        f'</events{JOURNAL}/validate?since={since}>; rel="validate"',
    ]


def test_the_next_link_keeps_the_limit() -> None:
    kept = f'</events-fast{JOURNAL}?since=p&limit=7>; rel="next"'
    assert links(ADDRESS, "p", 7, "/events-fast")[1] == kept


@pytest.mark.parametrize("asked", ["/events", "", "/events-fast"])
def test_only_the_next_link_keeps_the_path_that_was_asked(asked: str) -> None:
    others = links(ADDRESS, "p", None, "/elsewhere")
    assert links(ADDRESS, "p", None, asked) == [
        others[0],
        f'<{asked}{JOURNAL}?since=p>; rel="next"',
        *others[2:],
    ]


def test_ids_of_any_characters_make_a_path() -> None:
    assert (
        Address("ä>", "\n", '"; x').path == "/organizations/%C3%A4%3E/integrations/%0A/%22%3B%20x"
    )
