"""Where the members of the objects of a body stand in its text.

Whoever changes a member there keeps every other byte as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from json import JSONDecoder
from typing import Any

from ..core.json_reading import parse_text

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = JSONDecoder()


@dataclass(frozen=True, slots=True)
class Member:
    """A member and the place of its value: from ``begin`` to before ``end``."""

    name: str
    value: Any
    begin: int
    end: int


def members(text: str) -> Iterator[Member]:
    """Yield the members of an object, or of each object in an array, in their order.

    Objects within these are not looked into. Raises ``ValueError`` for what is no JSON.
    """
    parse_text(text)
    begin = _skip(text, 0)
    if text[begin] == "{":
        yield from _of_object(text, begin)
    elif text[begin] == "[":
        yield from _of_array(text, begin)


def _of_array(text: str, begin: int) -> Iterator[Member]:
    place = _skip(text, begin + 1)
    while text[place] != "]":
        if text[place] == "{":
            yield from _of_object(text, place)
        _, end = _DECODER.raw_decode(text, place)
        place = _skip(text, end)
        if text[place] == ",":
            place = _skip(text, place + 1)


def _of_object(text: str, begin: int) -> Iterator[Member]:
    place = _skip(text, begin + 1)
    while text[place] != "}":
        name, end = _DECODER.raw_decode(text, place)
        value_begin = _skip(text, _skip(text, end) + 1)
        value, value_end = _DECODER.raw_decode(text, value_begin)
        yield Member(name, value, value_begin, value_end)
        place = _skip(text, value_end)
        if text[place] == ",":
            place = _skip(text, place + 1)


def _skip(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place
