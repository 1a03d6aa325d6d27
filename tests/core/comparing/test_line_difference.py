"""What differs between two texts, line by line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.comparing.line_difference import line_differences

TEXTS = st.text(st.sampled_from("ab\n\r"), max_size=12)


@given(TEXTS, TEXTS)
def test_what_is_left_of_both_sides_is_the_same(left: str, right: str) -> None:
    found = list(line_differences(left, right))
    gone = {each.left for each in found}, {each.right for each in found}
    kept = [
        [line for place in enumerate(text.split("\n"), 1) if place not in of for line in place[1:]]
        for text, of in zip((left, right), gone, strict=True)
    ]
    assert kept[0] == kept[1]
    for each in found:
        assert each.left or each.right


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert list(line_differences(text, text)) == []


def test_lines_that_took_the_place_of_others_stand_beside_them() -> None:
    found = [(each.left, each.right) for each in line_differences("a\nb\nc", "a\nB\nC\nc\nd")]
    assert found == [((2, "b"), (2, "B")), (None, (3, "C")), (None, (5, "d"))]


def test_a_carriage_return_is_part_of_its_line() -> None:
    (found,) = line_differences("a\r\n", "a\n")
    assert (found.left, found.right) == ((1, "a\r"), (1, "a"))
