"""Equality in JSON: by type, and numbers exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.errors import FilterError
from flowsim.events_service.filters import leaf as filter_leaf
from flowsim.events_service.filters.finding import ABSENT, FOUND, REFUSED
from flowsim.events_service.filters.leaf import comparable
from flowsim.events_service.filters.text import read

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)


def leaf(text: str) -> filter_leaf.Leaf:
    return filter_leaf.parse(("a",), read(f'{{"a": {text}}}')[0][1])


def test_zero_false_null_and_empty_text_are_four_values() -> None:
    values = [0, False, None, ""]
    assert len({comparable(each) for each in values}) == len(values)
    for value, spelled in zip(values, ["0", "false", "null", '""'], strict=True):
        others = [each for each in values if each is not value]
        assert leaf(f"[{spelled}]").look_at([value]) == FOUND
        assert leaf(f"[{spelled}]").look_at(others) == REFUSED


def test_a_number_is_the_same_however_it_is_spelled() -> None:
    for spelled in ("300", "300.0", "3e2", "3.00E+2"):
        assert leaf(f"[{spelled}]").look_at([300]) == FOUND
        assert leaf(f"[{spelled}]").look_at([300.0]) == FOUND
        assert leaf(f"[{spelled}]").look_at(["300"]) == REFUSED


def test_numbers_that_no_float_tells_apart_differ() -> None:
    big = leaf("[9007199254740993]")
    assert big.look_at([9007199254740993]) == FOUND
    assert big.look_at([9007199254740992, 9007199254740992.0]) == REFUSED
    assert leaf("[0.1]").look_at([0.1]) == FOUND
    assert leaf("[0.1]").look_at([0.1 + 1e-17, Decimal("0.1")]) == FOUND


@given(SCALARS, SCALARS)
def test_values_are_equal_if_their_type_in_json_and_they_are(one: Any, other: Any) -> None:
    def kind(value: Any) -> str:
        if value is None or isinstance(value, bool | str):
            return type(value).__name__
        return "number" if value - value == 0 else "no JSON"

    equal = kind(one) == kind(other) and (kind(one) == "no JSON" or one == other)
    assert (comparable(one) == comparable(other)) == equal


def test_nothing_is_absent_only_where_absence_was_asked_for() -> None:
    assert leaf('[{"exists": false}, "x"]').look_at([]) == ABSENT
    assert leaf('[{"exists": false}, "x"]').look_at(["y", "x"]) == FOUND
    assert leaf('[{"exists": false}, "x"]').look_at(["y"]) == REFUSED
    assert leaf('[{"exists": false}]').look_at([None]) == REFUSED
    assert leaf('[{"exists": true}, "x"]').look_at([]) == REFUSED


def test_an_array_neither_exists_nor_hides_its_elements() -> None:
    assert leaf('[{"exists": true}]').look_at(["y"], is_array=True) == REFUSED
    assert leaf('[{"exists": true}, "y"]').look_at(["y"], is_array=True) == FOUND
    assert leaf('[{"exists": false}, "x"]').look_at(["y"], is_array=True) == ABSENT
    assert leaf('["y"]').look_at(["x", "y"], is_array=True) == FOUND


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "a: an empty list; expected at least one value"),
        ('["x", []]', "a[1]: an empty list; expected a value, or an operator such as"),
        ('["x", {}]', "a[1]: an empty object; expected exactly one of prefix, "),
        ('[{"prefix": "x", "suffix": "y"}]', "a[0]: 2 operators in one object; expected exactly"),
        ('[{"prefix": "x", "prefix": "y"}]', "a[0]: 2 operators in one object"),
    ],
)
def test_a_list_that_asks_nothing_clear_is_refused(text: str, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        leaf(text)
    assert str(caught.value).startswith(message)
