"""The text of a filter, read with its repeated keys and exact numbers."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from json import JSONDecodeError
from typing import Any

from ...core.json_reading import parse_text
from ...core.printable import brief
from ...errors import FilterError
from ...files.document import Path, spell

MOST_CHARACTERS = 65_536
"""Length of a filter, at most. Adobe has a limit and does not publish it (8.2)."""


class Members(tuple[tuple[str, Any], ...]):
    """A JSON object: its keys and values in order, repeated ones too."""

    __slots__ = ()


def read(text: str) -> Members:
    """Return the object that a filter is; its numbers are decimals.

    Raises ``FilterError`` for anything else.
    """
    if len(text) > MOST_CHARACTERS:
        found = f"a text of {len(text):,} characters"
        raise FilterError("", found, f"at most {MOST_CHARACTERS:,}")
    try:
        content = parse_text(
            text, object_pairs_hook=Members, parse_int=_number, parse_float=_number
        )
    except JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise FilterError(place, f"no JSON ({error.msg})", "a JSON object") from None
    except ValueError as error:
        raise FilterError("", str(error), "a JSON object") from None
    if not isinstance(content, Members):
        raise FilterError("", describe(content), "a JSON object of fields")
    return content


def refusal(place: Path, found: Any, expected: str) -> FilterError:
    """Return the error for a value at a place where it is not allowed."""
    return FilterError(spell(place), describe(found), expected)


def describe(value: Any) -> str:
    """Return a short description of a value of the filter for messages."""
    if isinstance(value, Members):
        return "an object" if value else "an empty object"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return brief(str(value) if isinstance(value, Decimal) else json.dumps(value))


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{brief(text)} is too large") from None
