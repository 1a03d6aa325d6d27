"""JSON as others wrote it: text, bodies of requests, and how many values they have."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core import json_reading
from flowsim.core.json_reading import MOST_VALUES, TooManyValuesError, parse_text, refuse_many

from ..cases import for_each
from ..strategies import JSON
from ..work import assert_linear


def test_json_text_is_read_with_the_given_hooks() -> None:
    assert parse_text('{"a": [1, 2.5, null]}') == {"a": [1, 2.5, None]}
    assert parse_text("[1, 2.50]", parse_float=Decimal) == [1, Decimal("2.50")]


@for_each(
    "text",
    ["", "{", "[1,]", "NaN", "[Infinity]", '{"a": -Infinity}', "'a'", "[" * 100_000],
)
def test_text_that_is_not_json_is_a_value_error(text: str) -> None:
    """Constants that Python would read are among it, and so is what is nested too deep."""
    with pytest.raises(ValueError, match=r"\w"):
        parse_text(text)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)  # fmt: skip


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


@given(ANY_JSON)
def test_any_json_is_read_as_the_value_that_was_written(value: object) -> None:
    assert json_reading.parse_body(json.dumps(value).encode()) == value
    assert json_reading.parse_body(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary())
def test_any_body_is_json_that_can_be_written_or_a_value_error(body: bytes) -> None:
    try:
        content = json_reading.parse_body(body)
    except ValueError:
        return
    json.dumps(content, ensure_ascii=False, allow_nan=False).encode()


@for_each(
    ("body", "reason"),
    [
        (b"", "Expecting value: line 1 column 1 (char 0)"),
        (b"\xff", "can't decode byte 0xff in position 0"),
        (b"\xef\xbb\xbf1", "Expecting value"),
        ('"é"'.encode("utf-16"), "can't decode byte"),
        (b"[NaN]", "NaN is not JSON"),
        (b"-Infinity", "-Infinity is not JSON"),
        (b"1e999", "the number 1e999 is too large"),
        (b"7" * 5000, "a number has more than 4,300 digits"),
        (rb'["\ud83d"]', "is not one of a pair"),
        (nested(101), "more than 100 objects and arrays"),
        (b'{"a":' * 100_000, "more than 100 objects and arrays"),
    ],
)
def test_a_body_that_is_not_json_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        json_reading.parse_body(body)
    assert reason in str(raised.value)


@for_each(
    "body", [b"", b"{", b"NaN", b"[Infinity]", b"\xef\xbb\xbf{}", b'"\xff"', b"{}{}", b"[01]"]
)
def test_what_is_no_json_in_utf_8_is_told(body: bytes) -> None:
    assert not json_reading.is_json(body)


@for_each(
    "body", [b" 1e999 ", b"1" * 5_000, rb'"\ud800"', b'{"a":1,"a":2}', b"[" * 200 + b"]" * 200]
)
def test_legal_json_is_json_even_if_it_is_odd(body: bytes) -> None:
    assert json_reading.is_json(body)


def test_a_hundred_levels_and_many_brackets_side_by_side_are_read() -> None:
    assert json.dumps(json_reading.parse_body(nested(100))).encode() == nested(100)
    assert len(json_reading.parse_body(b"[" + b"{}," * 500 + b"1]")) == 501


def test_a_surrogate_pair_is_one_character() -> None:
    assert json_reading.parse_body(rb'"\ud83d\ude00"') == "😀"


def values_in(content: Any) -> int:
    inner = content.values() if isinstance(content, dict) else content
    return 1 + sum(map(values_in, inner)) if isinstance(content, dict | list) else 1


def is_refused(text: str, most: int) -> bool:
    try:
        refuse_many(text, most)
    except TooManyValuesError:
        return True
    return False


@given(JSON, st.booleans())
def test_more_values_are_refused_and_half_as_many_are_not(
    content: object, ascii_only: bool
) -> None:
    """An empty object is counted by its bracket and by the comma behind it."""
    text = json.dumps(content, ensure_ascii=ascii_only)
    count = values_in(content)
    assert count == 1 or is_refused(text, count - 1)
    assert not is_refused(text, 2 * count)


@given(st.text(), st.integers(1, 5))
def test_counting_accepts_text_that_is_not_json(text: str, most: int) -> None:
    assert is_refused(text, most) in (True, False)


def test_commas_and_brackets_in_strings_are_not_counted() -> None:
    refuse_many(json.dumps(["[,{" * 100, 'a "quoted, [text]" and \\']), 3)
    refuse_many('"' + "[" * 100, 3)  # a text without an end
    refuse_many('"\\', 3)


@for_each("unit", ["[],", '"",', '"\\"', '"', "\\", '"\\\\', "{,", '"a":"b,c",'])
def test_counting_takes_time_in_proportion_to_the_text(unit: str) -> None:
    """For such texts a usual pattern for strings begins anew at each quote: it takes minutes."""
    assert not is_refused(unit * 200_000, 10**6)
    assert_linear(lambda text: is_refused(text, 10**6), lambda number: unit * number, 1_000)


@pytest.mark.slow
@for_each("unit", ["[]", "{}", "1", '{"a":0}', '"ab"'])
def test_both_readers_refuse_a_text_that_would_fill_the_memory(unit: str) -> None:
    text = f"[{','.join([unit] * MOST_VALUES)}]"
    sentence = "more than 250,000 values; expected fewer"
    with pytest.raises(TooManyValuesError, match=sentence):
        json_reading.parse_body(text.encode())
    with pytest.raises(TooManyValuesError, match=sentence):
        parse_text(text)
    assert len(parse_text(text, most=3 * MOST_VALUES)) == MOST_VALUES
