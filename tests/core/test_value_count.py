"""How many values JSON text has, told without reading it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core import json_text
from flowsim.core.strict_json import loads
from flowsim.core.value_count import MOST_VALUES, TooManyValuesError, refuse_many

from ..strategies import JSON
from ..work import assert_linear


def values_in(content: Any) -> int:
    inner = content.values() if isinstance(content, dict) else content
    return 1 + sum(map(values_in, inner)) if isinstance(content, dict | list) else 1


def is_refused(text: str | bytes, most: int) -> bool:
    try:
        refuse_many(text, most)
    except TooManyValuesError:
        return True
    return False


@given(JSON, st.booleans())
def test_text_with_more_values_is_refused_and_text_with_half_as_many_is_not(
    content: object, ascii_only: bool
) -> None:
    """An empty object is counted by its bracket and by the comma behind it."""
    text = json.dumps(content, ensure_ascii=ascii_only)
    count = values_in(content)
    for each in (text, text.encode("utf-8", "surrogatepass")):
        assert count == 1 or is_refused(each, count - 1)
        assert not is_refused(each, 2 * count)


@given(st.text(), st.binary(), st.integers(1, 5))
def test_any_text_is_refused_or_not_as_any_other(text: str, body: bytes, most: int) -> None:
    assert is_refused(text, most) is is_refused(text.encode("utf-8", "surrogatepass"), most)
    is_refused(body, most)


def test_commas_and_brackets_within_texts_are_no_values() -> None:
    refuse_many(json.dumps(["[,{" * 100, 'a "quoted, [text]" and \\']), 3)
    refuse_many('"' + "[" * 100, 3)  # a text without an end
    refuse_many('"\\', 3)


@pytest.mark.parametrize(
    "unit", ["[],", '"",', '"\\"', '"', "\\", '"\\\\', "{,", '"a":"b,c",'], ids=repr
)
def test_no_text_is_looked_at_again_and_again(unit: str) -> None:
    """For such texts a usual pattern for strings begins anew at each quote: it takes minutes."""
    assert not is_refused(unit * 200_000, 10**6)
    assert_linear(lambda text: is_refused(text, 10**6), lambda number: unit * number, 1_000)


@pytest.mark.parametrize("unit", ["[]", "{}", "1", '{"a":0}', '"ab"'])
def test_both_readers_refuse_a_text_that_would_fill_the_memory(unit: str) -> None:
    text = f"[{','.join([unit] * MOST_VALUES)}]"
    sentence = "more than 250,000 values; expected fewer"
    with pytest.raises(TooManyValuesError, match=sentence):
        json_text.parse(text.encode())
    with pytest.raises(TooManyValuesError, match=sentence):
        loads(text)
    assert len(loads(text, most=3 * MOST_VALUES)) == MOST_VALUES
