"""The conditions of a filter: alternatives, each with one condition for each of its fields.

``$or`` is multiplied out, as Event Ruler does (io-events-protocol.md 8.2). A path may occur once in
each alternative, and one element of an array must meet all conditions of the alternative.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import isfinite
from typing import Any, Final

from ...core.printable import brief
from ...errors import FilterError
from ...files.document import Path, spell
from .operators import OPERATORS, Scalar, Test, only
from .text import Members, describe, refusal

MOST_NESTED = 32
"""Levels of JSON, and fields of a path, at most; Adobe does not publish its limits (8.2)."""

MOST_ALTERNATIVES = 1_000
"""Alternatives once ``$or`` is multiplied out, at most."""

MOST_STEPS = 10_000
"""Sum of the fields on all paths of all alternatives, at most."""

Steps = tuple[str, ...]
"""The path of a field: ``data.user`` and ``{"data": {"user": …}}`` are the same steps."""

_RESERVED = {
    *OPERATORS,
    *("exactly", "wildcard", "not-wildcard", "not-equals-ignore-case", "regex"),
    *("=", "<", "<=", ">", ">=", "ip-address-in-range", "ip-address-not-in-range"),
    *("date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range"),
}
"""Words that Event Ruler reserves: no names of fields where there is an ``$or``."""

Finding = int

REFUSED: Final = 0
"""A condition does not hold."""

ABSENT: Final = 1
"""The conditions hold, and none of their fields is there."""

FOUND: Final = 2
"""The conditions hold, and at least one of their fields is there."""


def all_of(findings: Iterable[Finding]) -> Finding:
    """Return the finding for conditions that must all hold."""
    strongest: Finding = ABSENT
    for finding in findings:
        if finding == REFUSED:
            return REFUSED
        strongest = max(strongest, finding)
    return strongest


def any_of(findings: Iterable[Finding]) -> Finding:
    """Return the finding for the elements of an array, one of which is enough."""
    weakest: Finding = ABSENT
    for finding in findings:
        if finding == FOUND:
            return FOUND
        weakest = min(weakest, finding)
    return weakest


@dataclass(frozen=True, slots=True)
class Leaf:
    """The condition of a field: one of ``constants``, one of ``tests``, or its existence.

    ``present`` stands for ``{"exists": true}``: any value is enough, unless the field is an
    array. ``absent`` stands for ``{"exists": false}``: no value is enough, and so is an array.
    """

    constants: frozenset[Scalar]
    tests: tuple[Test, ...]
    present: bool
    absent: bool

    def look_at(self, values: Sequence[Any], *, is_array: bool = False) -> Finding:
        """Return whether one of the values of the field fulfils the condition.

        ``values`` are no objects. ``exists`` sees leaves only: no arrays, no objects (8.2).
        """
        if any(map(self._accepts, map(comparable, values))):
            return FOUND
        if values and not is_array:
            return FOUND if self.present else REFUSED
        return ABSENT if self.absent else REFUSED

    def _accepts(self, value: Scalar) -> bool:
        return value in self.constants or any(test(value) for test in self.tests)


def comparable(value: str | float | Decimal | None) -> Scalar:
    """Return a value to compare: equal ones are equal in JSON, by type, and numbers exactly.

    A float becomes the decimal that it is written as. NaN and infinities equal no JSON value.
    """
    if isinstance(value, bool):
        return (value,)
    if isinstance(value, float):
        return Decimal(repr(value)) if isfinite(value) else ()
    return value


@dataclass(slots=True)
class Alternatives:
    """Conditions by path, for each alternative; ``steps`` is the sum of all paths' lengths."""

    each: list[dict[Steps, Leaf]]
    steps: int


def parse(members: Members, place: Path = ()) -> Alternatives:
    """Return the alternatives of an object, all of whose keys must hold."""
    _check_object(members, place)
    combined = Alternatives([{}], 0)
    for key, value in members:
        here = (*place, key)
        if key == "$or":
            more = _either(here, value)
        elif isinstance(value, Members):
            more = parse(value, here)
        else:
            more = _condition(here, value)
        combined = _both(combined, more, here)
    return combined


def _check_object(members: Members, place: Path) -> None:
    if not members:
        raise refusal(place, members, "at least one field")
    if len(place) >= MOST_NESTED:
        raise FilterError(spell(place), f"level {len(place) + 1} of JSON", f"at most {MOST_NESTED}")
    keys = Counter(key for key, _ in members)
    key, count = keys.most_common(1)[0]
    if count > 1:
        raise _second(spell((*place, key)))
    if "$or" in keys or "$or" in place:
        _check_names(keys, place)


def _check_names(keys: Counter[str], place: Path) -> None:
    for key in (*place, *keys):
        if key in _RESERVED:
            found = f"a field named '{key}' where there is an $or"
            raise FilterError(spell(place), found, "field names that are no operators")


def _second(path: str) -> FilterError:
    return FilterError(path, "a second expression for this path", "one, in a single place")


def _condition(place: Path, value: Any) -> Alternatives:
    if not isinstance(value, list):
        raise refusal(place, value, f"a list such as [{describe(value)}]")
    names = ".".join(step for step in place if isinstance(step, str) and step != "$or")
    steps = tuple(names.split("."))
    if len(steps) > MOST_NESTED:
        raise FilterError(spell(place), f"{len(steps)} fields", f"at most {MOST_NESTED}")
    if "$or" in steps:
        found = "$or in the middle of a key"
        raise FilterError(spell(place), found, '{"$or": [{…}, {…}]} inside the field')
    return Alternatives([{steps: parse_leaf(place, value)}], len(steps))


def _either(place: Path, value: Any) -> Alternatives:
    expected = "a list of two objects or more"
    if not isinstance(value, list) or len(value) < 2:
        found = "one alternative" if isinstance(value, list) and value else describe(value)
        raise FilterError(spell(place), found, expected)
    either = Alternatives([], 0)
    for index, member in enumerate(value):
        here = (*place, index)
        if not isinstance(member, Members):
            raise refusal(here, member, "an object of fields")
        more = parse(member, here)
        either = Alternatives(either.each + more.each, either.steps + more.steps)
        _check_size(len(either.each), either.steps, place)
    return either


def _both(some: Alternatives, more: Alternatives, place: Path) -> Alternatives:
    """Return each alternative of ``some`` combined with each one of ``more``."""
    count = len(some.each) * len(more.each)
    steps = some.steps * len(more.each) + more.steps * len(some.each)
    _check_size(count, steps, place)
    for one, other in product(some.each, more.each):
        for twice in one.keys() & other.keys():
            raise _second(brief(".".join(twice)))
    if len(more.each) > 1:
        return Alternatives([one | other for one, other in product(some.each, more.each)], steps)
    for one in some.each:
        one.update(more.each[0])
    return Alternatives(some.each, steps)


def _check_size(alternatives: int, steps: int, place: Path) -> None:
    if alternatives > MOST_ALTERNATIVES:
        found = f"{alternatives:,} alternatives"
        raise FilterError(spell(place), found, f"at most {MOST_ALTERNATIVES:,} in a filter")
    if steps > MOST_STEPS:
        found = f"paths of {steps:,} fields together"
        raise FilterError(spell(place), found, f"at most {MOST_STEPS:,} in all alternatives")


def parse_leaf(place: Path, members: list[Any]) -> Leaf:
    """Return the condition of a list; raises ``FilterError`` for an invalid list."""
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
