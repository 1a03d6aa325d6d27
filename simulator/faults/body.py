"""Faults of the request body: other bytes for the same content, or a part of them.

The changed bytes are signed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import count

from ..core.fault import Fault
from .fault_point import FaultPoint

at_body = FaultPoint[bytes]("body")

_STRING = r'"(?:[^"\\]|\\.)*"'
_STRINGS = re.compile(_STRING)
_NUMBERS = re.compile(rf"{_STRING}|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_MARKS = re.compile(rf"{_STRING}|[][{{}},:]")


@at_body(proves="signatures are verified over the raw bytes, not over JSON that was written again")
def json_escapes(body: bytes, _: Fault) -> bytes:
    """Texts use escapes for slashes and for every character that is not ASCII.

    Some ordinary letters are escaped too. This is legal JSON, and signed in this form. Mistake 9 of
    io-events-protocol.md 10.
    """
    return _STRINGS.sub(lambda found: _escaped(found[0]), body.decode()).encode()


def _escaped(token: str) -> str:
    text = json.dumps(json.loads(token))
    if "\\" not in text:
        text = text.replace("e", r"\u0065")
    return text.replace("/", r"\/")


@at_body(proves="signatures are verified over the raw bytes, and numbers are read in any form")
def json_numbers(body: bytes, _: Fault) -> bytes:
    """Whole numbers are written in other valid forms, such as 1e3 and 1.0.

    The body is signed in this form. Mistake 9 of io-events-protocol.md 10.
    """
    return _outside_strings(_NUMBERS, body.decode(), _other_form).encode()


def _other_form(token: str) -> str:
    if not token.lstrip("-").isdecimal():
        return token
    if token.endswith("000"):
        return f"{token[:-3]}e3"
    return f"{token}.0"


_SPACES = (" ", "\r\n", "\t", "", "  ", "\n")


@at_body(proves="signatures are verified over the raw bytes")
def json_white_space(body: bytes, _: Fault) -> bytes:
    """The JSON contains additional white space.

    The body is signed in this form. Mistake 9 of io-events-protocol.md 10.
    """
    number = count()
    return _outside_strings(
        _MARKS, body.decode(), lambda mark: mark + _SPACES[next(number) % len(_SPACES)]
    ).encode()


@at_body(
    proves="a body that is not valid JSON gets a 4xx, so that it is not retried", expect="rejected"
)
def broken_json(body: bytes, _: Fault) -> bytes:
    """The body stops in the middle, and is signed in this form.

    Mistake 36 of io-events-protocol.md 10.
    """
    return body[: len(body) // 2].decode(errors="ignore").encode()


@at_body(proves="a request without a body gets a 4xx, so that it is not retried", expect="rejected")
def body_missing(_body: bytes, _: Fault) -> bytes:
    """There is no body. The stated length is 0, and the signatures fit the empty body.

    Mistakes 31 and 36 of io-events-protocol.md 10.
    """
    return b""


def _outside_strings(pattern: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """Return JSON text in which a change is made to what a pattern finds outside of strings."""
    return pattern.sub(lambda found: found[0] if found[0][0] == '"' else change(found[0]), text)
