"""What differs between two texts, line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.captures import line_difference
from flowsim.captures.line_difference import WINDOW, line_differences

from ..work import assert_linear

TEXTS = st.text(st.sampled_from("ab\n\r"), max_size=12)


def assert_rest_is_the_same(left: str, right: str) -> None:
    found = list(line_differences(left, right))
    gone = {each.left for each in found}, {each.right for each in found}
    kept = [
        [line for place in enumerate(text.split("\n"), 1) if place not in of for line in place[1:]]
        for text, of in zip((left, right), gone, strict=True)
    ]
    assert kept[0] == kept[1]
    for each in found:
        assert each.left or each.right


@given(TEXTS, TEXTS)
def test_what_is_left_of_both_sides_is_the_same(left: str, right: str) -> None:
    assert_rest_is_the_same(left, right)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert list(line_differences(text, text)) == []


def test_lines_that_took_the_place_of_others_stand_beside_them() -> None:
    found = [(each.left, each.right) for each in line_differences("a\nb\nc", "a\nB\nC\nc\nd")]
    assert found == [((2, "b"), (2, "B")), (None, (3, "C")), (None, (5, "d"))]


def test_a_carriage_return_is_part_of_its_line() -> None:
    (found,) = line_differences("a\r\n", "a\n")
    assert (found.left, found.right) == ((1, "a\r"), (1, "a"))


LONG = st.lists(st.sampled_from("abcd"), max_size=40).map("\n".join)


@given(LONG, LONG)
def test_texts_that_are_longer_than_a_window_are_compared_whole(left: str, right: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_difference, "WINDOW", 4)
        assert_rest_is_the_same(left, right)
        assert list(line_differences(left, left)) == []


def test_lines_behind_a_window_stand_beside_those_they_took_the_place_of() -> None:
    lines = [f"line {number}" for number in range(3 * WINDOW)]
    changed = ["new", *lines]
    changed[2 * WINDOW] = "changed"
    found = [
        (each.left, each.right) for each in line_differences("\n".join(lines), "\n".join(changed))
    ]
    old = (2 * WINDOW, lines[2 * WINDOW - 1])
    assert found == [(None, (1, "new")), (old, (2 * WINDOW + 1, "changed"))]


def test_the_work_is_in_proportion_to_the_number_of_lines() -> None:
    """Lines that come back again and again took time as the cube of their number."""

    def make(number: int) -> tuple[str, str]:
        texts = ([f"{sign * each % 101}" for each in range(number)] for sign in (1, -1))
        one, other = map("\n".join, texts)
        return one, other

    def compare(texts: tuple[str, str]) -> None:
        assert list(line_differences(*texts))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_difference, "WINDOW", 200)
        assert_linear(compare, make, 500)
