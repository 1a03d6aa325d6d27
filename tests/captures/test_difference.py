"""What differs between two JSON values."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.captures.difference import ABSENT, Difference, differences, niceties
from flowsim.captures.json_path import Path
from flowsim.core.json_reading import parse_spelled

from ..strategies import FINITE_JSON

VALUES = FINITE_JSON.map(json.dumps).map(parse_spelled)


def applied(left: Any, found: list[Difference]) -> Any:
    """Return the left value with the right one's at each place that differs."""
    whole = {"": copy.deepcopy(left)}
    for each in sorted(found, key=lambda each: each.right is ABSENT):
        *above, last = ("", *each.path)
        holder: Any = whole
        for step in above:
            holder = holder[step]
        if isinstance(holder, list) and last == len(holder):
            holder.append(each.right)
        else:
            holder[last] = each.right
    return without_absent(whole[""])


def without_absent(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_absent(each) for k, each in value.items() if each is not ABSENT}
    if isinstance(value, list):
        return [without_absent(each) for each in value if each is not ABSENT]
    return value


def found(left: str, right: str) -> list[tuple[Path, Any, Any]]:
    return [
        (each.path, each.left, each.right)
        for each in differences(parse_spelled(left), parse_spelled(right))
    ]


@given(VALUES)
def test_a_value_does_not_differ_from_itself(value: Any) -> None:
    assert list(differences(value, copy.deepcopy(value))) == []
    assert niceties(value, copy.deepcopy(value)) == []


@given(VALUES, VALUES)
def test_the_differences_lead_from_one_value_to_the_other(left: Any, right: Any) -> None:
    assert applied(left, list(differences(left, right))) == right


@given(VALUES, VALUES)
def test_seen_from_the_other_side_the_same_places_differ(left: Any, right: Any) -> None:
    one = {(each.path, repr(each.left), repr(each.right)) for each in differences(left, right)}
    other = {(each.path, repr(each.right), repr(each.left)) for each in differences(right, left)}
    assert one == other


@given(st.dictionaries(st.text(max_size=3), VALUES, min_size=2, max_size=5), st.randoms())
def test_the_order_of_members_is_no_difference_but_is_noticed(
    value: dict[str, Any], chance: random.Random
) -> None:
    keys = list(value)
    chance.shuffle(keys)
    shuffled = {key: value[key] for key in keys}
    assert list(differences(value, shuffled)) == []
    noticed = ["the order of members"] if keys != list(value) else []
    assert niceties(value, shuffled) == noticed


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ('{"a": 1}', '{"a": 2}', [(("a",), 1, 2)]),
        ('{"a": {"b": [1, 2]}}', '{"a": {"b": [1, 3]}}', [(("a", "b", 1), 2, 3)]),
        ('{"a": null}', "{}", [(("a",), None, ABSENT)]),
        ("[1]", "[1, 2]", [((1,), ABSENT, 2)]),
        ("[]", "{}", [((), [], {})]),
        ("1", "true", [((), 1, True)]),
        ("0", "false", [((), 0, False)]),
        ("1", '"1"', [((), 1, "1")]),
        ("null", "false", [((), None, False)]),
        ("1", "1.0", []),
        ("0.1", "1e-1", []),
        ("9007199254740993", "9007199254740992.0", [((), 9007199254740993, 9007199254740992)]),
        ('{"a": 1, "b": 2}', '{"c": 3, "a": 0}', [(("a",), 1, 0), (("b",), 2, ABSENT)]),
    ],
)
def test_each_place_is_told_once_with_what_stands_there(
    left: str, right: str, expected: list[tuple[Path, Any, Any]]
) -> None:
    assert found(left, right)[: len(expected)] == expected
    assert bool(found(left, right)) == bool(expected)


def test_numbers_that_are_spelled_otherwise_are_noticed() -> None:
    assert niceties(parse_spelled('{"a": [1]}'), parse_spelled('{"a": [1.0]}')) == [
        "the spelling of numbers"
    ]
    both = ["the order of members", "the spelling of numbers"]
    assert niceties(parse_spelled('{"a": 1, "b": 2}'), parse_spelled('{"b": 2e0, "a": 1}')) == both
