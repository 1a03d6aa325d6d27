"""A payload as text: as it is, or with a line for each value; only its beginning."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...core.masking import masked
from ...core.printable import printable_json, printable_lines
from . import payload_values

MOST_SHOWN = 64 * 1024
"""How much of a payload is shown: bytes of ``exact``, characters of ``pretty``."""

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)

_INDENT = "  "
_MOST_INDENTED = 50


@dataclass(frozen=True, slots=True)
class RawPayload:
    """The beginning of a payload as printable text.

    ``size`` is that of the payload, and ``left_out`` how much of it is not shown, both in bytes;
    with line ends, ``left_out`` counts characters. ``form`` is ``exact`` or ``pretty``. ``note``
    says why it is ``exact`` although ``pretty`` was asked for.
    """

    text: str
    size: int
    left_out: int
    form: str
    note: str = ""


def raw(body: bytes, form: str = "exact") -> RawPayload:
    """Return the beginning of a payload; bytes that are no UTF-8 are escaped as ``\\xff``.

    ``pretty`` has a line for each value. Keys, numbers and texts stay as they are spelled, and in
    their order. A body that is no JSON is shown as it is. The challenge of a validation URL is
    masked. Never fails.
    """
    if form != "pretty":
        return _exact(body)
    try:
        payload_values.parse(body)
    except ValueError as error:
        return _exact(body, str(error))
    return _pretty(body)


def _exact(body: bytes, note: str = "") -> RawPayload:
    shown = body[:MOST_SHOWN]
    left_out = len(body) - len(shown)
    reader = codecs.getincrementaldecoder("utf-8")("backslashreplace")
    text = reader.decode(shown, final=not left_out)
    return RawPayload(printable_lines(masked(text)), len(body), left_out, "exact", note)


def _pretty(body: bytes) -> RawPayload:
    text = body.decode("utf-8")
    parts: list[str] = []
    length, end = 0, 0
    for part, end in _parts(text):
        if (length := length + len(part)) > MOST_SHOWN:
            room = MOST_SHOWN - length + len(part)
            parts.append(part[:room])
            left_out = len(text) - end + len(part) - room
            return RawPayload(printable_json(masked("".join(parts))), len(body), left_out, "pretty")
        parts.append(part)
    return RawPayload(printable_json(masked("".join(parts))), len(body), 0, "pretty")


def _parts(text: str) -> Iterator[tuple[str, int]]:
    """Yield pieces of JSON with a line for each value, each with where its token ends."""
    depth, before = 0, ""
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token in "}]":
            depth -= 1
            lead = "" if before in ("{", "[") else _line(depth)
        else:
            lead = _line(depth) if before in ("{", "[", ",") and before else ""
            lead = " " if before == ":" else lead
        depth += token in ("{", "[")
        yield lead + token, found.end()
        before = token


def _line(depth: int) -> str:
    return "\n" + _INDENT * min(depth, _MOST_INDENTED)
