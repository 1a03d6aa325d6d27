"""The structure of a filter: fields, $or, and everything that may not stand there."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.errors import FilterError
from flowsim.events_service.filters.conditions import (
    ABSENT,
    FOUND,
    MOST_ALTERNATIVES,
    MOST_NESTED,
    MOST_STEPS,
    REFUSED,
    Leaf,
    all_of,
    any_of,
    comparable,
    parse,
    parse_leaf,
)
from flowsim.events_service.filters.text import read

from ...cases import for_each


def paths(filter_: Any) -> list[list[str]]:
    """Return the paths of each alternative of a filter, given as JSON or its text."""
    text = filter_ if isinstance(filter_, str) else json.dumps(filter_)
    return [[".".join(steps) for steps in each] for each in parse(read(text)).each]


def refusal(filter_: Any) -> str:
    with pytest.raises(FilterError) as caught:
        paths(filter_)
    return str(caught.value)


def test_nested_and_dotted_fields_have_the_same_path() -> None:
    assert paths({"data": {"user": {"email": ["x"], "id": [1]}}, "type": ["t"]}) == [
        ["data.user.email", "data.user.id", "type"]
    ]
    assert paths({"data.user": {"email": ["x"]}, "data": {"user.id": [1]}}) == [
        ["data.user.email", "data.user.id"]
    ]


def test_or_is_multiplied_out_with_the_fields_around_it() -> None:
    filter_ = {
        "s": [1],
        "$or": [{"a": [1]}, {"b": [1], "$or": [{"c": [1]}, {"d": {"e": [1]}}]}],
        "data": {"$or": [{"f": [1]}, {"g": [1]}], "h": [1]},
    }
    assert [sorted(each) for each in paths(filter_)] == [
        ["a", "data.f", "data.h", "s"],
        ["a", "data.g", "data.h", "s"],
        ["b", "c", "data.f", "data.h", "s"],
        ["b", "c", "data.g", "data.h", "s"],
        ["b", "d.e", "data.f", "data.h", "s"],
        ["b", "d.e", "data.g", "data.h", "s"],
    ]


@for_each(
    ("filter_", "message"),
    [
        ({}, "filter: an empty object; expected at least one field"),
        ({"data": {}}, "data: an empty object; expected at least one field"),
        ({"type": "a"}, 'type: "a"; expected a list such as ["a"]'),
        ({"data": {"user": {"email": 5}}}, "data.user.email: 5; expected a list such as [5]"),
        ({"data.user.email": None}, "data.user.email: null; expected a list such as [null]"),
        ({"data": {"tags": []}}, "data.tags: an empty list; expected at least one value"),
        ({"data": [{"tier": ["a"]}]}, "data[0]: the operator 'tier'"),
    ],
)
def test_fields_hold_lists_or_objects_of_fields(filter_: Any, message: str) -> None:
    """A bare value is refused, with the list to write in its place."""
    assert refusal(filter_).startswith(message)


@for_each(
    ("or_", "message"),
    [
        ({"a": [1]}, "$or: an object; expected a list of two objects or more"),
        ("a", '$or: "a"; expected a list'),
        ([], "$or: an empty list; expected a list of two"),
        ([{"a": [1]}], "$or: one alternative; expected a list of two objects or more"),
        ([{"a": [1]}, {}], "$or[1]: an empty object; expected at least one field"),
        ([{"a": [1]}, "b"], '$or[1]: "b"; expected an object of fields'),
        ([{"a": [1]}, [{"b": [1]}]], "$or[1]: a list; expected an object of fields"),
        ([{"a": 1}, {"b": [1]}], "$or[0].a: 1; expected a list such as [1]"),
    ],
)
def test_or_holds_two_objects_of_fields_at_least(or_: Any, message: str) -> None:
    assert refusal({"$or": or_}).startswith(message)
    assert refusal({"data": {"$or": or_}}).startswith(f"data.{message}")


@for_each(
    ("filter_", "place"),
    [
        ({"$or": [{"prefix": [1]}, {"a": [1]}]}, "$or[0]: a field named 'prefix'"),
        ({"$or": [{"a": {"=": [1]}}, {"a": [1]}]}, "$or[0].a: a field named '='"),
        ({"numeric": {"$or": [{"a": [1]}, {"b": [1]}]}}, "numeric: a field named 'numeric'"),
        ({"numeric": [1], "$or": [{"a": [1]}, {"b": [1]}]}, "filter: a field named 'numeric'"),
        ({"wildcard": {"x": {"$or": [{"a": [1]}, {"b": [1]}]}}}, "wildcard.x: a field named 'w"),
    ],
)
def test_or_cannot_stand_together_with_fields_named_like_operators(
    filter_: Any, place: str
) -> None:
    assert refusal(filter_).startswith(place)


def test_fields_may_be_named_like_operators_where_there_is_no_or() -> None:
    assert paths({"numeric": {"prefix": [1]}, "exists": [2]}) == [["numeric.prefix", "exists"]]


def test_or_inside_a_dotted_key_is_refused_with_what_to_write() -> None:
    message = 'data.$or: $or in the middle of a key; expected {"$or": [{…}, {…}]} inside the field'
    assert refusal({"data.$or": [1]}) == message


@for_each(
    ("text", "path"),
    [
        ('{"a": [1], "a": [1]}', "a"),
        ('{"a": {"b": [1]}, "a": {"c": [1]}}', "a"),
        ('{"data": {"b": [1], "b": [2]}}', "data.b"),
        ('{"a": {"b": [1]}, "a.b": [1]}', "a.b"),
        ('{"a.b": {"c": [1]}, "a": {"b.c": [1]}}', "a.b.c"),
        ('{"a": [1], "$or": [{"b": [1]}, {"a": [2]}]}', "a"),
        (
            '{"$or": [{"a": [1]}, {"b": [1]}], "c": {"$or": [{"d": [1]}, {"e": [1]}]}, "b": [1]}',
            "b",
        ),
        ('{"$or": [{"a": [1]}, {"b": [1]}], "$or": [{"c": [1]}, {"d": [1]}]}', "$or"),
    ],
)
def test_a_path_is_asked_for_once_in_each_alternative(text: str, path: str) -> None:
    """Repeated keys are seen in the text itself: a reader of JSON would keep the last one."""
    assert refusal(text) == f"{path}: a second expression for this path; expected one, in a " + (
        "single place"
    )


def test_alternatives_may_ask_for_the_same_path() -> None:
    assert paths({"$or": [{"a": [1]}, {"a": [2], "b": [1]}]}) == [["a"], ["a", "b"]]


def nested(levels: int, inner: Any) -> Any:
    for _ in range(levels):
        inner = {"a": inner}
    return inner


def test_levels_of_objects_and_or_are_limited() -> None:
    assert paths(nested(MOST_NESTED, [1])) == [[".".join("a" * MOST_NESTED)]]
    assert "level 33 of JSON; expected at most 32" in refusal(nested(MOST_NESTED + 1, [1]))
    deep: Any = {"a": [1]}
    for _ in range(MOST_NESTED // 2):
        deep = {"$or": [deep, {"b": [1]}]}
    assert "level 33 of JSON; expected at most 32" in refusal(deep)


def test_dotted_and_nested_paths_are_limited() -> None:
    assert paths({".".join("a" * MOST_NESTED): [1]})
    assert refusal({".".join("a" * (MOST_NESTED + 1)): [1]}).endswith(
        "33 fields; expected at most 32"
    )
    assert "34 fields" in refusal(nested(30, {"b.c.d.e": [1]}))


def test_alternatives_are_limited_before_they_are_built() -> None:
    """Forty $or of two would be a million millions of alternatives: refused at the tenth."""
    many = [{"a": [number]} for number in range(MOST_ALTERNATIVES)]
    assert len(paths({"$or": many})) == MOST_ALTERNATIVES
    assert refusal({"data": {"$or": [*many, {"b": [1]}]}}) == (
        "data.$or: 1,001 alternatives; expected at most 1,000 in a filter"
    )
    product = {f"f{number}": {"$or": [{"a": [1]}, {"b": [1]}]} for number in range(40)}
    assert refusal(product) == "f9: 1,024 alternatives; expected at most 1,000 in a filter"


def test_the_sum_of_all_paths_is_limited() -> None:
    wide = {f"f{number}": [1] for number in range(19)}
    either = [{"a": [number]} for number in range(500)]
    assert len(paths({**wide, "$or": either})) == 500
    assert refusal({**wide, "$or": either, "z": [1]}) == (
        f"z: paths of 10,500 fields together; expected at most {MOST_STEPS:,} in all alternatives"
    )
    longest = {".".join("a" * MOST_NESTED): [1]}
    assert refusal({"$or": [longest] * 320}).startswith("$or: paths of 10,016 fields together")


def test_names_that_cannot_be_printed_are_shown_escaped_and_in_part() -> None:
    assert refusal({"a\n\ud800": 1}).startswith("a\\n\\ud800: 1; ")
    assert len(refusal({"a" * 10_000: 1})) < 600


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)


def leaf(text: str) -> Leaf:
    return parse_leaf(("a",), read(f'{{"a": {text}}}')[0][1])


def test_zero_false_null_and_empty_text_are_four_values() -> None:
    values = [0, False, None, ""]
    assert len({comparable(each) for each in values}) == len(values)
    for value, spelled in zip(values, ["0", "false", "null", '""'], strict=True):
        others = [each for each in values if each is not value]
        assert leaf(f"[{spelled}]").look_at([value]) == FOUND
        assert leaf(f"[{spelled}]").look_at(others) == REFUSED


def test_a_number_is_the_same_in_all_spellings() -> None:
    for spelled in ("300", "300.0", "3e2", "3.00E+2"):
        assert leaf(f"[{spelled}]").look_at([300]) == FOUND
        assert leaf(f"[{spelled}]").look_at([300.0]) == FOUND
        assert leaf(f"[{spelled}]").look_at(["300"]) == REFUSED


def test_numbers_with_equal_floats_can_differ() -> None:
    big = leaf("[9007199254740993]")
    assert big.look_at([9007199254740993]) == FOUND
    assert big.look_at([9007199254740992, 9007199254740992.0]) == REFUSED
    assert leaf("[0.1]").look_at([0.1]) == FOUND
    assert leaf("[0.1]").look_at([0.1 + 1e-17, Decimal("0.1")]) == FOUND


@given(SCALARS, SCALARS)
def test_values_are_equal_if_type_and_value_in_json_are(one: Any, other: Any) -> None:
    def kind(value: Any) -> str:
        if value is None or isinstance(value, bool | str):
            return type(value).__name__
        return "number" if value - value == 0 else "no JSON"

    equal = kind(one) == kind(other) and (kind(one) == "no JSON" or one == other)
    assert (comparable(one) == comparable(other)) == equal


def test_a_missing_field_matches_exists_false_only() -> None:
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


@for_each(
    ("text", "message"),
    [
        ("[]", "a: an empty list; expected at least one value"),
        ('["x", []]', "a[1]: an empty list; expected a value, or an operator such as"),
        ('["x", {}]', "a[1]: an empty object; expected exactly one of prefix, "),
        ('[{"prefix": "x", "suffix": "y"}]', "a[0]: 2 operators in one object; expected exactly"),
        ('[{"prefix": "x", "prefix": "y"}]', "a[0]: 2 operators in one object"),
    ],
)
def test_an_empty_or_nested_list_is_refused(text: str, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        leaf(text)
    assert str(caught.value).startswith(message)


@for_each(
    ("findings", "all_together", "among_elements"),
    [
        ([], ABSENT, ABSENT),
        ([ABSENT, ABSENT], ABSENT, ABSENT),
        ([ABSENT, FOUND], FOUND, FOUND),
        ([REFUSED, FOUND], REFUSED, FOUND),
        ([REFUSED, ABSENT], REFUSED, REFUSED),
    ],
)
def test_all_conditions_must_hold_but_one_element_is_enough(
    findings: list[int], all_together: int, among_elements: int
) -> None:
    assert all_of(findings) == all_of(reversed(findings)) == all_together
    assert any_of(findings) == any_of(reversed(findings)) == among_elements
