"""Pages, links and positions of a journal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.events_service.journal import model
from flowsim.events_service.journal.model import MOST_BYTES, Address, Position, links, page

from ...cases import for_each

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


def test_without_events_there_is_no_page() -> None:
    assert page([], 5) is None


@for_each(("limit", "count"), [(1, 1), (3, 3), (4, 4), (5, 4), (10**9, 4)])
def test_a_page_has_the_requested_number_of_events_if_available(limit: int, count: int) -> None:
    made = page(entries(4), limit)
    assert made is not None
    assert (made.count, made.last) == (count, f"position-{count - 1}")


def test_only_events_that_fit_into_a_page_are_read() -> None:
    left = entries(10)
    page(left, 3)
    assert next(left)[0] == "position-3"


def test_a_page_is_never_larger_than_a_megabyte_and_a_half() -> None:
    made = page(entries(100, 40_000), 100)
    assert made is not None
    assert made.count == 37
    assert MOST_BYTES - 41_000 < len(made.body) <= MOST_BYTES
    assert json.loads(made.body)["_page"] == {"last": "position-36", "count": 37}


def test_a_larger_event_is_a_page_of_its_own() -> None:
    made = page(entries(2, 2 * MOST_BYTES), 100)
    assert made is not None
    assert made.count == 1


def test_links_equal_the_captured_links() -> None:
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
def test_only_the_next_link_keeps_the_requested_path(asked: str) -> None:
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


REGISTRATION = "f962a665-5d48-48b7-a5af-520221cd2eae"
EVENT = "9d010da7-dace-4541-b855-609f9a6b7d68"
POSITION = Position(7, EVENT, 1_751_518_546)
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
CAPTURED = (
    "moose:574e22b7-ff2a-482e-983b-87de8ef8a44a.penguin:e851fbe7-07b0-4683-8275-8cc2a7f0af10"
    f".{EVENT}.0.1751518546.9edlvqzt-m8pq48v5hy3"
)

DOCUMENTED = "camel:5aeb25cc-1b15-4f26-a082-9c213005dba8:ff244403-ca7c-4993-bbda-3c8915ce0b32"
"""As the older documents print it."""


def test_a_position_has_the_shape_of_the_2025_capture() -> None:
    text = model.spell_position(POSITION, REGISTRATION)
    shape = rf"moose:{UUID}\.penguin:{UUID}\.{EVENT}\.0\.1751518546\.[a-z0-9-]{{20}}"
    assert re.fullmatch(shape, text)
    assert re.fullmatch(shape, CAPTURED)


@given(
    st.integers(0, 10**12),
    st.uuids().map(str) | st.from_regex(r"[A-Za-z0-9_:.@{}-]{1,255}", fullmatch=True),
    st.integers(0, 4_102_444_800),
)
def test_a_position_leads_back_to_its_event(seq: int, event_id: str, at_s: int) -> None:
    place = Position(seq, event_id, at_s)
    assert model.parse_position(model.spell_position(place, REGISTRATION), REGISTRATION) == place


def test_an_event_has_a_fixed_position_in_each_journal() -> None:
    assert model.spell_position(POSITION, REGISTRATION) == model.spell_position(
        POSITION, REGISTRATION
    )
    assert model.spell_position(POSITION, REGISTRATION) != model.spell_position(POSITION, "another")


def test_a_position_is_the_whole_second_of_its_event() -> None:
    time = datetime(2025, 7, 3, 4, 55, 46, 999_000, tzinfo=UTC)
    assert Position.of(7, EVENT, time) == POSITION


@for_each(
    "text",
    ["", "moose", DOCUMENTED, CAPTURED[:-1], CAPTURED + "0", f" {CAPTURED}", CAPTURED.upper()],
)
def test_text_of_another_form_is_no_position(text: str) -> None:
    with pytest.raises(ValueError, match="it does not have the form of a position"):
        model.parse_position(text, REGISTRATION)


def test_invented_and_foreign_positions_are_refused() -> None:
    text = model.spell_position(POSITION, REGISTRATION)
    made_up = [text[:-1] + "8", text.replace("1751518546", "1751518547"), text.replace("9d", "9e")]
    for other in (*made_up, model.spell_position(POSITION, "another")):
        with pytest.raises(ValueError, match="it is not a position of this journal"):
            model.parse_position(other, REGISTRATION)


def test_the_beginning_of_a_journal_is_before_its_first_event() -> None:
    created = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
    begin = model.beginning(REGISTRATION, created)
    assert begin.seq == 0
    assert model.parse_position(model.spell_position(begin, REGISTRATION), REGISTRATION) == begin


@given(st.text())
def test_any_other_text_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="position"):
        model.parse_position(text, REGISTRATION)
