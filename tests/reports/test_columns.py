"""A comparison in two columns."""

from __future__ import annotations

from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.captures.comparison import ABSENT, Comparison, Row
from flowsim.reports.columns import MOST, Columns


@pytest.fixture(autouse=True)
def width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.delenv("NO_COLOR", raising=False)


def shown(*rows: tuple[str, Any, Any]) -> list[str]:
    """Return the lines that are written for rows, without the one that names both files."""
    lines: list[str] = []
    Columns(lines.append, None).show(Comparison(tuple(Row(*row) for row in rows)), ("A", "B"))
    assert [each.split() for each in lines[:1]] == ([["A", "│", "B"]] if rows else [])
    return [click.unstyle(line) for line in lines[1:]]


def both_columns(lines: list[str]) -> tuple[str, str]:
    """Return what stands in the columns below the place."""
    left, right = zip(*(line.split("│") for line in lines[1:]), strict=True)
    return "".join(map(str.strip, left)), "".join(map(str.strip, right))


def test_each_place_has_its_line_and_below_it_both_values() -> None:
    assert shown(("a.b[0]", 1, ABSENT), ("c", "é", {"d": [None]})) == [
        "a.b[0]",
        "1".ljust(29) + " │ (nothing)",
        "c",
        '"é"'.ljust(29) + ' │ {"d":[null]}',
    ]


def test_nothing_is_written_where_nothing_differs() -> None:
    assert shown() == []


@given(st.text("abcdé日", max_size=MOST - 2), st.text("abcdé日", max_size=40))
def test_columns_fit_the_terminal_and_lose_nothing(left: str, right: str) -> None:
    lines = shown(("x", left, right))
    assert max(map(len, lines)) <= 60
    assert both_columns(lines) == (f'"{left}"', f'"{right}"')


def test_long_values_are_shown_from_a_little_before_their_first_difference() -> None:
    left, right = both_columns(shown(("x", "a" * 500 + "b" * 900, "a" * 500 + "c")))
    assert left == f"…{'a' * 30}{'b' * (MOST - 30)}…"
    assert right == f'…{"a" * 30}c"'


def test_control_characters_and_markup_are_shown_as_they_are_written() -> None:
    (place, columns) = shown(("\x1b[1m", "[red]\x85\udcff", "\x1b"))
    assert place == r"\x1b[1m"
    assert columns.split("│")[0].strip() == r'"[red]\x85\udcff"'
    assert columns.split("│")[1].strip() == r'"\u001b"'


def test_colours_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    comparison, lines = Comparison((Row("x", 1, 2),)), list[str]()
    Columns(lines.append, None).show(comparison, ("A", "B"))
    assert "\x1b[31m" in lines[2]
    lines.clear()
    Columns(lines.append, False).show(comparison, ("A", "B"))
    assert "\x1b[31m" not in lines[2]
