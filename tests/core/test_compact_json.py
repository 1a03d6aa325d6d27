"""JSON in as few bytes as it takes, and the same on every machine."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.compact_json import encode

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
def test_what_is_written_is_read_again(content: object) -> None:
    assert json.loads(encode(content)) == content


@given(st.recursive(st.none() | st.integers() | TEXT, st.lists, max_leaves=20))
def test_it_is_what_the_standard_library_writes(content: object) -> None:
    expected = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    assert encode(content).decode() == expected


def test_keys_keep_their_order_and_there_is_no_space() -> None:
    assert encode({"b": [1, 2.5], "a": {"é": None}}) == '{"b":[1,2.5],"a":{"é":null}}'.encode()


@pytest.mark.parametrize("number", [10**1000, -(2**63) - 1, 2**64])
def test_a_number_of_any_length_is_written_out(number: int) -> None:
    assert encode({"a": number}) == b'{"a":%s}' % str(number).encode()


def test_what_has_no_form_in_json_is_refused() -> None:
    with pytest.raises(TypeError):
        encode({"a": object()})
