"""The table in docs/faults.md: which fault shows which trap of flow-run-payloads.md 7.4."""

from __future__ import annotations

import re

import pytest

from flowsim.families.registry import FAULTS

from ..cases import for_each
from ..docs.pages import page
from .test_every_fault import numbers

ROW = re.compile(r"\| (\d+) \| (.+) \| ((?:`[\w-]+`(?:, )?)+) \| (.+) \|")


def rows() -> dict[int, tuple[str, list[str], str]]:
    """Return the rows of the table: trap → what happens, the faults, what is correct."""
    section = page("docs/faults.md").text.partition("## Traps in payloads\n")[2]
    lines = [each for each in section.partition("\n## ")[0].splitlines() if "| `" in each]
    found = [ROW.fullmatch(line) or pytest.fail(f"no row of the table: {line}") for line in lines]
    return {int(row[1]): (row[2], re.findall(r"`([\w-]+)`", row[3]), row[4]) for row in found}


TABLE = rows()


def test_the_table_has_a_row_for_every_trap_in_order() -> None:
    assert [*TABLE] == [*range(1, 20)]


@for_each("trap", TABLE)
def test_a_row_names_the_faults_that_show_its_trap_and_no_others(trap: int) -> None:
    """Each fault names its traps, so a fault that is missing in the table is found."""
    _, named, _ = TABLE[trap]
    showing = {
        name for name in FAULTS if trap in numbers(FAULTS[name].details, "flow-run-payloads.md 7.4")
    }
    assert {*named} == showing
    assert len(named) == len(showing), "no fault is named twice"


def test_a_row_says_what_happens_and_what_is_correct() -> None:
    for happening, _, correct in TABLE.values():
        for text in (happening, correct):
            assert re.fullmatch(r"[A-Z].+\.", text), text


def test_all_traps_expect_delivery() -> None:
    """No trap is a reason to refuse an event."""
    named = {name for _, names, _ in TABLE.values() for name in names}
    assert {FAULTS[name].expect for name in named} == {"delivered"}
