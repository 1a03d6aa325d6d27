"""What a filter asks of one field: a list, any one member of which is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Any

from ...files.document import Path
from .finding import ABSENT, FOUND, REFUSED, Finding
from .operators import OPERATORS, Scalar, Test, only
from .text import Members, refusal


@dataclass(frozen=True, slots=True)
class Leaf:
    """The list of a field, compiled: one of ``constants``, one of ``tests``, or its existence.

    ``present`` stands for ``{"exists": true}``: any value is enough, unless the field is an
    array. ``absent`` stands for ``{"exists": false}``: no value is enough, and so is an array.
    """

    constants: frozenset[Scalar]
    tests: tuple[Test, ...]
    present: bool
    absent: bool

    def look_at(self, values: Sequence[Any], *, is_array: bool = False) -> Finding:
        """Return whether one of all values of the field, which are no objects, is asked for.

        ``exists`` sees leaves only, and an array is none, as an object is none (8.2).
        """
        if any(map(self._accepts, map(comparable, values))):
            return FOUND
        if values and not is_array:
            return FOUND if self.present else REFUSED
        return ABSENT if self.absent else REFUSED

    def _accepts(self, value: Scalar) -> bool:
        return value in self.constants or any(test(value) for test in self.tests)


def comparable(value: str | float | Decimal | None) -> Scalar:
    """Return a value such that equal means equal in JSON: by type, and numbers exactly.

    A float is the decimal that it is written as. What is no JSON (NaN) equals nothing.
    """
    if isinstance(value, bool):
        return (value,)
    if isinstance(value, float):
        return Decimal(repr(value)) if isfinite(value) else ()
    return value


def parse(place: Path, members: list[Any]) -> Leaf:
    """Return what a list asks; raises ``FilterError`` for one that asks nothing clear."""
    if not members:
        raise refusal(place, members, "at least one value")
    constants: set[Scalar] = set()
    tests: list[Test] = []
    existence: set[bool] = set()
    for index, member in enumerate(members):
        here = (*place, index)
        if isinstance(member, list):
            raise refusal(here, member, 'a value, or an operator such as {"prefix": "a"}')
        if not isinstance(member, Members):
            constants.add(comparable(member))
            continue
        name, operand = only(here, member, OPERATORS)
        if name == "exists" and isinstance(operand, bool):
            existence.add(operand)
        else:
            tests.append(OPERATORS[name]((*here, name), operand))
    return Leaf(frozenset(constants), tuple(tests), True in existence, False in existence)
