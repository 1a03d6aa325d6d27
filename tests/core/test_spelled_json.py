"""JSON that remembers how its numbers are spelled."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given

from flowsim.core.json_text import DEEPEST
from flowsim.core.spelled_json import Number, read, write

from ..strategies import FINITE_JSON


@given(FINITE_JSON)
def test_what_is_read_is_written_again_as_it_was(content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    assert write(read(text)) == text


@pytest.mark.parametrize("text", ["1", "1.0", "1e0", "1E+0", "10e-1", "1.000000000000000000000000"])
def test_a_number_keeps_its_spelling_and_equals_the_others(text: str) -> None:
    assert (write(read(text)), read(text)) == (text, read("1"))


def test_numbers_of_any_size_are_compared_at_once() -> None:
    assert read("1e999999999") == read("10e999999998")
    assert read("1" + "0" * 5000) == read("1e5000")
    assert read("1e999999999") != Number("1")
    assert isinstance(read("1"), Decimal)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1, "a": 2}', "the key 'a' stands twice in one object"),
        ("1e9999999999999999999", "the number 1e999999999999999999 is too large"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "more than 100 objects and arrays"),
        ("[" * 100_000, "nested too deep"),
        ("NaN", "NaN is not JSON"),
        ("{'a': 1}", "Expecting property name"),
    ],
)
def test_what_cannot_be_compared_as_json_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        read(text)
