"""A captured request changed for another consumer: its client id, and signatures with our keys.

A client id is replaced in the text of the body, so that every other byte stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from json import JSONDecoder
from typing import Any

from ..core.header_lines import HeaderLines
from ..core.json_reading import parse_text
from ..core.payload import RECIPIENT_NAMES
from ..core.signature import SignedPayload, header_names

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = JSONDecoder()


def readdress(body: bytes, client_id: str) -> bytes:
    """Return a body with this client id as the recipient; every other byte stays the same.

    A body without a recipient is not changed. Raises ``ValueError`` for a body that is not JSON in
    UTF-8.
    """
    text = body.decode("utf-8")
    parts, place = [], 0
    for member in members(text):
        if member.name in RECIPIENT_NAMES:
            parts += [text[place : member.begin], json.dumps(client_id)]
            place = member.end
    return "".join([*parts, text[place:]]).encode("utf-8")


def resign(headers: HeaderLines, signed: SignedPayload) -> HeaderLines:
    """Return headers whose signatures and key paths are replaced by those of a payload."""
    values: dict[str, str] = {}
    for number, signature, path in zip((1, 2), signed.signatures, signed.key_paths, strict=True):
        path_name, signature_name = header_names(number)
        values |= {signature_name: signature, path_name: path}
    return headers.with_values(values)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object; its value is in the text from ``begin`` to before ``end``."""

    name: str
    value: Any
    begin: int
    end: int


def members(text: str) -> Iterator[Member]:
    """Yield the members of an object, or of each object in an array.

    Members of inner objects are not yielded. Raises ``ValueError`` for text that is not JSON.
    """
    parse_text(text)
    begin = _skip(text, 0)
    if text[begin] == "{":
        yield from _of_object(text, begin)
    elif text[begin] == "[":
        place = _skip(text, begin + 1)
        while text[place] != "]":
            if text[place] == "{":
                yield from _of_object(text, place)
            place = _next(text, _DECODER.raw_decode(text, place)[1])


def _of_object(text: str, begin: int) -> Iterator[Member]:
    place = _skip(text, begin + 1)
    while text[place] != "}":
        name, end = _DECODER.raw_decode(text, place)
        value_begin = _skip(text, _skip(text, end) + 1)
        value, value_end = _DECODER.raw_decode(text, value_begin)
        yield Member(name, value, value_begin, value_end)
        place = _next(text, value_end)


def _next(text: str, end: int) -> int:
    """Return where the next member or element begins, or the bracket that ends them."""
    place = _skip(text, end)
    return _skip(text, place + 1) if text[place] == "," else place


def _skip(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place
