"""Says where the content of an event differs from the field table of its family."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flowsim.families.data.data_family import DataFamily
from flowsim.families.fields import Field

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_STEP = re.compile(r'"([^"]+)"|([^.\[\]"]+)|(\[\])')


def _is_whole(value: Any) -> bool:
    return type(value) is int


def _matches(pattern: str | re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(pattern, value))


FITS = {
    "text": lambda value: isinstance(value, str),
    "uuid": lambda value: _matches(UUID, value),
    "integer": _is_whole,
    "number": lambda value: type(value) in (int, float),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "epoch_ms": lambda value: _is_whole(value) and value > 10**11,
    "iso_time": lambda value: _matches(ISO, value),
    "hex": lambda value: _matches("[0-9a-f]+", value),
    "numeric_text": lambda value: _matches(r"\d+", value),
}

Path = tuple[str, ...]


def differences(family: DataFamily, code: str, content: Any) -> list[str]:
    """Return the differences to the body of the code that fits best; none if one fits."""
    table = family.fields()
    found = [[*_differences(table.fields, body, content)] for body in table.bodies[code]]
    return min(found, key=len)


def path_of(field: Field) -> Path:
    """Return the steps of a field's path; ``[]`` stands for each element."""
    return tuple("".join(each) for each in _STEP.findall(field.path))


def _differences(fields: Any, body: str, content: Any) -> Iterator[str]:
    known = {path_of(each): each for each in fields if not each.bodies or body in each.bodies}
    yield from _unknown(known, (), content)
    for path, field in known.items():
        yield from _missing(field, path, content)


def _unknown(known: dict[Path, Field], path: Path, value: Any) -> Iterator[str]:
    """Yield members without a field, and values of another type."""
    field = known.get(path)
    if path and field is None and path[-1] != "[]":
        yield f"{path} has no field"
    if field is not None and not any(FITS[each](value) for each in field.types):
        yield f"{path} is {value!r}, no {field.types}"
    if field is not None and field.values and value not in field.values:
        yield f"{path} is {value!r}, none of {field.values}"
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _unknown(known, (*path, key), each)
    if isinstance(value, list):
        for each in value:
            yield from _unknown(known, (*path, "[]"), each)


def _missing(field: Field, path: Path, content: Any) -> Iterator[str]:
    """Yield objects that lack a member which is not optional."""
    *before, last = path
    holders = [content]
    for step in before:
        if step == "[]":
            holders = [item for each in holders if isinstance(each, list) for item in each]
        else:
            holders = [each[step] for each in holders if isinstance(each, dict) and step in each]
    for each in holders:
        if isinstance(each, dict) and last not in each and not field.optional:
            yield f"{path} is missing"
