"""What differs between two JSON values, place by place.

The order of members counts for nothing, nor does the spelling of a number; ``niceties`` says
where two values that are the same differ in those.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest
from typing import Any

from ..core.json_reading import Number
from .json_path import Path


class Absent(Enum):
    """What stands for a value where there is none; ``null`` is a value."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which two values differ; a side that has nothing there is ``ABSENT``."""

    path: Path
    left: Any
    right: Any


def differences(left: Any, right: Any) -> Iterator[Difference]:
    """Yield each place at which values differ that are not both objects or both arrays.

    Elements of arrays are compared with those that have the same index.
    """
    for path, one, other in _pairs(left, right):
        if not (_are_objects(one, other) or _are_arrays(one, other) or _are_equal(one, other)):
            yield Difference(path, one, other)


def niceties(left: Any, right: Any) -> list[str]:
    """Return in which ways values that are the same are written differently."""
    found: dict[str, None] = {}
    for _, one, other in _pairs(left, right):
        if _are_objects(one, other) and [*one] != [*other]:
            found["the order of members"] = None
        if isinstance(one, Number) and isinstance(other, Number) and one.text != other.text:
            found["the spelling of numbers"] = None
    return [*found]


def _pairs(left: Any, right: Any) -> Iterator[tuple[Path, Any, Any]]:
    """Yield the values of both sides that stand at the same place, in the order of the left."""
    waiting: list[tuple[Path, Any, Any]] = [((), left, right)]
    while waiting:
        path, one, other = waiting.pop()
        yield path, one, other
        if _are_objects(one, other):
            keys = dict.fromkeys((*one, *other))
            inner = [((*path, key), one.get(key, ABSENT), other.get(key, ABSENT)) for key in keys]
            waiting += reversed(inner)
        elif _are_arrays(one, other):
            both = enumerate(zip_longest(one, other, fillvalue=ABSENT))
            waiting += reversed([((*path, index), *pair) for index, pair in both])


def _are_objects(one: Any, other: Any) -> bool:
    return isinstance(one, dict) and isinstance(other, dict)


def _are_arrays(one: Any, other: Any) -> bool:
    return isinstance(one, list) and isinstance(other, list)


def _are_equal(one: Any, other: Any) -> bool:
    """Compare values of which at most one is an object or an array; true is not 1."""
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)
