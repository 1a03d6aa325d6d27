"""Paths into an event: arrays, absence, and keys with dots."""

from __future__ import annotations

import json
from typing import Any

from flowsim.events_service.filters.model import parse

from ...cases import for_each


def matches(filter_: Any, event: Any) -> bool:
    return parse(json.dumps(filter_)).matches(event)


def test_one_element_of_an_array_is_enough() -> None:
    assert matches({"tags": ["b"]}, {"tags": ["a", "b"]})
    assert matches({"tags": [{"anything-but": "a"}]}, {"tags": ["a", "b"]})
    assert not matches({"tags": [{"anything-but": "a"}]}, {"tags": ["a", "a"]})
    assert matches({"tags": ["c"]}, {"tags": ["a", ["b", [["c"]]]]})
    assert not matches({"tags": ["a"]}, {"tags": []})


PEOPLE = {
    "employees": [
        {"firstName": "John", "lastName": "Doe"},
        [{"firstName": "Anna", "lastName": "Smith", "pets": [{"name": "Rex", "age": 3}]}],
        {"firstName": "Peter", "lastName": "Jones", "pets": [{"name": "Tom", "age": 9}]},
    ]
}


@for_each(
    ("asked", "matched"),
    [
        ({"firstName": ["Anna"]}, True),
        ({"firstName": ["Anna"], "lastName": ["Smith"]}, True),
        ({"firstName": ["Anna"], "lastName": ["Jones"]}, False),
        ({"firstName": ["Anna"], "pets": {"name": ["Rex"], "age": [3]}}, True),
        ({"firstName": ["Anna"], "pets": {"name": ["Tom"]}}, False),
        ({"pets": {"name": ["Rex"], "age": [9]}}, False),
        ({"firstName": ["John"], "pets": {"name": [{"exists": False}]}}, True),
        ({"firstName": ["Anna"], "pets": {"name": [{"exists": False}]}}, False),
        ({"pets": {"name": [{"exists": False}]}}, False),
        ({"pets": {"colour": [{"exists": False}]}}, True),
        ({"lastName": ["Doe", {"exists": False}], "firstName": ["Anna"]}, False),
        ({"$or": [{"firstName": ["Anna"]}, {"firstName": ["Bo"]}], "lastName": ["Doe"]}, False),
        ({"$or": [{"firstName": ["Anna"]}, {"firstName": ["Bo"]}], "lastName": ["Smith"]}, True),
    ],
)
def test_conditions_below_an_array_apply_to_one_element(asked: Any, matched: bool) -> None:
    """Event Ruler's own example; absence is a matter of that element, or else of all."""
    assert matches({"employees": asked}, PEOPLE) == matched
    dotted = {f"employees.{key}": each for key, each in asked.items() if key != "$or"}
    if "$or" not in asked:
        assert matches(dotted, PEOPLE) == matched


def test_conditions_apply_to_one_element_also_with_a_distant_or() -> None:
    filter_ = {
        "employees.lastName": ["Jones"],
        "$or": [{"employees.firstName": ["Anna"]}, {"employees.firstName": ["John"]}],
    }
    assert not matches(filter_, PEOPLE)
    assert matches({**filter_, "employees.lastName": ["Doe"]}, PEOPLE)


def test_different_arrays_are_matched_independently() -> None:
    event = {"a": [{"x": 1}, {"x": 2}], "b": [{"y": 1}, {"y": 2}]}
    assert matches({"a": {"x": [1]}, "b": {"y": [2]}}, event)
    assert not matches({"a": {"x": [1]}, "b": {"y": [3]}}, event)


@for_each("nothing", [{}, [], {"x": 1}, [{"x": 1}], [[], {}]])
def test_objects_and_empty_arrays_are_no_value(nothing: Any) -> None:
    """``exists`` looks at leaves: an object neither exists nor equals anything."""
    event = {"data": {"user": nothing}}
    assert not matches({"data.user": [{"exists": True}]}, event)
    assert matches({"data.user": [{"exists": False}]}, event)
    assert not matches({"data.user": [{"anything-but": "x"}, None, ""]}, event)


def test_null_is_a_value() -> None:
    assert matches({"data.user": [{"exists": True}]}, {"data": {"user": None}})
    assert not matches({"data.user": [{"exists": False}]}, {"data": {"user": None}})


def test_a_plain_value_has_no_fields() -> None:
    assert not matches({"data.user.id": [{"exists": True}]}, {"data": {"user": "id"}})
    assert matches({"data.user.id": [{"exists": False}]}, {"data": {"user": "id"}})


def test_a_field_and_its_member_may_both_have_conditions() -> None:
    filter_ = {"a": ["x"], "a.b": [1]}
    assert matches(filter_, {"a": ["x", {"b": 1}]})
    assert matches(filter_, {"a": "x", "a.b": 1})
    assert not matches(filter_, {"a": ["y", {"b": 1}]})
    assert not matches(filter_, {"a": "x"})


@for_each(
    "filter_",
    [{"a": {"b": {"c": [1]}}}, {"a.b.c": [1]}, {"a.b": {"c": [1]}}, {"a": {"b.c": [1]}}],
)
@for_each(
    ("event", "matched"),
    [
        ({"a": {"b": {"c": 1}}}, True),
        ({"a.b.c": 1}, True),
        ({"a.b": {"c": 1}}, True),
        ({"a": {"b.c": 1}}, True),
        ({"a": [{"b.c": 2}, {"b": [{"c": 1}]}]}, True),
        ({"a": {}, "a.b": {"c": 2}, "a.b.c": 1}, True),
        ({"a": {"b": {"c": 2}, "b.c": 3}, "a.b": {"c": 4}}, False),
        ({"a.b.c.d": 1, "a.": 1, ".a": 1}, False),
    ],
)
def test_dots_and_nesting_are_the_same_in_filter_and_event(
    filter_: Any, event: Any, matched: bool
) -> None:
    assert matches(filter_, event) == matched


def test_empty_names_and_names_with_punctuation_are_found() -> None:
    event = {"data": {"repo:name": "city.jpeg", "https://ns.adobe.com/x": {"@id": 1}, "": 2}}
    assert matches({"data": {"repo:name": ["city.jpeg"]}}, event)
    assert matches({"data.repo:name": ["city.jpeg"]}, event)
    assert matches({"data": {"https://ns.adobe.com/x": {"@id": [1]}}}, event)
    assert matches({"data.https://ns.adobe.com/x.@id": [1]}, event)
    assert matches({"data": {"": [2]}}, event)
    assert matches({"data.": [2]}, event)


def test_conditions_below_a_dotted_key_apply_to_one_element() -> None:
    event = {"ns.x": [{"a": 1, "b": 1}, {"a": 2, "b": 2}], "ns.y": 3}
    assert matches({"ns.x": {"a": [1], "b": [1]}, "ns.y": [3]}, event)
    assert not matches({"ns.x": {"a": [1], "b": [2]}, "ns.y": [3]}, event)
    assert matches({"ns": {"x": {"a": [2]}, "z": [{"exists": False}]}}, event)
    assert not matches({"ns": {"x": {"a": [2]}, "z": [1]}}, event)


def test_a_name_both_nested_and_dotted_has_all_values() -> None:
    event = {"a": {"b": 1, "c": 5}, "a.b": [2, 3]}
    assert all(matches({"a.b": [value], "a.c": [5]}, event) for value in (1, 2, 3))
    assert not matches({"a.b": [4]}, event)
    assert not matches({"a.b": [{"exists": False}]}, event)
    assert matches({"a.b": [3], "a.d": [{"exists": False}]}, event)


def test_arrays_and_objects_of_any_depth_are_searched() -> None:
    arrays: Any = ["deep"]
    objects: Any = "deep"
    for _ in range(5_000):
        arrays, objects = [arrays], {"a": objects}
    assert matches({"a": ["deep"]}, {"a": arrays})
    assert not matches({"a.a.a": ["deep"]}, objects)
