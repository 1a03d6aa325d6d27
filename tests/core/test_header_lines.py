"""Headers as lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.header_lines import HeaderLines

NAMES = st.sampled_from(["A", "a", "b", "X-Adobe-Event-Id", "x-adobe-event-id"])
LINES = st.lists(st.tuples(NAMES, st.text(max_size=3)), max_size=6)


@given(LINES)
def test_all_lines_are_kept_in_their_order_and_case(lines: list[tuple[str, str]]) -> None:
    headers = HeaderLines(lines)
    assert list(headers.items()) == lines
    assert (len(headers), list(headers)) == (len(lines), [name for name, _ in lines])


def test_names_match_in_any_case_and_the_first_line_counts() -> None:
    headers = HeaderLines([("X-A", "1"), ("x-a", "2")])
    assert (headers["x-A"], headers.get("X-a"), headers.get("x")) == ("1", "1", None)
    assert "x-a" in headers
    with pytest.raises(KeyError):
        headers["x-b"]


@given(LINES, st.text(max_size=3))
def test_a_new_value_takes_the_place_of_the_first_line(
    lines: list[tuple[str, str]], value: str
) -> None:
    changed = list(HeaderLines(lines).with_values({"a": value}).items())
    others = [line for line in lines if line[0].lower() != "a"]
    assert [line for line in changed if line[0].lower() != "a"] == others
    own = [line for line in changed if line[0].lower() == "a"]
    place = next((place for place, line in enumerate(lines) if line[0].lower() == "a"), None)
    if place is None:
        assert changed == [*lines, ("a", value)]
    else:
        assert own == [(lines[place][0], value)] == [changed[place]]


def test_lines_can_be_removed_by_name() -> None:
    headers = HeaderLines([("Host", "a"), ("x", "1"), ("HOST", "b")])
    assert list(headers.without(["host", "y"]).items()) == [("x", "1")]
