"""Places in a JSON value, and the patterns that name them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.comparing.json_path import EXPECTED, Path, Pattern, paths, spell

PATHS = st.lists(st.text(max_size=4) | st.integers(0, 99), min_size=1, max_size=4).map(tuple)


@given(PATHS)
def test_a_spelled_path_is_the_pattern_that_fits_it_alone(path: Path) -> None:
    assert Pattern.parse(spell(path)).steps == path
    assert spell(path).isprintable()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), "$"),
        (("event", "errors", 0, "code"), "event.errors[0].code"),
        ((0, "event_id"), "[0].event_id"),
        (("adf/run/id", "a.b", "", "*", "0"), 'adf/run/id["a.b"][""]["*"].0'),
    ],
)
def test_a_path_reads_as_in_the_mistakes_of_scenarios(path: Path, text: str) -> None:
    assert spell(path) == text


@pytest.mark.parametrize(
    ("text", "fitting", "others"),
    [
        ("a", [("a",), ("a", "b"), ("a", 0)], [("b",), (), ("b", "a")]),
        ("a[1]", [("a", 1)], [("a", 0), ("a", "1"), ("a",)]),
        ("a.*", [("a", "x"), ("a", 0), ("a", 0, "y")], [("a",), ("x",)]),
        ("[*].id", [(0, "id"), (7, "id")], [("id",), (0, 1, "id")]),
        ("**.id", [("id",), ("a", 0, "id"), ("id", "x")], [("a",), ("a", "ids")]),
        ("a.**.id", [("a", "id"), ("a", "b", 3, "id")], [("id",), ("b", "id")]),
        ('["a.b"]', [("a.b",)], [("a", "b")]),
        ("**", [(), ("a",)], []),
    ],
)
def test_a_pattern_fits_what_it_names_and_all_within(
    text: str, fitting: list[Path], others: list[Path]
) -> None:
    pattern = Pattern.parse(text)
    assert [path for path in (*fitting, *others) if pattern.fits(path)] == fitting
    assert pattern.text == text


@pytest.mark.parametrize(
    "text", ["", ".", "a.", ".a", "a..b", "a[", "a[x]", "a]", "[-1]", "a b", '["\\q"]', '["a]', "$"]
)
def test_what_is_no_pattern_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(EXPECTED)):
        Pattern.parse(text)


def test_every_value_within_a_value_has_a_path() -> None:
    assert sorted(paths({"a": [1, {"b": None}]}), key=str) == sorted(
        [(), ("a",), ("a", 0), ("a", 1), ("a", 1, "b")], key=str
    )
