"""The text of a filter: what is read, and what is refused before anything is compiled."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from flowsim.errors import FilterError
from flowsim.events_service.filters.text import MOST_CHARACTERS, Members, describe, read

from ...cases import for_each


def test_an_object_keeps_all_its_keys_in_order() -> None:
    assert read('{"b": {"a": 1}, "b": true}') == (("b", (("a", Decimal(1)),)), ("b", True))


def test_numbers_stay_exact() -> None:
    digits = "9" * 5_000
    assert read(f'{{"a": [0.1, 1e400, {digits}]}}') == (
        ("a", [Decimal("0.1"), Decimal("1e400"), Decimal(digits)]),
    )


@for_each(
    ("text", "message"),
    [
        ("", "line 1, column 1: no JSON (Expecting value); expected a JSON object"),
        ('{"a":\n  [1,}', "line 2, column 6: no JSON (Expecting value)"),
        ('{"a": [NaN]}', "filter: NaN is not JSON"),
        ('{"a": [1e9999999999999999999]}', "filter: 1e9999999999999999999 is too large"),
        ('{"a":' * 10_000, "filter: nested too deep"),
        ('["a"]', "filter: a list; expected a JSON object of fields"),
        ("[]", "filter: an empty list"),
        ('"type"', 'filter: "type"'),
        ("12.50", "filter: 12.50;"),
        ("null", "filter: null;"),
    ],
)
def test_text_that_is_no_json_object_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        read(text)
    assert str(caught.value).startswith(message)


def test_a_text_longer_than_the_limit_is_refused() -> None:
    longest = '{"a": 1}'.ljust(MOST_CHARACTERS)
    assert read(longest)
    with pytest.raises(FilterError, match=r"filter: a text of 65,537 characters; .* 65,536"):
        read(longest + " ")


@for_each(
    ("value", "words"),
    [
        (Members(), "an empty object"),
        (Members([("a", 1)]), "an object"),
        ([], "an empty list"),
        ([1], "a list"),
        ("é\n\ud800", '"\\u00e9\\n\\ud800"'),
        (True, "true"),
        (None, "null"),
        (Decimal("1.50"), "1.50"),
    ],
)
def test_values_in_messages_are_written_as_in_the_filter(value: Any, words: str) -> None:
    """Line ends and halves of characters never reach a message as they are."""
    assert describe(value) == words


def test_a_long_value_is_shown_in_part() -> None:
    assert len(describe("x" * 10_000)) == 500
