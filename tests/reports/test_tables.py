"""Lines on a terminal that is too narrow for them."""

from __future__ import annotations

import re

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.reports.tables import cells, definitions, folded, table

from ..cases import for_each

WORDS = st.lists(st.text(st.sampled_from("aä日 -·→"), min_size=1, max_size=12), max_size=12)


def test_a_line_goes_on_below_its_beginning() -> None:
    line = "09:30:00.000 → sources_flow_run_success e4d83d74 try 1 [200] 5 ms · delivered"
    assert folded(line, 60).split("\n") == [
        "09:30:00.000 → sources_flow_run_success e4d83d74 try 1 [200]",
        "  5 ms · delivered",
    ]
    assert folded(line, 77) == line


def test_a_line_goes_on_below_its_last_column() -> None:
    line = "  ✓ answers                    An event is answered within 10 seconds. (43 ms)"
    assert folded(line, 64).split("\n") == [
        "  ✓ answers                    An event is answered within 10",
        "                               seconds. (43 ms)",
    ]
    assert folded(line, 30).split("\n")[1].startswith("    An")


def test_styles_take_no_room_and_are_kept() -> None:
    line = click.style("one two", fg="red") + " three"
    assert folded(line, 13) == line
    assert folded(line, 9) == click.style("one two", fg="red") + "\n  three"


@for_each("width", [40, 60, 80, 100])
@for_each(
    "command",
    [
        "flowsim registrations edit d6f9654c --webhook http://127.0.0.1:3000/b --name 'a; b'",
        "flowsim up --port 3001",
    ],
)
def test_a_command_to_copy_is_not_folded(command: str, width: int) -> None:
    line = (
        f"error: this workspace has a registration named 'reader' already; to change it: {command}"
    )
    *others, last = folded(line, width).split("\n")
    assert last.endswith(command)
    assert all(cells(each) <= width for each in others)


def test_prose_about_flowsim_is_folded() -> None:
    line = "error: flowsim cannot see whether the target verified them, and says so"
    assert all(cells(each) <= 40 for each in folded(line, 40).split("\n"))


@given(WORDS, st.integers(8, 40))
def test_only_a_long_word_makes_a_line_too_long(words: list[str], width: int) -> None:
    line = " ".join(words)
    indent = cells(line) - cells(line.lstrip())
    lines = folded(line, width).split("\n")
    assert " ".join(" ".join(lines).split(" ")).split() == line.split()
    for each in lines:
        assert cells(each) <= width or indent + cells(each.split()[-1]) > width


def test_a_word_that_fits_one_line_is_not_broken() -> None:
    line = "journal      http://127.0.0.1:4010/events/organizations/369848/integrations/1"
    assert folded(line, 66).split("\n") == ["journal", f"  {line[13:]}"]


def test_a_word_that_is_too_long_stays_behind_its_label() -> None:
    line = (
        "journal      http://127.0.0.1:4010/events/organizations/369848/integrations/595742/d28c4"
    )
    assert folded(line, 60) == line
    assert folded(f"{line} and more", 60) == f"{line}\n{' ' * 13}and more"


# Tables

ROW = ["2026-11-25 10:43:47", "sources_flow_run_success", "406cfe0b", "1", "[200]", "14", "'ok'"]
HEAD = ["sent", "event", "id", "try", "answer", "ms", "said"]


def test_a_table_that_fits_has_a_line_for_each_row() -> None:
    (head, row) = table(HEAD, [ROW], 100)
    assert click.unstyle(head).split() == HEAD
    assert row == "2026-11-25 10:43:47  sources_flow_run_success  406cfe0b  1    [200]   14  'ok'"
    assert table(HEAD, [ROW]) == [head, row]


def test_a_row_that_is_too_wide_is_folded_between_columns() -> None:
    lines = [click.unstyle(line) for line in table(HEAD, [ROW, ROW], 60)]
    assert lines[:4] == [
        "sent                 event                     id        try",
        "  answer  ms  said",
        "2026-11-25 10:43:47  sources_flow_run_success  406cfe0b  1",
        "  [200]   14  'ok'",
    ]
    assert len(lines) == 6


@for_each("width", [20, 60, 80, 100])
def test_a_column_that_is_too_wide_gets_its_own_line(width: int) -> None:
    wide = "x" * 200
    lines = table(["a", "b", "c"], [["1", wide, "3"]], width)
    assert [line.strip() for line in lines[3:]] == ["1", wide, "3"]


def test_columns_are_as_wide_as_their_widest_cell_looks() -> None:
    (_, one, other) = table(["name", "n"], [["日本", "1"], ["abcd", "2"]], 80)
    assert (one, other) == ("日本  1", "abcd  2")


# Names and what they are


@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_meaning_of_a_name_is_beside_or_below_the_name(width: int) -> None:
    text = "A word bf9f5905-92b7-48bf-bf20-455bc6b60a4e and some more of them, up to the end."
    rows = [("azure-event-hubs", text), ("a-name-that-is-far-longer-than-all", "Short.")]
    lines = list(definitions(rows, width))
    assert all(len(line) <= width for line in lines)
    assert re.sub(r"\s+", " ", " ".join(lines)) == " ".join(" ".join(row) for row in rows)
