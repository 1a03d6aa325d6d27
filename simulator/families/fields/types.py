"""Types of fields: which JSON values each allows, and how JSON Schema says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from ...core.instant import FIRST_MS

Json = dict[str, Any]

SCHEMAS: Mapping[str, Json] = {
    "text": {"type": "string"},
    "uuid": {"type": "string", "format": "uuid"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "object": {"type": "object"},
    "array": {"type": "array"},
    "epoch_ms": {"type": "integer", "minimum": FIRST_MS},
    "epoch_s": {"type": "integer", "minimum": 0, "maximum": FIRST_MS - 1},
    "iso_time": {"type": "string", "format": "date-time"},
    "hex": {"type": "string", "pattern": "^[0-9A-Fa-f]+$"},
    "numeric_text": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    "null": {"type": "null"},
    "any": {},
}
"""Name of a type → its JSON Schema; ``numeric_text`` is a number written as text."""

_UUID = re.compile("-".join(f"[0-9A-Fa-f]{{{length}}}" for length in (8, 4, 4, 4, 12)))


def _is_integer(value: Any) -> bool:
    is_whole = isinstance(value, float) and value.is_integer()
    return (isinstance(value, int) and not isinstance(value, bool)) or is_whole


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_JSON_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": _is_integer,
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}


def _is_moment(text: str) -> bool:
    try:
        return "T" in text and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


_FORMATS: Mapping[str, Callable[[str], bool]] = {
    "uuid": lambda text: _UUID.fullmatch(text) is not None,
    "date-time": _is_moment,
}


def fits(type_: str, value: Any) -> bool:
    """Tell whether a value that was read from JSON is of a type.

    ``type_`` is a name in ``SCHEMAS``, as ``epoch_ms``; ``KeyError`` for any other. Any value fits
    ``any``. ``1.0`` is an integer, as in JSON Schema, and ``True`` is no number. A time in
    milliseconds is told from one in seconds by its size.
    """
    schema = SCHEMAS[type_]
    if not schema:
        return True
    if not _JSON_TYPES[schema["type"]](value):
        return False
    if "format" in schema:
        return _FORMATS[schema["format"]](value)
    if "pattern" in schema:
        return re.fullmatch(schema["pattern"], value) is not None
    return "minimum" not in schema or bool(
        schema["minimum"] <= value <= schema.get("maximum", value)
    )


_GUESSES = (
    *("uuid", "iso_time", "numeric_text", "text", "integer", "number", "boolean"),
    *("object", "array", "null"),
)
"""Types that are tried for a value, those that say most first."""


def type_of(value: Any) -> str:
    """Return the type that says most about a value, such as ``uuid`` for such a text.

    A whole number with the digits of a time of our days counts as a time.
    """
    if fits("integer", value) and 10**12 <= value < 10**13:
        return "epoch_ms"
    if fits("integer", value) and 10**9 <= value < 10**10:
        return "epoch_s"
    return next(each for each in _GUESSES if fits(each, value))


def schema_of_types(types: Iterable[str]) -> Json:
    """Return the JSON Schema that allows values of each of the types."""
    names = [each for each in dict.fromkeys(types) if not _is_included(each, types)]
    if "any" in names:
        return {}
    found = [dict(SCHEMAS[each]) for each in names]
    if {"epoch_s", "epoch_ms"} <= {*names}:
        found = [each for each in found if each["type"] != "integer"]
        found.append({"type": "integer", "minimum": 0})
    if len(found) == 1:
        return found[0]
    if all(len(each) == 1 for each in found):
        return {"type": [each["type"] for each in found]}
    return {"anyOf": found}


_WIDE = {"text": ("string",), "integer": ("integer",), "number": ("integer", "number")}
"""Types that allow all values of these types of JSON."""


def _is_included(type_: str, types: Iterable[str]) -> bool:
    """Tell whether another one of the types allows all values of a type."""
    wide = {kind for each in types if each != type_ for kind in _WIDE.get(each, ())}
    return SCHEMAS[type_].get("type") in wide and type_ != "number"
