"""What expressions of a family can do with values: arithmetic, filters and functions.

All is bounded: a number beyond ``LARGEST`` or a text longer than ``LONGEST_TEXT`` is a mistake.
Values are those of JSON, and moments (aware datetimes in UTC).
"""

from __future__ import annotations

import json
import operator
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ...core import duration, instant
from ...core.identifiers import ulid
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
_NUMBERS = (int, float)


def arithmetic(sign: str, left: Any, right: Any) -> Any:
    """Return ``left`` and ``right`` combined; ``sign`` is one of + - * / // %.

    A moment and seconds give a moment in whole milliseconds; two moments give seconds.
    """
    if type(left) in _NUMBERS and type(right) in _NUMBERS:
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
    if sign == "+" and type(left) in _NUMBERS:
        left, right = right, left
    if sign not in ("+", "-") or type(left) is not datetime or type(right) not in _NUMBERS:
        raise _no_operation(sign, left, right)
    try:
        return left + timedelta(
            milliseconds=round(bounded(right) * (1000 if sign == "+" else -1000))
        )
    except OverflowError:
        raise ValueMistakeError("a moment beyond the calendar", "fewer seconds") from None


def signed(sign: str, value: Any) -> Any:
    """Return a number with a sign before it."""
    return _number(value) if sign == "+" else -_number(value)


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
    if type(value) in _NUMBERS:
        return str(value)
    if type(value) is datetime:
        raise ValueMistakeError("a moment in text", "a filter behind it, such as | iso or | ms")
    raise ValueMistakeError(f"{kind_of(value)} in text", "text or a number, as in {{ note or '' }}")


def joined(*values: Any) -> str:
    """Return the text of all values, one behind the other."""
    return bounded_text("".join([spelled(each) for each in values]))


def _number(value: Any) -> Any:
    if type(value) in _NUMBERS:
        return value
    raise ValueMistakeError(kind_of(value), "a number")


def _moment(value: Any) -> datetime:
    if type(value) is datetime:
        return value
    raise ValueMistakeError(kind_of(value), "a moment, as in now | ms")


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    raise ValueMistakeError(kind_of(value), "text; | text makes it of a number")


def _epoch_s(value: Any) -> int:
    return instant.to_ms(_moment(value)) // 1000


def _hex_seconds(value: Any) -> str:
    seconds = _epoch_s(value)
    if seconds < 0:
        raise ValueMistakeError("a moment before 1970", "a later one")
    return f"{seconds:08x}"


def _iso_s(value: Any) -> str:
    return _moment(value).strftime("%Y-%m-%dT%H:%M:%SZ")


def _sql(value: Any) -> str:
    return instant.spell(_moment(value)).replace("T", " ").removesuffix("Z")


def _sql_s(value: Any) -> str:
    return _moment(value).strftime("%Y-%m-%d %H:%M:%S")


def _iso_offset(value: Any) -> str:
    return _moment(value).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _ulid(value: Any, digits: Any) -> str:
    try:
        raw = bytes.fromhex(_text(digits))
    except ValueError:
        raw = b""
    milliseconds = instant.to_ms(_moment(value))
    if len(raw) != 10 or not 0 <= milliseconds < 2**48:
        raise ValueMistakeError("no ULID", "a moment from 1970 on, and 20 hexadecimal digits")
    return ulid(milliseconds, raw)


def _round(value: Any, digits: Any = None) -> Number:
    if digits is not None and (type(digits) is not int or not 0 <= digits <= 15):
        raise ValueMistakeError(f"round({spelled(digits)})", "a whole number of digits up to 15")
    rounded: Number = round(bounded(_number(value)), digits)
    return rounded


def _int(value: Any) -> int:
    if type(value) is str and value.strip().lstrip("+-").isdecimal() and len(value) <= 40:
        return int(bounded(int(value)))
    return int(bounded(_number(value)))


def _json(value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise ValueMistakeError("what JSON cannot express", "text, numbers and objects") from None
    return bounded_text(text)


def _whole(value: Any, size: int) -> int:
    return int(bounded(_number(value)) // size)


def seconds_of(value: Any) -> float:
    """Return the seconds of a duration such as ``2h``; a number is seconds already."""
    if type(value) is not str and type(value) not in _NUMBERS:
        raise ValueMistakeError(kind_of(value), duration.EXPECTED)
    try:
        return duration.parse(value)
    except ValueError as error:
        raise ValueMistakeError(spelled(value)[:60], str(error)) from None


def _extreme(choose: Callable[..., Any], values: tuple[Any, ...]) -> Any:
    if all(type(each) in _NUMBERS for each in values) or all(
        type(each) is datetime for each in values
    ):
        return choose(values)
    raise ValueMistakeError(", ".join(map(kind_of, values[:5])), "only numbers, or only moments")


def _length(value: Any) -> int:
    if isinstance(value, str | list | dict):
        return len(value)
    raise ValueMistakeError(kind_of(value), "text, a list or an object")


@dataclass(frozen=True, slots=True)
class Function:
    """A filter or a function: what it calls, and how many values it takes."""

    call: Callable[..., Any]
    least: int = 1
    most: int = 1


FILTERS: Mapping[str, Function] = {
    "ms": Function(lambda value: instant.to_ms(_moment(value))),
    "s": Function(_epoch_s),
    "iso": Function(lambda value: instant.spell(_moment(value))),
    "iso_s": Function(_iso_s),
    "iso_offset": Function(_iso_offset),
    "sql": Function(_sql),
    "sql_s": Function(_sql_s),
    "hex_seconds": Function(_hex_seconds),
    "b64": Function(lambda value: bounded_text(b64encode(_text(value).encode()).decode())),
    "text": Function(spelled),
    "upper": Function(lambda value: bounded_text(_text(value).upper())),
    "lower": Function(lambda value: bounded_text(_text(value).lower())),
    "round": Function(_round, 1, 2),
    "int": Function(_int),
    "json": Function(_json),
}
"""Filters by name; the value before ``|`` counts as the first."""

FUNCTIONS: Mapping[str, Function] = {
    "minutes": Function(lambda value: _whole(value, 60)),
    "hours": Function(lambda value: _whole(value, 3600)),
    "seconds_of": Function(seconds_of),
    "min": Function(lambda *values: _extreme(min, values), 1, 20),
    "max": Function(lambda *values: _extreme(max, values), 1, 20),
    "length": Function(_length),
    "ulid": Function(_ulid, 2, 2),
}
"""Functions by name."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
