"""The one that fits, or the nearest one named."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.testing.nearest import one

from ..hostile.text import HOSTILE, assert_harmless

NAMES = ("code", "status", "id")
VALUES = st.none() | st.integers(0, 3) | st.sampled_from(["failed", "faild", "success", "200", ""])
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES)), max_size=6)
WANTED = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))


def found(wanted: dict[str, Any], rows: list[dict[str, Any]]) -> int | str:
    """Return the number of the row that was found, or the message of the error."""
    try:
        return one("event", wanted, list(enumerate(rows)))
    except AssertionError as error:
        return str(error)


@given(WANTED, ROWS)
def test_the_first_that_fits_is_found_and_any_other_result_names_one_row(
    wanted: dict[str, Any], rows: list[dict[str, Any]]
) -> None:
    """No other row has more of the fields as they are wanted than the one that is named."""
    asked = {name: each for name, each in wanted.items() if each is not None}
    same = [sum(row[name] == each for name, each in asked.items()) for row in rows]
    result = found(wanted, rows)
    if len(asked) in same:
        assert result == same.index(len(asked))
        return
    assert str(result).startswith("no event")
    if not rows:
        assert str(result).endswith("; there is no event at all")
        return
    near = [row for row, number in zip(rows, same, strict=True) if number == max(same)]
    assert any(
        all(f"{name}={row[name]!r}" in str(result).partition("; ")[2] for name in NAMES)
        for row in near
    )


def test_of_two_that_are_as_near_the_more_alike_is_named() -> None:
    rows = [{"code": code, "status": 200} for code in ("success", "run_failed", "run_finished")]
    assert found({"code": "run_faild", "status": 200}, rows) == (
        "no event with code='run_faild', status=200; "
        "the nearest of 3 has code='run_failed' (status=200)"
    )


@given(st.text(max_size=300))
def test_values_of_others_harm_no_terminal(text: str) -> None:
    for wanted, row in ((text + "\x1b", "other"), ("other", text + HOSTILE)):
        assert_harmless(str(found({"code": wanted}, [{"code": row}])))


def test_where_there_is_nothing_the_error_says_so() -> None:
    with pytest.raises(AssertionError, match=r"^no event; there is no event at all$"):
        one("event", {"code": None}, [])
