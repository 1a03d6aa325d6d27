"""The one of many that fits, or an error that names the nearest that there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from ..core.printable import printable

T = TypeVar("T")

Fields = Mapping[str, object]

_LONGEST = 200
"""Longer values are compared and shown by their beginning, in characters."""


def one(noun: str, wanted: Fields, found: Sequence[tuple[T, Fields]]) -> T:
    """Return the first whose fields are all as wanted, where None is any value.

    Raises ``AssertionError`` if there is none: it has what was wanted, and the nearest one.
    """
    __tracebackhide__ = True
    asked = {name: value for name, value in wanted.items() if value is not None}
    for each, fields in found:
        if all(fields[name] == value for name, value in asked.items()):
            return each
    raise AssertionError(f"no {noun}{_with(asked)}; {_what_there_is(noun, asked, found)}")


def _what_there_is(noun: str, asked: Fields, found: Sequence[tuple[object, Fields]]) -> str:
    if not found:
        return f"there is no {noun} at all"
    near = max((fields for _, fields in found), key=lambda fields: _nearness(asked, fields))
    other = {name: near[name] for name in asked if near[name] != asked[name]}
    rest = {name: value for name, value in near.items() if name not in other}
    beside = f" ({_spelled(rest)})" if rest else ""
    return f"the nearest of {len(found):,} has {_spelled(other)}{beside}"


def _nearness(asked: Fields, fields: Fields) -> tuple[int, float]:
    """Return how many fields are as asked, and how alike the others are."""
    others = [(value, fields[name]) for name, value in asked.items() if fields[name] != value]
    alike = (SequenceMatcher(None, _text(one), _text(other)).ratio() for one, other in others)
    return len(asked) - len(others), sum(alike)


def _with(asked: Fields) -> str:
    return f" with {_spelled(asked)}" if asked else ""


def _spelled(fields: Fields) -> str:
    return ", ".join(f"{name}={_text(value)}" for name, value in fields.items())


def _text(value: object) -> str:
    """Return a value as Python spells it, printable."""
    text = printable(repr(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
