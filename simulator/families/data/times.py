"""Filters and functions of moments: how events spell a time, and ids that hold one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core import instant
from ...core.identifiers import ulid
from .values import Function, ValueMistakeError, moment_of, text_of


def _epoch_s(value: Any) -> int:
    return instant.to_ms(moment_of(value)) // 1000


def _hex_seconds(value: Any) -> str:
    seconds = _epoch_s(value)
    if seconds < 0:
        raise ValueMistakeError("a moment before 1970", "a later one")
    return f"{seconds:08x}"


def _iso_s(value: Any) -> str:
    return _iso_offset(value).replace("+00:00", "Z")


def _sql(value: Any) -> str:
    return instant.spell(moment_of(value)).replace("T", " ").removesuffix("Z")


def _sql_s(value: Any) -> str:
    return _iso_offset(value).replace("T", " ").removesuffix("+00:00")


def _iso_offset(value: Any) -> str:
    return moment_of(value).isoformat("T", "seconds")


def _ulid(value: Any, digits: Any) -> str:
    try:
        raw = bytes.fromhex(text_of(digits))
    except ValueError:
        raw = b""
    milliseconds = instant.to_ms(moment_of(value))
    if len(raw) != 10 or not 0 <= milliseconds < 2**48:
        raise ValueMistakeError("no ULID", "a moment from 1970 on, and 20 hexadecimal digits")
    return ulid(milliseconds, raw)


def _with_fraction(value: Any, more: Any, digits: int) -> str:
    """Return the milliseconds of a moment with further digits, those of the number ``more``."""
    if type(more) is not int or not 0 <= more < 10**digits:
        raise ValueMistakeError(
            "no digits of less than a millisecond", f"a whole number below 10^{digits}"
        )
    return f"{instant.spell(moment_of(value)).removesuffix('Z')}{more:0{digits}d}Z"


def _java_date(value: Any) -> str:
    """Return a moment as ``Wed Oct 23 18:52:32 GMT 2019``, in any locale."""
    moment = moment_of(value)
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day} {month} {moment:%d %H:%M:%S} GMT {moment.year:04d}"


def _iso_zone(value: Any) -> str:
    return instant.spell(moment_of(value)).removesuffix("Z") + "+0000"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

TIME_FILTERS: Mapping[str, Function] = {
    "ms": Function(lambda value: instant.to_ms(moment_of(value))),
    "s": Function(_epoch_s),
    "iso": Function(lambda value: instant.spell(moment_of(value))),
    "iso_s": Function(_iso_s),
    "iso_us": Function(lambda value, more=0: _with_fraction(value, more, 3), 1, 2),
    "iso_ns": Function(lambda value, more=0: _with_fraction(value, more, 6), 1, 2),
    "iso_offset": Function(_iso_offset),
    "iso_zone": Function(_iso_zone),
    "java_date": Function(_java_date),
    "sql": Function(_sql),
    "sql_s": Function(_sql_s),
    "hex_seconds": Function(_hex_seconds),
}
"""Filters of moments by name; the value before ``|`` counts as the first."""

TIME_FUNCTIONS: Mapping[str, Function] = {"ulid": Function(_ulid, 2, 2)}
"""Functions of moments by name."""
