"""The types of arguments that a fault may take: how each is read, with its default."""

from __future__ import annotations

import re

from ..core.duration import EXPECTED, parse
from ..core.fault import FaultArgument

_LONGEST_TEXT = 1_000
_CODE = re.compile(r"^[A-Za-z0-9_.-]{1,255}$")


def duration(default: str) -> FaultArgument:
    """Return an argument in seconds, above zero."""

    def read(value: object) -> float:
        is_one = isinstance(value, str | int | float) and not isinstance(value, bool)
        seconds = parse(value) if is_one else 0.0  # type: ignore[arg-type]
        if not seconds:
            raise ValueError(EXPECTED)
        return seconds

    return FaultArgument("duration", default, {"type": ["string", "number", "null"]}, read)


def number(word: str, default: int, least: int, most: int) -> FaultArgument:
    """Return an argument that is a whole number."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return value

    schema = {"type": ["integer", "null"], "minimum": least, "maximum": most}
    return FaultArgument(word, default, schema, read)


def choice(default: str | int, *others: str | int) -> FaultArgument:
    """Return an argument that is one of a few words or numbers."""
    words = (default, *others)

    def read(value: object) -> str | int:
        found = [word for word in words if str(word) == str(value)]
        if not found:
            raise ValueError(" or ".join(map(str, words)))
        return found[0]

    return FaultArgument("|".join(map(str, words)), default, {"enum": [*words, None]}, read)


def code(default: str) -> FaultArgument:
    """Return an argument that is an event code."""

    def read(value: object) -> str:
        if not isinstance(value, str) or not _CODE.fullmatch(value):
            raise ValueError("an event code: letters, digits, dots, dashes or underscores")
        return value

    return FaultArgument(
        "code", default, {"type": ["string", "null"], "pattern": _CODE.pattern}, read
    )


def text(word: str, default: str) -> FaultArgument:
    """Return an argument that is text without control characters."""

    def read(value: object) -> str:
        if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_TEXT:
            raise ValueError(f"text of at most {_LONGEST_TEXT} characters")
        if not (value.isascii() and value.isprintable()):
            raise ValueError("text of printable ASCII characters")
        return value

    schema = {"type": ["string", "null"], "minLength": 1, "maxLength": _LONGEST_TEXT}
    return FaultArgument(word, default, schema, read)
