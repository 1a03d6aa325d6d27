"""What is written for characters that the encoding of a stream lacks, as in cp1252 or ASCII."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from ..printable import escapes, json_escapes

TEXT, JSON = "flowsim.text", "flowsim.json"
"""Names of error handlers of a stream, for lines to read and for JSON."""

_INSTEAD = {
    "✓": "+",
    "✗": "x",
    "·": "-",
    "→": "->",
    "←": "<-",
    "\u2013": "-",
    "…": "...",
    "│": "|",
    "─": "-",
    "━": "-",
}
"""Our own marks, each with one that can be told from the others."""


def register() -> None:
    """Make the error handlers known to Python."""
    codecs.register_error(TEXT, _handler(lambda each: _INSTEAD.get(each) or escapes(each)))
    codecs.register_error(JSON, _handler(json_escapes))


def _handler(replace: Callable[[str], str]) -> Callable[[UnicodeError], tuple[str, int]]:
    def handle(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        lacking = error.object[error.start : error.end]
        return "".join(map(replace, lacking)), error.end

    return handle
