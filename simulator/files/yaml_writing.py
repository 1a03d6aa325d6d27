"""Writes plain values as YAML that reads back as the same values, whatever stands in texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_./@+-]*(?: [A-Za-z0-9_./@+-]+)*")
"""Text that needs no quotes, unless it is a word that YAML reads as another value."""

_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))

_LONGEST_PLAIN = 200

_LONGEST_KEY = 1_000
"""Longer keys are marked by a question mark: YAML looks only so far for the colon."""


def block(value: Any, indent: int = 0) -> Iterator[str]:
    """Yield the lines of a value: a mapping or a list has a line for each entry."""
    space = " " * indent
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from _entry(space, f"{scalar(key)}:", each, indent + 2)
    elif isinstance(value, list) and value:
        for each in value:
            yield from _entry(space, "-", each, indent + 2)
    else:
        yield space + scalar(value)


def _entry(space: str, head: str, value: Any, indent: int) -> Iterator[str]:
    if len(head) > _LONGEST_KEY:
        yield f"{space}? {head[:-1]}"
        head = ":"
    if isinstance(value, dict | list) and value:
        lines = block(value, indent)
        yield space + (head if head != "-" else f"- {next(lines).lstrip(' ')}")
        yield from lines
    else:
        yield f"{space}{head} {scalar(value)}"


def flow(value: Any) -> str:
    """Return a value on one line, as ``{type: text, in: [body]}``."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_flow_key(key)}: {flow(each)}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    return scalar(value)


def _flow_key(key: str) -> str:
    written = scalar(key)
    return written if len(written) < _LONGEST_KEY else f"? {written} "


def scalar(value: Any) -> str:
    """Return text, a number, true, false or null; an empty mapping or list too."""
    if not isinstance(value, str):
        return json.dumps(value)
    is_plain = len(value) <= _LONGEST_PLAIN and _PLAIN.fullmatch(value) is not None
    return value if is_plain and value.lower() not in _WORDS else _quoted(value)


def _quoted(text: str) -> str:
    """Return text in quotes, in which all that cannot be printed is escaped."""
    if '"' in text and not {"'", "\\"} & {*text} and text.isprintable():
        return f"'{text}'"
    written = json.dumps(text, ensure_ascii=False)
    if written.isprintable():
        return written
    return "".join(each if each.isprintable() else _escaped(each) for each in written)


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
