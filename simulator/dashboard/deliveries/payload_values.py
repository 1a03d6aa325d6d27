"""The JSON of a payload to look at: numbers as they are spelled, values by JSON Pointer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from ...captures.conformity import place_in_body
from ...core.header_lines import whole_number
from ...core.json_reading import TooManyValuesError, parse_text

LONGEST_POINTER = 2_000
"""Values with a longer JSON Pointer cannot be asked for, in characters."""


class SpelledNumber(float):
    """A number of JSON that keeps its spelling, such as ``1.0`` or ``1e400``."""

    __slots__ = ("text",)

    text: str

    def __new__(cls, text: str) -> SpelledNumber:
        made = super().__new__(cls, text)
        made.text = text
        return made


def parse(body: bytes) -> Any:
    """Return the JSON value of a body.

    Raises ``ValueError`` with a sentence for a body that is not JSON in UTF-8, or has more values
    or levels than are read. The sentence quotes nothing of the body.
    """
    try:
        text = body.decode("utf-8")
        return parse_text(text, parse_int=_whole, parse_float=SpelledNumber)
    except TooManyValuesError as error:
        raise ValueError(f"the body has {error}") from None
    except ValueError as error:
        reason = place_in_body(error) or (": nested too deep" if "deep" in str(error) else "")
        raise ValueError(f"the body is not JSON in UTF-8{reason}") from None


def _whole(text: str) -> int | SpelledNumber:
    """Return a whole number; one with many digits keeps its spelling instead of all its bits."""
    return int(text) if len(text) < 19 and text != "-0" else SpelledNumber(text)


def can_be_asked_for(pointer: str) -> bool:
    """Tell whether a JSON Pointer can stand in an address: it is short, and it is UTF-8."""
    if len(pointer) > LONGEST_POINTER:
        return False
    try:
        pointer.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


def step(pointer: str, key: str | int) -> str:
    """Return the JSON Pointer (RFC 6901) of a member or an element."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def steps(pointer: str) -> Iterator[str]:
    """Yield the steps of a JSON Pointer; raises ``LookupError`` for what is none."""
    if pointer and not pointer.startswith("/"):
        raise LookupError("no JSON Pointer; expected one such as /event/id")
    for each in pointer.split("/")[1:]:
        yield each.replace("~1", "/").replace("~0", "~")


def inner(value: Any, key: str) -> Any:
    """Return a member or an element; raises ``LookupError`` if there is none."""
    if isinstance(value, dict) and key in value:
        return value[key]
    number = whole_number(key) if isinstance(value, list) else None
    if number is not None and number < len(value):
        return value[number]
    raise LookupError("the payload has no value there")


def members(value: Any, start: int) -> Iterator[tuple[str | int, Any]]:
    """Yield the members or elements of a value, without the first ``start``."""
    if isinstance(value, dict):
        return islice(value.items(), start, None)
    if isinstance(value, list):
        return ((number, value[number]) for number in range(start, len(value)))
    return iter(())


def size(value: Any) -> int:
    """Return how many members or elements a value has; 0 for a single value."""
    return len(value) if isinstance(value, dict | list) else 0
