"""Each operator: values that match, values that do not, and mistakes in its operand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flowsim.errors import FilterError
from flowsim.events_service.filters.model import parse

from ...cases import for_each

ARRAYS: list[Any] = [[], [1], ["a", None], [[None]], [{"x": 1}]]
"""``exists`` sees leaves only, and an array is none; other operators see its elements."""

MATCHES: list[tuple[Any, list[Any], list[Any]]] = [
    # asked for, values that are, values that are not
    (["a", "b"], ["a", "b"], ["A", "ab", "", None, 0, True]),
    ([7, None], [7, 7.0, None], ["7", "null", 7.5, False]),
    ([True], [True], [1, "true", False, None]),
    ([1], [1, 1.0], [True, "1", 10]),
    ([{"prefix": "/content/"}], ["/content/", "/content/a"], ["/Content/a", "a/content/", 5]),
    ([{"prefix": ""}], ["", "anything"], [5, True, None]),
    ([{"prefix": {"equals-ignore-case": "ABC"}}], ["abcd", "ABC", "aBc-"], ["ab", "xabc", 1]),
    ([{"suffix": ".jpeg"}], ["city.jpeg", ".jpeg"], ["city.JPEG", "city.jpeg2", 1]),
    ([{"suffix": {"equals-ignore-case": ".JPEG"}}], ["a.jpeg", "a.Jpeg"], ["a.jpg", ".jpeg "]),
    ([{"equals-ignore-case": "Publish"}], ["PUBLISH", "publish"], ["publisher", "", None, 1]),
    ([{"equals-ignore-case": "STRASSE"}], ["straße", "Strasse"], ["strase"]),
    ([{"anything-but": "x"}], ["y", "X", "", 5, True, None], ["x"]),
    ([{"anything-but": 5}], [6, "5", 5.1, False], [5, 5.0]),
    ([{"anything-but": ["x", "y"]}], ["z", 0], ["x", "y"]),
    ([{"anything-but": [100, 2.5]}], [200, "100"], [100, 1e2, 2.5]),
    ([{"anything-but": {"prefix": "ab"}}], ["ba", "a", 5], ["ab", "abc"]),
    ([{"anything-but": {"prefix": ["ab", "x"]}}], ["ba", None], ["abc", "x1"]),
    ([{"anything-but": {"suffix": ".tmp"}}], ["a.txt", False], ["a.tmp"]),
    ([{"anything-but": {"suffix": [".tmp", "~"]}}], ["a.txt"], ["a.tmp", "a~"]),
    ([{"anything-but": {"equals-ignore-case": "Draft"}}], ["final", 1], ["DRAFT", "draft"]),
    ([{"anything-but": {"equals-ignore-case": ["a", "b"]}}], ["c", "ab"], ["A", "B"]),
    ([{"numeric": ["=", 3.0e2]}], [300, 300.0], [301, "300", True]),
    ([{"numeric": [">", 1]}], [1.0000001, 2, 10**400], [1, 1.0, 0, True, "2", None]),
    ([{"numeric": [">=", -1.5]}], [-1.5, 0], [-1.6]),
    ([{"numeric": ["<", 0.3]}], [0.29999, -5, 0], [0.3, 0.1 + 0.2, False]),
    ([{"numeric": ["<=", 0]}], [0, -0.0, -1], [1e-300]),
    ([{"numeric": [">", 0, "<=", 5]}], [1, 5, 0.001], [0, 5.001, -1]),
    ([{"numeric": [">=", 0, "<", 5]}], [0, 4.999], [5]),
    ([{"exists": True}], ["", 0, False, None], [{}, {"x": 1}, *ARRAYS]),
    ([{"exists": False}], [{}, {"x": 1}, *ARRAYS], ["", 0, False, None]),
    ([{"exists": True}, "a"], ["a", "b", ["b", "a"]], [["b"], [], {"a": 1}]),
    ([{"cidr": "192.168.0.0/16"}], ["192.168.0.0", "192.168.255.255"], ["192.169.0.0", 1, "x"]),
    ([{"cidr": "10.1.2.3/8"}], ["10.255.0.1"], ["11.0.0.1", "::a00:1", "10.0.0", 167772161]),
    ([{"cidr": "0.0.0.0/0"}], ["1.2.3.4"], ["::1", "", 1]),
    ([{"cidr": "2001:db8::/32"}], ["2001:db8::1", "2001:DB8:0:0::"], ["2001:db9::", "32.1.13.184"]),
    (["a", {"prefix": "b"}, {"numeric": ["<", 0]}], ["a", "b1", -1], ["c", 0]),
    ([{"exists": False}, "a"], ["a", {}, [], ["b"]], ["b", None]),
    (["a"], [["b", "a"], [["a"]]], [["b"], []]),
    ([{"anything-but": "a"}], [["b"], ["a", "b"]], [["a"], []]),
    ([{"prefix": "a"}], [["b", "ab"]], [["ba"], []]),
    ([{"suffix": "a"}], [["b", "ba"]], [["ab"], []]),
    ([{"equals-ignore-case": "A"}], [["b", "a"]], [["b"], []]),
    ([{"numeric": [">", 1]}], [[0, 2]], [[0, 1], []]),
    ([{"cidr": "10.0.0.0/8"}], [["x", "10.0.0.1"]], [["11.0.0.1"], []]),
]


def matches(asked: Any, event: dict[str, Any]) -> bool:
    return parse(json.dumps({"data": {"field": asked}})).matches(event)


@for_each(("asked", "accepted", "refused"), MATCHES)
def test_an_operator_matches_the_values_that_it_accepts_and_no_others(
    asked: Any, accepted: list[Any], refused: list[Any]
) -> None:
    events = [{"data": {"field": value, "other": "x"}} for value in (*accepted, *refused)]
    matched = [event["data"]["field"] for event in events if matches(asked, event)]
    assert matched == accepted


@for_each("event", [{}, {"data": {}}, {"data": {"other": "a"}}, {"data": 5}])
def test_a_missing_field_matches_only_exists_false(event: dict[str, Any]) -> None:
    matched = [asked for asked, *_ in MATCHES if matches(asked, event)]
    assert matched == [asked for asked, *_ in MATCHES if {"exists": False} in asked]


REFUSALS: list[tuple[Any, str]] = [
    ({"wildcard": "*.jpeg"}, "f[0]: the operator 'wildcard'; expected prefix or suffix, as"),
    ({"$or": [{"a": [1]}, {"b": [1]}]}, "f[0]: the operator '$or'; expected $or in the place of a"),
    ({"prefx": "a"}, "f[0]: the operator 'prefx'; expected prefix"),
    ({"exactly": "a"}, "f[0]: the operator 'exactly'; expected one of prefix, suffix, "),
    ({"email": ["a"]}, "f[0]: the operator 'email'; expected one of prefix"),
    ({"prefix": 5}, 'f[0].prefix: 5; expected text, or {"equals-ignore-case": "text"}'),
    ({"prefix": ["a"]}, "f[0].prefix: a list"),
    ({"prefix": {"suffix": "a"}}, "f[0].prefix: the operator 'suffix'; expected one of equals-ign"),
    ({"prefix": {"equals-ignore-case": 1}}, "f[0].prefix.equals-ignore-case: 1; expected text"),
    ({"suffix": None}, "f[0].suffix: null"),
    ({"suffix": {"$or": []}}, "f[0].suffix: the operator '$or'; expected $or in the place"),
    ({"equals-ignore-case": ["a"]}, "f[0].equals-ignore-case: a list; expected text"),
    ({"numeric": 5}, "f[0].numeric: 5; expected a comparison, "),
    ({"numeric": []}, "f[0].numeric: an empty list"),
    ({"numeric": [">"]}, "f[0].numeric: a list"),
    ({"numeric": [">", 1, "<"]}, "f[0].numeric: a list"),
    ({"numeric": [">", 1, "<", 2, "<", 3]}, "f[0].numeric: a list"),
    ({"numeric": ["!=", 1]}, 'f[0].numeric[0]: "!="; expected one of = < <= > >='),
    ({"numeric": [[], 1]}, "f[0].numeric[0]: an empty list"),
    ({"numeric": [">", "1"]}, 'f[0].numeric[1]: "1"; expected a number'),
    ({"numeric": [">", True]}, "f[0].numeric[1]: true; expected a number"),
    ({"numeric": [">", 0, "<", None]}, "f[0].numeric[3]: null; expected a number"),
    ({"numeric": ["<", 5, ">", 0]}, "f[0].numeric: < and >; expected > or >= first"),
    ({"numeric": ["=", 5, "<", 9]}, "f[0].numeric: = and <; expected > or >= first"),
    ({"numeric": [">", 5, "<", 5]}, "f[0].numeric: a range from 5 to 5; expected a lower bound"),
    ({"exists": "true"}, 'f[0].exists: "true"; expected true or false'),
    ({"exists": 0}, "f[0].exists: 0; expected true or false"),
    ({"exists": None}, "f[0].exists: null"),
    ({"cidr": 10}, "f[0].cidr: 10; expected an IPv4 or IPv6 range such as 10.0.0.0/8"),
    ({"cidr": "10.0.0.1"}, 'f[0].cidr: "10.0.0.1"; expected an IPv4 or IPv6 range'),
    ({"cidr": "10.0.0.0/33"}, 'f[0].cidr: "10.0.0.0/33"'),
    ({"cidr": "10.0.0.0/255.0.0.0"}, 'f[0].cidr: "10.0.0.0/255.0.0.0"; expected an IPv4'),
    ({"cidr": "10.0.0.1/32"}, 'f[0].cidr: "10.0.0.1/32"; expected a range; write a single address'),
    ({"cidr": "::1/128"}, 'f[0].cidr: "::1/128"; expected a range'),
    ({"cidr": "example.org/8"}, 'f[0].cidr: "example.org/8"'),
    ({"anything-but": []}, "f[0].anything-but: an empty list; expected text or a number, "),
    ({"anything-but": [1, "a"]}, "f[0].anything-but: a list; expected text or a number, a list"),
    ({"anything-but": None}, "f[0].anything-but: null"),
    ({"anything-but": [True]}, "f[0].anything-but: a list"),
    ({"anything-but": {}}, "f[0].anything-but: an empty object; expected exactly one of prefix, "),
    ({"anything-but": {"numeric": [">", 1]}}, "f[0].anything-but: the operator 'numeric'"),
    ({"anything-but": {"wildcard": "*"}}, "f[0].anything-but: the operator 'wildcard'; expected p"),
    ({"anything-but": {"prefix": []}}, "f[0].anything-but.prefix: an empty list"),
    ({"anything-but": {"prefix": ["a", 1]}}, "f[0].anything-but.prefix: 1; expected text, or a"),
    (
        {"anything-but": {"suffix": ""}},
        'f[0].anything-but.suffix: ""; expected text that is not empty',
    ),
    ({"anything-but": {"prefix": {"equals-ignore-case": "a"}}}, "f[0].anything-but.prefix: an obj"),
]


@for_each(("operator", "message"), REFUSALS)
def test_an_unknown_operator_is_refused_with_its_place(operator: Any, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(json.dumps({"f": [operator]}))
    assert str(caught.value).startswith(message)
    assert str(caught.value).startswith(caught.value.path + ": ")
