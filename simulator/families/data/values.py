"""Values in expressions of a family: arithmetic, members and spelling, all of it bounded.

A number beyond ``LARGEST`` or a text longer than ``LONGEST_TEXT`` is a mistake. Values are those of
JSON, and moments (aware datetimes in UTC).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ...errors import Nearest

LARGEST = 10**18
LONGEST_TEXT = 100_000

Number = int | float


class ValueMistakeError(Exception):
    """What an expression met and cannot use, in words: ``found`` and ``expected``."""

    def __init__(self, found: str, expected: str, nearest: Nearest | None = None) -> None:
        self.found = found
        self.expected = expected
        self.nearest = nearest
        super().__init__(f"{found}; expected {expected}")


_KINDS = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    datetime: "a moment",
    dict: "an object",
    list: "a list",
    type(None): "nothing",
}


def kind_of(value: Any) -> str:
    """Return what a value is, in words."""
    return _KINDS.get(type(value), "a value of another kind")


def bounded(value: Number) -> Number:
    """Return a number; raises ``ValueMistakeError`` for one beyond ``LARGEST`` or NaN."""
    if -LARGEST <= value <= LARGEST:
        return value
    raise ValueMistakeError("a number beyond 10^18", "a smaller result")


def bounded_text(text: str) -> str:
    """Return a text; raises ``ValueMistakeError`` for one that is too long."""
    if len(text) <= LONGEST_TEXT:
        return text
    raise ValueMistakeError(
        f"text of {len(text):,} characters", f"text of at most {LONGEST_TEXT:,}"
    )


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}
NUMBERS = (int, float)
"""The types of numbers; true and false are none."""


def arithmetic(sign: str, left: Any, right: Any) -> Any:
    """Return ``left`` and ``right`` combined; ``sign`` is one of + - * / // %.

    A moment and seconds give a moment in whole milliseconds; two moments give seconds.
    """
    if type(left) in NUMBERS and type(right) in NUMBERS:
        if right == 0 and sign in ("/", "//", "%"):
            raise ValueMistakeError("a division by zero", "a divisor that is not 0")
        try:
            return bounded(_OPERATIONS[sign](left, right))
        except OverflowError:
            raise ValueMistakeError("a number beyond 10^18", "a smaller result") from None
    if type(left) is datetime or type(right) is datetime:
        return _with_moment(sign, left, right)
    raise _no_operation(sign, left, right)


def _no_operation(sign: str, left: Any, right: Any) -> ValueMistakeError:
    found = f"{kind_of(left)} {sign} {kind_of(right)}"
    return ValueMistakeError(found, "numbers, or a moment and seconds; ~ joins text")


def _with_moment(sign: str, left: Any, right: Any) -> Any:
    if sign == "-" and type(left) is type(right):
        return (left - right) / timedelta(seconds=1)
    if sign == "+" and type(left) in NUMBERS:
        left, right = right, left
    if sign not in ("+", "-") or type(left) is not datetime or type(right) not in NUMBERS:
        raise _no_operation(sign, left, right)
    try:
        return left + timedelta(
            milliseconds=round(bounded(right) * (1000 if sign == "+" else -1000))
        )
    except OverflowError:
        raise ValueMistakeError("a moment beyond the calendar", "fewer seconds") from None


def signed(sign: str, value: Any) -> Any:
    """Return a number with a sign before it."""
    return number_of(value) if sign == "+" else -number_of(value)


def member(value: Any, name: Any) -> Any:
    """Return a member of an object, or an element of a list; nothing else has any."""
    if isinstance(value, dict):
        if name in value:
            return value[name]
        near = Nearest(str(name), [each for each in value if isinstance(each, str)])
        raise ValueMistakeError(f"no member {str(name)[:60]!r}", "a member that is there", near)
    if isinstance(value, list) and type(name) is int and -len(value) <= name < len(value):
        return value[name]
    raise ValueMistakeError(f"{kind_of(value)} with .{str(name)[:60]}", "an object that has it")


def spelled(value: Any) -> str:
    """Return a value as it stands in text: ``true``, ``12``, ``0.5``; whole numbers have no .0."""
    if type(value) is str:
        return bounded_text(value)
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is float and value.is_integer():
        return str(int(value))
    if type(value) in NUMBERS:
        return str(value)
    if type(value) is datetime:
        raise ValueMistakeError("a moment in text", "a filter behind it, such as | iso or | ms")
    raise ValueMistakeError(f"{kind_of(value)} in text", "text or a number, as in {{ note or '' }}")


def joined(*values: Any) -> str:
    """Return the text of all values, one behind the other."""
    try:
        return bounded_text("".join(values))
    except TypeError:  # some value is no text
        return bounded_text("".join(map(spelled, values)))


_HOLDING = (dict, list)
"""Types whose values hold others; a union of types would be made anew for each value."""


def single(value: Any) -> Any:
    """Return a value that may be compared with another; an object or a list is a mistake."""
    if isinstance(value, _HOLDING):
        raise ValueMistakeError(f"{kind_of(value)} compared", "a member of it to compare")
    return value


def number_of(value: Any) -> Any:
    """Return a number; raises ``ValueMistakeError`` for any other value."""
    if type(value) in NUMBERS:
        return value
    raise ValueMistakeError(kind_of(value), "a number")


def moment_of(value: Any) -> datetime:
    """Return a moment; raises ``ValueMistakeError`` for any other value."""
    if type(value) is datetime:
        return value
    raise ValueMistakeError(kind_of(value), "a moment, as in now | ms")


def text_of(value: Any) -> str:
    """Return text; raises ``ValueMistakeError`` for any other value."""
    if type(value) is str:
        return value
    raise ValueMistakeError(kind_of(value), "text; | text makes it of a number")


@dataclass(frozen=True, slots=True)
class Function:
    """A filter or a function: what it calls, and how many values it takes."""

    call: Callable[..., Any]
    least: int = 1
    most: int = 1
