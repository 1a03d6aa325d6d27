"""Subscriber-defined filters: which events a registration asks for (io-events-protocol.md 8).

Event Ruler sees an event as dotted names with values (8.2): objects are no values, an array has
each of its elements as value, and a key with a dot is like nested ones. All that is asked below an
array of objects is asked of one and the same element. A field is absent if the event, or that one
element, has no value of its name; so an object, ``[]`` and a missing field are absent, and
``null`` is not. ``exists`` takes every array for absent: it sees leaves only, by Adobe's FAQ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from . import conditions
from .conditions import ABSENT, REFUSED, Finding, Leaf, Steps, all_of, any_of
from .text import read

Condition = tuple[Steps, Leaf]

_NOTHING: list[Any] = []
"""A field that is not there is like an empty array."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A compiled filter; ``text`` is its JSON."""

    text: str
    alternatives: tuple[tuple[FilterPattern, ...], ...] = field(repr=False, compare=False)

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Return whether an event, in its form of delivery, matches.

        A value that is no object never matches.
        """
        if not isinstance(event, Mapping):
            return False
        findings = _Findings(event)
        return any(
            all_of(map(findings.__getitem__, patterns)) != REFUSED for patterns in self.alternatives
        )


def parse(text: str) -> Filter:
    """Return the filter that JSON text holds; raises ``FilterError`` for other text.

    The error names the place (``data.user.email[0].prefix``), what stands there and what
    may. A filter has bounds, which Adobe has too and does not publish: 65,536 characters,
    32 levels, 1,000 alternatives, paths of 10,000 fields all_of.
    """
    alternatives = conditions.parse(read(text))
    made = Patterns()
    return Filter(text, tuple((*made.of(each.items()).values(),) for each in alternatives.each))


@dataclass(frozen=True, slots=True, eq=False)
class FilterPattern:
    """The conditions of one field and of the fields below it.

    ``conditions`` are all of them, with paths that begin with ``step``. ``dotted`` are keys that
    stand for several steps of a path at once. ``bare`` is the finding of the conditions below a
    value that is no object.
    """

    step: str
    leaf: Leaf | None
    below: Mapping[str, FilterPattern]
    bare: Finding
    conditions: Sequence[Condition]
    dotted: frozenset[str]

    def look_in(self, content: Mapping[str, Any]) -> Finding:
        """Return whether this field of an object fulfils the conditions."""
        if content.keys().isdisjoint(self.dotted):
            return self.look_at(content.get(self.step, _NOTHING))
        keys = [[key for key, _ in _keys(steps) if key in content] for steps, _ in self.conditions]
        if any(len(each) > 1 for each in keys):
            # If there are both a and a.b, each condition may hold in either.
            return all_of(_look_for(steps, leaf, content) for steps, leaf in self.conditions)
        missing = [
            leaf.look_at(())
            for (_, leaf), each in zip(self.conditions, keys, strict=True)
            if not each
        ]
        there = {key for each in keys for key in each}
        return all_of([*missing, *(self._at(key).look_at(content[key]) for key in there)])

    def look_at(self, value: Any) -> Finding:
        """Return whether a value of this field fulfils the conditions."""
        values, objects = _parts(value)
        is_array = isinstance(value, list)
        finding = self.leaf.look_at(values, is_array=is_array) if self.leaf else ABSENT
        if finding == REFUSED or not self.below:
            return finding
        below = any_of(look_in(self.below, each) for each in objects) if objects else self.bare
        return all_of((finding, below))

    def _at(self, key: str) -> FilterPattern:
        """Return the pattern of the field that a key of several steps leads to."""
        pattern = self
        for step in key.split(".")[1:]:
            pattern = pattern.below[step]
        return pattern


class Patterns:
    """Makes patterns; equal conditions of several alternatives become one pattern."""

    def __init__(self) -> None:
        self._made: dict[tuple[tuple[Steps, int], ...], FilterPattern] = {}

    def of(self, conditions: Iterable[Condition]) -> dict[str, FilterPattern]:
        """Return the patterns of conditions whose paths differ, by their first step."""
        groups: dict[str, list[Condition]] = {}
        for steps, leaf in conditions:
            groups.setdefault(steps[0], []).append((steps, leaf))
        return {step: self._pattern(step, group) for step, group in groups.items()}

    def _pattern(self, step: str, conditions: Sequence[Condition]) -> FilterPattern:
        identity = tuple((steps, id(leaf)) for steps, leaf in conditions)
        if identity not in self._made:
            leaf = next((leaf for steps, leaf in conditions if len(steps) == 1), None)
            below = self.of((steps[1:], leaf) for steps, leaf in conditions if len(steps) > 1)
            bare = all_of(leaf.look_at(()) for steps, leaf in conditions if len(steps) > 1)
            keys = (key for steps, _ in conditions for key, _ in _keys(steps))
            dotted = frozenset(keys) - {step}
            self._made[identity] = FilterPattern(step, leaf, below, bare, conditions, dotted)
        return self._made[identity]


def look_in(patterns: Mapping[str, FilterPattern], content: Mapping[str, Any]) -> Finding:
    """Return whether an object fulfils all patterns."""
    return all_of(pattern.look_in(content) for pattern in patterns.values())


def _keys(steps: Steps) -> Iterator[tuple[str, Steps]]:
    """Yield each key that a path may begin with, and the rest of the path."""
    for count, key in enumerate(accumulate(steps, "{}.{}".format), 1):
        yield key, steps[count:]


def _look_for(steps: Steps, leaf: Leaf, value: Any) -> Finding:
    """Return whether a value at a path fulfils a condition, with any split of the path in keys."""
    values, objects = _parts(value)
    if not steps:
        return leaf.look_at(values, is_array=isinstance(value, list))
    findings = [
        _look_for(rest, leaf, each[key])
        for each in objects
        for key, rest in _keys(steps)
        if key in each
    ]
    return any_of(findings) if findings else leaf.look_at(())


def _parts(value: Any) -> tuple[Sequence[Any], Sequence[Mapping[str, Any]]]:
    """Return the plain values and the objects that a value is or, as an array, holds."""
    if isinstance(value, list):
        return _elements(value)
    return ((), (value,)) if isinstance(value, dict) else ((value,), ())


def _elements(array: list[Any]) -> tuple[list[Any], list[dict[str, Any]]]:
    """Return the elements of an array; inner arrays count as their elements, at any depth."""
    values, objects, pending = [], [], [array]
    while pending:
        for each in pending.pop():
            if isinstance(each, list):
                pending.append(each)
            elif isinstance(each, dict):
                objects.append(each)
            else:
                values.append(each)
    return values, objects


class _Findings(dict[FilterPattern, Finding]):
    """Pattern → its finding in one event; a pattern of several alternatives is applied once."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        self._event = event

    def __missing__(self, pattern: FilterPattern) -> Finding:
        self[pattern] = pattern.look_in(self._event)
        return self[pattern]
