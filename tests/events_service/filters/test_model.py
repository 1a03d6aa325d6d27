"""Filters as a whole: Adobe's examples, and laws that hold for all filters and events."""

from __future__ import annotations

import copy
import json
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from flowsim.errors import FilterError
from flowsim.events_service.filters.model import Filter, parse

from ...cases import for_each
from . import naive_filters

PUBLISHED = {
    "specversion": "1.0",
    "type": "aem.assets.asset.published",
    "source": "author-p12345-e123456.adobeaemcloud.com",
    "data": {
        "tier": "publish",
        "repositoryMetadata": {
            "repo:name": "city.jpeg",
            "repo:path": "/content/dam/city.jpeg",
            "repo:size": 338049,
        },
        "assetMetadata": {"customProperty1": "customValue", "customProperty2": True},
    },
}


def compiled(filter_: Any) -> Filter:
    return parse(json.dumps(filter_))


def refusal(filter_: Any) -> str:
    """Return why a filter, or the text of one, is none; nothing if it is one."""
    try:
        parse(filter_ if isinstance(filter_, str) else json.dumps(filter_))
    except FilterError as error:
        return str(error)
    return ""


def changed(**metadata: Any) -> dict[str, Any]:
    """Return the published asset with other values in its repository metadata."""
    event = copy.deepcopy(PUBLISHED)
    event["data"]["repositoryMetadata"] |= {f"repo:{key}": each for key, each in metadata.items()}
    return event


def test_the_documented_filter_matches_large_published_jpegs_only() -> None:
    filter_ = compiled(
        {
            "type": ["aem.assets.asset.published"],
            "data": {
                "repositoryMetadata": {
                    "repo:name": [{"suffix": ".jpeg"}],
                    "repo:size": [{"numeric": [">", 300000]}],
                }
            },
        }
    )
    assert filter_.matches(PUBLISHED)
    assert filter_.matches(changed(name="a.jpeg", size=300000.5))
    assert not filter_.matches(changed(name="city.png"))
    assert not filter_.matches(changed(size=300000))
    assert not filter_.matches(changed(size="338049"))
    assert not filter_.matches({**PUBLISHED, "type": "aem.assets.asset.deleted"})
    assert not filter_.matches({})


@for_each(
    ("filter_", "matched"),
    [
        ({"data": {"tier": [{"anything-but": "author"}]}}, True),
        ({"data": {"tier": [{"equals-ignore-case": "PUBLISH"}]}}, True),
        ({"data": {"repositoryMetadata": {"repo:path": [{"prefix": "/content/dam/"}]}}}, True),
        ({"data.repositoryMetadata.repo:path": [{"anything-but": {"prefix": "/content"}}]}, False),
        ({"data.repositoryMetadata.repo:size": [{"numeric": [">", 1e5, "<=", 5e5]}]}, True),
        ({"data": {"assetMetadata": {"customProperty1": [{"exists": True}]}}}, True),
        ({"data": {"assetMetadata": [{"exists": True}]}}, False),
        ({"data": {"detail": {"source-ip": [{"cidr": "192.168.0.0/16"}]}}}, False),
        ({"$or": [{"type": ["x"]}, {"data.repositoryMetadata.repo:size": [338049]}]}, True),
        ({"data": {"$or": [{"tier": ["author"]}, {"assetMetadata": {"x": [1]}}]}}, False),
        ({"data": {"$or": [{"tier": ["author"]}, {"tier": ["publish"]}]}, "type": ["x"]}, False),
    ],
)
def test_filters_written_as_in_the_documentation_work(filter_: Any, matched: bool) -> None:
    assert compiled(filter_).matches(PUBLISHED) == matched


def test_the_repr_of_a_filter_is_its_text() -> None:
    text = '{"type": ["a"]}'
    assert parse(text).text == text
    assert repr(parse(text)) == f"Filter(text={text!r})"
    assert parse(text) == parse(text)


@for_each("event", [None, 5, "type", [], [PUBLISHED]])
def test_a_value_that_is_no_object_matches_no_filter(event: Any) -> None:
    assert not parse('{"x": [{"exists": false}]}').matches(event)


def test_any_mapping_may_be_the_event() -> None:
    assert parse('{"a": {"b": [1]}}').matches(MappingProxyType({"a": {"b": 1}}))


# What hypothesis makes up: short names and values, so that filters and events meet.

NAMES = st.sampled_from(["a", "b", "c"])
TEXTS = st.sampled_from(["", "x", "X", "xy", "Yx"])
NUMBERS = st.sampled_from([0, 1, 1.0, 2.5, -3, 10**20])
SCALARS = TEXTS | NUMBERS | st.none() | st.booleans() | st.sampled_from(["10.0.0.1", "::1"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)


def some(each: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(each, min_size=1, max_size=2)


def operator(name: str, operand: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return operand.map(lambda each: {name: each})


ANY_CASE = operator("equals-ignore-case", TEXTS)
LETTERS = st.sampled_from(["x", "Y"])
DENIED = (
    TEXTS
    | NUMBERS
    | some(TEXTS)
    | some(NUMBERS)
    | operator("prefix", LETTERS | some(LETTERS))
    | operator("suffix", LETTERS | some(LETTERS))
    | operator("equals-ignore-case", TEXTS | some(TEXTS))
)
OPERATORS = (
    ANY_CASE
    | operator("prefix", TEXTS | ANY_CASE)
    | operator("suffix", TEXTS | ANY_CASE)
    | operator("anything-but", DENIED)
    | operator("numeric", st.tuples(st.sampled_from(["=", "<", "<=", ">", ">="]), NUMBERS))
    | operator("numeric", st.sampled_from([(">", 0, "<=", 2.5), (">=", -3, "<", 1)]))
    | operator("exists", st.booleans())
    | operator("cidr", st.sampled_from(["10.0.0.0/8", "::/64"]))
)
LEAVES = st.lists(SCALARS | OPERATORS, min_size=1, max_size=3)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(".".join)
FILTERS = st.recursive(
    st.dictionaries(PATHS, LEAVES, min_size=1, max_size=3),
    lambda inner: st.builds(
        lambda fields, either: fields | ({"$or": either} if either else {}),
        st.dictionaries(PATHS, LEAVES | inner, min_size=1, max_size=2),
        st.none() | st.lists(inner, min_size=2, max_size=3),
    ),
    max_leaves=4,
)
LISTS_OF_OBJECTS = st.recursive(
    SCALARS,
    lambda inner: (
        st.dictionaries(NAMES, inner, min_size=1, max_size=3) | st.lists(inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS_WITH_DOTS = st.recursive(
    SCALARS | st.lists(SCALARS, max_size=2),
    lambda inner: st.dictionaries(PATHS, inner, min_size=1, max_size=3),
    max_leaves=6,
)
EVENTS = st.dictionaries(NAMES, LISTS_OF_OBJECTS, min_size=1, max_size=3) | st.dictionaries(
    PATHS, KEYS_WITH_DOTS, min_size=1, max_size=3
)


@given(st.text() | JSON.map(json.dumps) | FILTERS.map(lambda each: json.dumps(each)[:-1]))
@example('{"a": ' * 2_000)
@example("[" * 60_000)
def test_any_text_is_a_filter_or_a_filter_error(text: str) -> None:
    message = refusal(text)
    assert not message or "; expected " in message
    assert message.isprintable()


WORDS = st.sampled_from(
    ["$or", "prefix", "suffix", "numeric", "exists", "cidr", "anything-but", "equals-ignore-case"]
)
NEARLY_FILTERS = st.recursive(
    SCALARS | st.sampled_from(["10.0.0.0/8", "<", ">"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | NAMES, inner, max_size=2),
    max_leaves=10,
)


@given(NEARLY_FILTERS, JSON)
def test_almost_valid_json_is_a_filter_or_a_filter_error(filter_: Any, event: Any) -> None:
    message = refusal(json.dumps(filter_))
    assert (
        "; expected " in message if message else compiled(filter_).matches(event) in (True, False)
    )


@settings(max_examples=50)
@given(FILTERS, JSON | EVENTS)
def test_any_event_matches_or_does_not_match(filter_: Any, event: Any) -> None:
    assume(not refusal(filter_))
    before = copy.deepcopy(event)
    assert compiled(filter_).matches(event) in (True, False)
    assert repr(event) == repr(before)


@given(DENIED, SCALARS)
def test_anything_but_matches_every_other_value_but_no_absent_field(
    denied: Any, value: Any
) -> None:
    listed = isinstance(denied, list)
    if isinstance(denied, dict):
        [(name, inner)] = denied.items()
        asked = [{name: each} for each in (inner if isinstance(inner, list) else [inner])]
    else:
        asked = denied if listed else [denied]
    event = {"a": value}
    without = compiled({"a": [{"anything-but": denied}]}).matches(event)
    assert without != compiled({"a": asked}).matches(event)


@given(LEAVES, SCALARS)
def test_members_of_a_list_are_alternatives(members: list[Any], value: Any) -> None:
    event = {"a": value}
    each = [compiled({"a": [member]}).matches(event) for member in members]
    assert compiled({"a": members}).matches(event) == any(each)


@given(LEAVES, LEAVES, EVENTS)
def test_all_keys_must_match(first: Any, second: Any, event: dict[str, Any]) -> None:
    """Of one another they know nothing, as long as no array holds both."""
    both = compiled({"a": first, "b": second}).matches(event)
    assert both == (
        compiled({"a": first}).matches(event) and compiled({"b": second}).matches(event)
    )


@pytest.mark.slow
@settings(max_examples=50)
@given(st.lists(FILTERS, min_size=2, max_size=3), EVENTS)
def test_or_matches_if_one_of_its_filters_does(either: Any, event: dict[str, Any]) -> None:
    assume(not refusal({"$or": either}))
    matched = [compiled(each).matches(event) for each in either]
    assert compiled({"$or": either}).matches(event) == any(matched)


@settings(max_examples=100)
@given(FILTERS, EVENTS)
def test_compiled_filters_agree_with_naive_filters(filter_: Any, event: dict[str, Any]) -> None:
    paths = [[path for path, _ in each] for each in naive_filters.alternatives_of(filter_)]
    if any(len({*each}) < len(each) for each in paths):
        with pytest.raises(FilterError, match="a second expression"):
            compiled(filter_)
    else:
        assert compiled(filter_).matches(event) == naive_filters.matches(filter_, event)
