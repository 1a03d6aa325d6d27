"""How many values JSON text has, told before it is read: each becomes an object in memory."""

from __future__ import annotations

import re
from itertools import islice

MOST_VALUES = 250_000
"""The most values that a request may have, as many as a scenario."""

MOST_IN_FILE = 2_000_000
"""The most values that a file or an answer may have that the user asked to read."""

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|([,\[{])', re.DOTALL)
"""A text, or what is counted outside of texts."""

_TOKEN_OF_BYTES = re.compile(_TOKEN.pattern.encode(), re.DOTALL)


class TooManyValuesError(ValueError):
    """JSON text with more values than are read."""


def refuse_many(text: str | bytes, most: int = MOST_VALUES) -> None:
    """Raise ``TooManyValuesError`` for text that may have more than ``most`` values.

    A value is counted by the comma before it, or the bracket around it. So time is in
    proportion to the length, and nothing is built. What is no JSON is not noticed.
    """
    if _separators(text) < most:  # also those within texts, which is the quicker way
        return
    found = _TOKEN_OF_BYTES.finditer(text) if isinstance(text, bytes) else _TOKEN.finditer(text)
    if next(islice((each for each in found if each.lastindex), most - 1, None), None):
        raise TooManyValuesError(f"more than {most:,} values; expected fewer")


def _separators(text: str | bytes) -> int:
    if isinstance(text, bytes):
        return sum(map(text.count, (b",", b"[", b"{")))
    return sum(map(text.count, (",", "[", "{")))
