"""Compares the fields of a family's file with what its bodies hold.

Only fields of the file itself are compared: a shared file may describe more than a family has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.printable import listed
from ..fields.paths import Steps
from ..fields.table import Field, FieldTable
from .mistakes import Mistakes, Node

_MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class BodyPlaces:
    """Where a body may have a value.

    ``known`` are the steps to all values that the file writes. In ``open`` ones an expression
    computes what stands there, which may be an object or a list.
    """

    known: frozenset[Steps]
    open: frozenset[Steps]

    def may_have(self, steps: Steps) -> bool:
        """Tell whether there may be a value."""
        before = (steps[:length] for length in range(len(steps)))
        return steps in self.known or any(each in self.open for each in before)


def places_of(body: Any, parts: Mapping[str, Node]) -> BodyPlaces:
    """Return the places of a body, which may name ``parts``; mistakes in it are passed over."""
    known, computed = set[Steps](), set[Steps]()
    for steps, is_computed in _places(body, (), parts, ()):
        known.add(steps)
        if is_computed:
            computed.add(steps)
    return BodyPlaces(frozenset(known), frozenset(computed))


def _places(
    value: Any, steps: Steps, parts: Mapping[str, Node], inside: tuple[str, ...]
) -> Iterator[tuple[Steps, bool]]:
    """Yield steps, and whether an expression computes what stands there.

    ``inside`` are the names of the parts around the value.
    """
    if isinstance(value, dict) and "$value" in value:
        if "$each" in value:
            yield steps, False
            steps = (*steps, None)
        yield from _places(value["$value"], steps, parts, inside)
    elif isinstance(value, dict) and [*value] == ["$part"] and _is_known(value, parts, inside):
        name = value["$part"]
        yield from _places(parts[name].value, steps, parts, (*inside, name))
    else:
        yield steps, _is_computed(value, parts, inside)
        for step, each in _inner(value, parts, inside):
            yield from _places(each, (*steps, step), parts, inside)


def _inner(
    value: Any, parts: Mapping[str, Node], inside: tuple[str, ...]
) -> Iterable[tuple[str | None, Any]]:
    """Return the elements or members of a value, each with the step to it."""
    if isinstance(value, list):
        return [(None, each) for each in value]
    is_object = isinstance(value, dict) and "$text" not in value
    return _members(value, parts, inside).items() if is_object else ()


def _is_computed(value: Any, parts: Mapping[str, Node], inside: tuple[str, ...]) -> bool:
    """Tell whether an expression computes a value, or an unknown part is at fault for it."""
    if isinstance(value, dict):
        return "$part" in value and not _is_known(value, parts, inside)
    return isinstance(value, str) and value.startswith("{{") and value.endswith("}}")


def _is_known(value: Mapping[str, Any], parts: Mapping[str, Node], inside: tuple[str, ...]) -> bool:
    """Tell whether an object names a part that is known, and not around it already."""
    name = value.get("$part")
    is_free = name not in inside and len(inside) < _MOST_PARTS
    return isinstance(name, str) and name in parts and is_free


def _members(
    value: Mapping[str, Any], parts: Mapping[str, Node], inside: tuple[str, ...]
) -> dict[str | None, Any]:
    """Return the members of an object, with those of a part that it names."""
    found: dict[str | None, Any] = {}
    if _is_known(value, parts, inside) and isinstance(parts[value["$part"]].value, dict):
        name = value["$part"]
        found = _members(parts[name].value, parts, (*inside, name))
    return found | {key.removeprefix("$"): each for key, each in value.items() if key != "$part"}


def check_fields(
    mistakes: Mistakes,
    node: Node,
    own: Sequence[Field],
    table: FieldTable,
    places: Mapping[str, BodyPlaces],
) -> None:
    """Note fields that bodies cannot have; ``places`` are those of each body.

    ``node`` holds the file's ``fields``, and ``own`` are these, as they stand in ``table``.
    """
    having = {body: {id(each) for each in table.of_body(body)} for body in places}
    described = {each.steps for each in own}
    for each in own:
        around = described & {each.steps[:length] for length in range(len(each.steps))}
        bodies = {
            body: there
            for body, there in places.items()
            if id(each) in having[body] and all(map(there.may_have, around))
        }
        _check(mistakes, node.at(each.path), each, bodies)


def _check(mistakes: Mistakes, place: Node, said: Field, places: Mapping[str, BodyPlaces]) -> None:
    lacking = [body for body, each in places.items() if not each.may_have(said.steps)]
    noun = "the body" if len(lacking) == 1 else "the bodies"
    if lacking and len(lacking) == len(places):
        mistakes.add(place, "a field that no body has", "the path of a member", at_key=True)
    elif lacking and (said.bodies or not said.optional):
        found = f"a field that {noun} {listed(lacking)} cannot have"
        mistakes.add(place, found, "the key in, with the bodies that have it", at_key=True)
