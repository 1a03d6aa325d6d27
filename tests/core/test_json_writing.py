"""JSON as flowsim writes it: compact, printed, with spelled numbers, and changed by a patch."""

from __future__ import annotations

import copy
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core import json_writing
from flowsim.core.json_reading import DEEPEST, Number, parse_spelled
from flowsim.core.json_writing import compact, merge_patch, spelled

from ..cases import for_each
from ..hostile.text import HOSTILE
from ..strategies import FINITE_JSON

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXT,
)
CONTENT = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=20
)


@given(CONTENT)
def test_compact_json_is_read_as_the_same_value(content: object) -> None:
    assert json.loads(compact(content)) == content


@given(st.recursive(st.none() | st.integers() | TEXT, st.lists, max_leaves=20))
def test_compact_json_is_what_the_standard_library_writes(content: object) -> None:
    expected = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    assert compact(content).decode() == expected


def test_compact_json_keeps_the_order_of_keys_and_has_no_spaces() -> None:
    assert compact({"b": [1, 2.5], "a": {"é": None}}) == '{"b":[1,2.5],"a":{"é":null}}'.encode()


@pytest.mark.parametrize("number", [10**1000, -(2**63) - 1, 2**64])
def test_a_number_of_any_length_is_written_out(number: int) -> None:
    assert compact({"a": number}) == b'{"a":%s}' % str(number).encode()


def test_a_value_without_a_form_in_json_is_refused() -> None:
    with pytest.raises(TypeError):
        compact({"a": object()})


def test_printed_json_is_harmless_and_has_the_same_value() -> None:
    content = {"é": HOSTILE, HOSTILE: ["日本", "\ud800"]}
    text = json_writing.one_line(content)
    assert text.isprintable()
    assert "日本" in text
    assert json.loads(text) == content


def test_indented_json_has_no_line_ends_inside_strings() -> None:
    text = json_writing.indented({"a": HOSTILE})
    assert text.count("\n") == 2
    assert json.loads(text) == {"a": HOSTILE}


@given(FINITE_JSON)
def test_spelled_json_is_written_as_it_was_read(content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    assert spelled(parse_spelled(text)) == text


@for_each("text", ["1", "1.0", "1e0", "1E+0", "10e-1", "1.000000000000000000000000"])
def test_a_number_keeps_its_spelling_and_equals_the_others(text: str) -> None:
    assert (spelled(parse_spelled(text)), parse_spelled(text)) == (text, parse_spelled("1"))


def test_numbers_of_any_size_are_compared_at_once() -> None:
    assert parse_spelled("1e999999999") == parse_spelled("10e999999998")
    assert parse_spelled("1" + "0" * 5000) == parse_spelled("1e5000")
    assert parse_spelled("1e999999999") != Number("1")
    assert isinstance(parse_spelled("1"), Decimal)


@for_each(
    ("text", "reason"),
    [
        ('{"a": 1, "a": 2}', "the key 'a' appears twice in one object"),
        ("1e9999999999999999999", "the number 1e999999999999999999 is too large"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "more than 100 objects and arrays"),
        ("[" * 100_000, "nested too deep"),
        ("NaN", "NaN is not JSON"),
        ("{'a': 1}", "Expecting property name"),
    ],
)
def test_text_that_cannot_be_compared_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        parse_spelled(text)


NAMES = st.sampled_from("abc")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)


@for_each(
    ("target", "patch", "merged"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_merge_patch_gives_the_results_in_the_rfc(target: Any, patch: Any, merged: Any) -> None:
    assert merge_patch(target, patch) == merged


def reference(target: Any, patch: Any) -> Any:
    """MergePatch of RFC 7396, section 2, word for word."""
    if isinstance(patch, dict):
        if not isinstance(target, dict):
            target = {}
        for name, value in patch.items():
            if value is None:
                if name in target:
                    del target[name]
            else:
                target[name] = reference(target.get(name), value)
        return target
    return patch


@given(JSON, JSON)
def test_a_merge_patch_follows_the_rfc_and_changes_no_argument(target: Any, patch: Any) -> None:
    before = copy.deepcopy((target, patch))
    merged = merge_patch(target, patch)
    assert (target, patch) == before
    assert merged == reference(*before)


@given(JSON, JSON)
def test_a_patch_applied_again_changes_nothing_more(target: Any, patch: Any) -> None:
    assert merge_patch(merge_patch(target, patch), patch) == merge_patch(target, patch)


def test_a_merge_patch_keeps_the_order_and_appends_new_members() -> None:
    assert list(merge_patch({"b": 1, "a": 2, "c": 3}, {"z": 4, "a": 5, "b": None})) == [
        "a",
        "c",
        "z",
    ]
