"""Positions of a journal."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.events_service.journal import position
from flowsim.events_service.journal.position import Position

JOURNAL = "f962a665-5d48-48b7-a5af-520221cd2eae"
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
    text = position.spell(POSITION, JOURNAL)
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
    assert position.parse(position.spell(place, JOURNAL), JOURNAL) == place


def test_the_same_event_is_at_the_same_position_each_time_and_at_another_in_each_journal() -> None:
    assert position.spell(POSITION, JOURNAL) == position.spell(POSITION, JOURNAL)
    assert position.spell(POSITION, JOURNAL) != position.spell(POSITION, "another")


def test_a_position_is_the_whole_second_of_its_event() -> None:
    time = datetime(2025, 7, 3, 4, 55, 46, 999_000, tzinfo=UTC)
    assert Position.of(7, EVENT, time) == POSITION


@pytest.mark.parametrize(
    "text",
    ["", "moose", DOCUMENTED, CAPTURED[:-1], CAPTURED + "0", f" {CAPTURED}", CAPTURED.upper()],
)
def test_what_has_another_form_is_no_position(text: str) -> None:
    with pytest.raises(ValueError, match="it has not the form of a position"):
        position.parse(text, JOURNAL)


def test_what_was_made_up_or_belongs_to_another_journal_is_found_out() -> None:
    text = position.spell(POSITION, JOURNAL)
    made_up = [text[:-1] + "8", text.replace("1751518546", "1751518547"), text.replace("9d", "9e")]
    for other in (*made_up, position.spell(POSITION, "another")):
        with pytest.raises(ValueError, match="it is no position of this journal"):
            position.parse(other, JOURNAL)


def test_the_beginning_of_a_journal_is_before_its_first_event() -> None:
    created = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
    begin = position.beginning(JOURNAL, created)
    assert begin.seq == 0
    assert position.parse(position.spell(begin, JOURNAL), JOURNAL) == begin


@given(st.text())
def test_whatever_comes_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="position"):
        position.parse(text, JOURNAL)
