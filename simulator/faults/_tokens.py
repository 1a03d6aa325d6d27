"""JSON text, token by token: other forms of the same value."""

from __future__ import annotations

import re
from collections.abc import Callable

_STRING = r'"(?:[^"\\]|\\.)*"'
_STRINGS = re.compile(_STRING)
_NUMBERS = re.compile(rf"{_STRING}|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_MARKS = re.compile(rf"{_STRING}|[][{{}},:]")


def strings(text: str, change: Callable[[str], str]) -> str:
    """Return JSON text with every string changed, quotes included."""
    return _STRINGS.sub(lambda found: change(found[0]), text)


def numbers(text: str, change: Callable[[str], str]) -> str:
    """Return JSON text with every number changed."""
    return _NUMBERS.sub(lambda found: _outside(found[0], change), text)


def marks(text: str, change: Callable[[str], str]) -> str:
    """Return JSON text with every bracket, brace, comma and colon between values changed."""
    return _MARKS.sub(lambda found: _outside(found[0], change), text)


def _outside(token: str, change: Callable[[str], str]) -> str:
    return token if token[0] == '"' else change(token)
