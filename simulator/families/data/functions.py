"""Filters and functions that expressions of a family can call, by name."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ...core import duration
from .lists import LIST_FUNCTIONS
from .tables import TABLE_FUNCTIONS
from .times import TIME_FILTERS, TIME_FUNCTIONS
from .values import (
    LONGEST_TEXT,
    NUMBERS,
    Function,
    Number,
    ValueMistakeError,
    bounded,
    bounded_text,
    kind_of,
    number_of,
    spelled,
    text_of,
)

MOST_PIECES = 1_000
"""The most pieces into which the filter ``split`` cuts text."""


def _round(value: Any, digits: Any = None) -> Number:
    if digits is not None and (type(digits) is not int or not 0 <= digits <= 15):
        raise ValueMistakeError(f"round({spelled(digits)})", "a whole number of digits up to 15")
    rounded: Number = round(bounded(number_of(value)), digits)
    return rounded


def _int(value: Any) -> int:
    if type(value) is str and value.strip().lstrip("+-").isdecimal() and len(value) <= 40:
        return int(bounded(int(value)))
    return int(bounded(number_of(value)))


def _json(value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise ValueMistakeError("what JSON cannot express", "text, numbers and objects") from None
    return bounded_text(text)


def _replace(value: Any, old: Any, new: Any) -> str:
    text, before, after = map(text_of, (value, old, new))
    if not before:
        raise ValueMistakeError("empty text to replace", "text of at least one character")
    if len(text) + text.count(before) * len(after) > 2 * LONGEST_TEXT:
        raise ValueMistakeError("text that grows beyond bounds", f"at most {LONGEST_TEXT:,}")
    return bounded_text(text.replace(before, after))


def _whole(value: Any, size: int) -> int:
    return int(bounded(number_of(value)) // size)


def seconds_of(value: Any) -> float:
    """Return the seconds of a duration such as ``2h``; a number is seconds already."""
    if type(value) is not str and type(value) not in NUMBERS:
        raise ValueMistakeError(kind_of(value), duration.EXPECTED)
    try:
        return duration.parse(value)
    except ValueError as error:
        raise ValueMistakeError(spelled(value)[:60], str(error)) from None


def _extreme(choose: Callable[..., Any], values: tuple[Any, ...]) -> Any:
    if all(type(each) in NUMBERS for each in values) or all(
        type(each) is datetime for each in values
    ):
        return choose(values)
    raise ValueMistakeError(", ".join(map(kind_of, values[:5])), "only numbers, or only moments")


def _length(value: Any) -> int:
    if isinstance(value, str | list | dict):
        return len(value)
    raise ValueMistakeError(kind_of(value), "text, a list or an object")


def _base64_of_urls(value: Any) -> str:
    return bounded_text(urlsafe_b64encode(text_of(value).encode()).decode().rstrip("="))


def _split(value: Any) -> list[str]:
    """Return the pieces of text between commas, without the spaces around them."""
    pieces = text_of(value).split(",", MOST_PIECES)
    if len(pieces) > MOST_PIECES:
        raise ValueMistakeError(f"more than {MOST_PIECES:,} pieces of text", "fewer commas")
    return [each.strip() for each in pieces if each.strip()]


FILTERS: Mapping[str, Function] = {
    **TIME_FILTERS,
    "b64": Function(lambda value: bounded_text(b64encode(text_of(value).encode()).decode())),
    "b64url": Function(_base64_of_urls),
    "split": Function(_split),
    "text": Function(spelled),
    "upper": Function(lambda value: bounded_text(text_of(value).upper())),
    "lower": Function(lambda value: bounded_text(text_of(value).lower())),
    "round": Function(_round, 1, 2),
    "int": Function(_int),
    "json": Function(_json),
    "replace": Function(_replace, 3, 3),
}
"""Filters by name; the value before ``|`` counts as the first."""

FUNCTIONS: Mapping[str, Function] = {
    **TIME_FUNCTIONS,
    **TABLE_FUNCTIONS,
    **LIST_FUNCTIONS,
    "minutes": Function(lambda value: _whole(value, 60)),
    "hours": Function(lambda value: _whole(value, 3600)),
    "seconds_of": Function(seconds_of),
    "min": Function(lambda *values: _extreme(min, values), 1, 20),
    "max": Function(lambda *values: _extreme(max, values), 1, 20),
    "length": Function(_length),
}
"""Functions by name."""
