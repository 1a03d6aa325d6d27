"""Paths in a JSON value, and patterns of paths."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.captures.json_path import EXPECTED, Path, Pattern, Wild, paths, spell

from ..cases import for_each

PATHS = st.lists(st.text(max_size=4) | st.integers(0, 99), min_size=1, max_size=4).map(tuple)


@given(PATHS)
def test_a_spelled_path_is_the_pattern_that_fits_it_alone(path: Path) -> None:
    assert Pattern.parse(spell(path)).steps == path
    assert spell(path).isprintable()


@for_each(
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


@for_each(
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
def test_a_pattern_fits_the_place_it_names_and_all_within(
    text: str, fitting: list[Path], others: list[Path]
) -> None:
    pattern = Pattern.parse(text)
    assert [path for path in (*fitting, *others) if pattern.fits(path)] == fitting
    assert pattern.text == text


@for_each(
    "text", ["", ".", "a.", ".a", "a..b", "a[", "a[x]", "a]", "[-1]", "a b", '["\\q"]', '["a]', "$"]
)
def test_a_wrong_pattern_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(EXPECTED)):
        Pattern.parse(text)


def test_every_value_within_a_value_has_a_path() -> None:
    assert sorted(paths({"a": [1, {"b": None}]}), key=str) == sorted(
        [(), ("a",), ("a", 0), ("a", 1), ("a", 1, "b")], key=str
    )


STEPS = st.sampled_from(["a", "b", 0, Wild.ONE, Wild.SOME])


def naively_fits(steps: tuple[str | int | Wild, ...], path: Path) -> bool:
    """Return the same result as ``fits``, by trying each length of each ``**``."""
    if not steps:
        return True
    first, rest = steps[0], steps[1:]
    if first is Wild.SOME:
        return any(naively_fits(rest, path[begin:]) for begin in range(len(path) + 1))
    return bool(path) and first in (Wild.ONE, path[0]) and naively_fits(rest, path[1:])


@given(st.lists(STEPS, max_size=5), st.lists(st.sampled_from(["a", "b", 0]), max_size=6))
def test_a_pattern_fits_a_path_if_any_way_to_read_it_does(
    steps: list[str | int | Wild], path: list[str | int]
) -> None:
    pattern = Pattern("", (*steps,))
    assert pattern.fits((*path,)) is naively_fits((*steps,), (*path,))


def test_a_pattern_with_many_wildcards_is_matched_fast() -> None:
    """There are too many ways to match this pattern to try them one by one."""
    pattern = Pattern.parse(".".join(["**"] * 20) + ".x")
    assert not pattern.fits(("a",) * 100)
    assert pattern.fits((*("a",) * 100, "x"))
