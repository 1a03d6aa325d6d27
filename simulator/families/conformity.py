"""How an event differs from the field table of its family."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import field_paths
from .field_paths import Steps
from .field_tree import FieldNode, tree_of
from .field_types import fits, type_of
from .fields import FieldTable

UNKNOWN, MISSING, RETYPED, OTHER_VALUE = "unknown", "missing", "retyped", "other value"


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One difference: a field that is unknown, missing, of another type, or of another value.

    ``found`` and ``expected`` are names of types, never values of the event; ``found`` is empty
    for a missing field, ``expected`` for an unknown one.
    """

    kind: str
    path: str
    found: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Conformity:
    """What comparing found: the body that is nearest, and its differences.

    ``required`` and ``optional`` say how many fields are present, and how many could be: those in
    an object count only where the object is present.
    """

    body: str
    differences: tuple[FieldDifference, ...]
    required: tuple[int, int]
    optional: tuple[int, int]

    @property
    def distance(self) -> tuple[int, int]:
        """How far it is from the body: the number of unknown fields counts last."""
        unknown = sum(each.kind == UNKNOWN for each in self.differences)
        return len(self.differences) - unknown, unknown


def compare(table: FieldTable, code: str, content: Any) -> Conformity:
    """Return how content differs from the nearest body of an event code.

    Raises ``LookupError`` if the table has no body for the code.
    """
    found = (_compare_body(table, body, content) for body in table.bodies[code])
    return min(found, key=lambda each: each.distance)


def differences(node: FieldNode, value: Any, steps: Steps = ()) -> Iterator[FieldDifference]:
    """Yield the differences of a value and of all in it; elements of a list share a path."""
    path, expected = field_paths.spell(steps), " or ".join(node.types)
    if not any(fits(each, value) for each in node.types):
        yield FieldDifference(RETYPED, path, type_of(value), expected)
        return
    if node.said is not None and node.said.values and value not in node.said.values:
        yield FieldDifference(OTHER_VALUE, path, "another", f"one of {len(node.said.values)}")
    if isinstance(value, dict) and node.members:
        yield from _of_members(node, value, steps)
    if isinstance(value, list) and node.element is not None:
        for each in value:
            yield from differences(node.element, each, (*steps, None))


def _of_members(node: FieldNode, value: dict[str, Any], steps: Steps) -> Iterator[FieldDifference]:
    for name, inner in node.members.items():
        if name in value:
            yield from differences(inner, value[name], (*steps, name))
        elif inner.is_required:
            path, expected = field_paths.spell((*steps, name)), " or ".join(inner.types)
            yield FieldDifference(MISSING, path, "", expected)
    for name, found in value.items():
        if name not in node.members:
            yield FieldDifference(UNKNOWN, field_paths.spell((*steps, name)), type_of(found))


def _compare_body(table: FieldTable, body: str, content: Any) -> Conformity:
    root = tree_of(table.of_body(body))
    found = tuple(dict.fromkeys(differences(root, content)))
    present = {*_present(root, content, ())}
    possible = _possible(root, present, ())
    counts = []
    for is_required in (True, False):
        names = {steps for steps, node in possible if node.is_required is is_required}
        counts.append((len(names & present), len(names)))
    return Conformity(body, found, counts[0], counts[1])


def _present(node: FieldNode, value: Any, steps: Steps) -> Iterator[Steps]:
    """Yield the steps of all values that the tree has and that are there."""
    yield steps
    if isinstance(value, dict):
        for name, inner in node.members.items():
            if name in value:
                yield from _present(inner, value[name], (*steps, name))
    if isinstance(value, list) and node.element is not None:
        for each in value:
            yield from _present(node.element, each, (*steps, None))


def _possible(root: FieldNode, present: set[Steps], steps: Steps) -> list[tuple[Steps, FieldNode]]:
    """Return the members of the objects that are there, as far as the tree has them."""
    return [
        (inner, node)
        for inner, node in root.below(steps)
        if inner[-1] is not None and inner[:-1] in present
    ]
