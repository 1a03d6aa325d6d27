"""JSON as requests bring it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core import json_text

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)  # fmt: skip


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


@given(ANY_JSON)
def test_json_is_read_as_it_was_meant(value: object) -> None:
    assert json_text.parse(json.dumps(value).encode()) == value
    assert json_text.parse(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary())
def test_whatever_comes_is_json_that_can_be_written_again_or_a_value_error(body: bytes) -> None:
    try:
        content = json_text.parse(body)
    except ValueError:
        return
    json.dumps(content, ensure_ascii=False, allow_nan=False).encode()


@pytest.mark.parametrize(
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
        (rb'["\ud83d"]', "stands alone"),
        (nested(101), "more than 100 objects and arrays"),
        (b'{"a":' * 100_000, "more than 100 objects and arrays"),
    ],
)
def test_what_is_no_json_is_refused_in_a_sentence(body: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        json_text.parse(body)
    assert reason in str(raised.value)


def test_a_hundred_levels_are_read_and_so_are_many_brackets_side_by_side() -> None:
    assert json.dumps(json_text.parse(nested(100))).encode() == nested(100)
    assert len(json_text.parse(b"[" + b"{}," * 500 + b"1]")) == 501


def test_a_surrogate_pair_is_one_character() -> None:
    assert json_text.parse(rb'"\ud83d\ude00"') == "😀"
