"""JSON whose numbers keep the spelling they have in the text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from .json_text import DEEPEST, is_deeper
from .strict_json import loads
from .value_count import MOST_IN_FILE


class Number(Decimal):
    """A number of JSON; those that differ in spelling only, such as 1.0 and 1, are equal."""

    __slots__ = ("text",)

    text: str

    def __new__(cls, text: str) -> Number:
        try:
            number = super().__new__(cls, text)
        except InvalidOperation:
            raise ValueError(f"the number {text[:20]} is too large") from None
        number.text = text
        return number


def read(text: str) -> Any:
    """Return what JSON text holds, with a ``Number`` for each number.

    Raises ``ValueError`` for everything that is no JSON, for more than ``DEEPEST`` levels or
    ``MOST_IN_FILE`` values, and for an object that has a key twice, which readers take in
    different ways.
    """
    content = loads(
        text,
        most=MOST_IN_FILE,
        parse_int=Number,
        parse_float=Number,
        object_pairs_hook=_object,
    )
    if text.count("[") + text.count("{") > DEEPEST and is_deeper(content):
        raise ValueError(f"more than {DEEPEST} objects and arrays are within each other")
    return content


def write(content: Any) -> str:
    """Return content as compact JSON, each number in its own spelling."""
    if isinstance(content, Number):
        return content.text
    if isinstance(content, dict):
        members = (f"{_quoted(key)}:{write(value)}" for key, value in content.items())
        return f"{{{','.join(members)}}}"
    if isinstance(content, list):
        return f"[{','.join(map(write, content))}]"
    return json.dumps(content, ensure_ascii=False)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _object(members: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in members:
        if key in found:
            raise ValueError(f"the key {key[:80]!r} stands twice in one object")
        found[key] = value
    return found
