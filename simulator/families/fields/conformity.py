"""How an event differs from the field table of its family."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.json_writing import one_line
from ...core.printable import brief, listed
from ..base import Family
from ..registry import Families
from . import paths
from .paths import Steps
from .table import FieldTable
from .tree import FieldNode, tree_of
from .types import fits, type_of

UNKNOWN, MISSING, RETYPED, OTHER_VALUE = "unknown", "missing", "retyped", "other value"


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One difference: a field that is unknown, missing, of another type, or of another value.

    ``found`` and ``expected`` are names of types, or documented values, never values of the event;
    ``found`` is empty for a missing field, ``expected`` for an unknown one.
    """

    kind: str
    path: str
    found: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Conformity:
    """What comparing found: the body that is nearest, and its differences.

    ``required`` and ``optional`` say how many fields are present, and how many could be: those in
    an object count only if the object is present. A field that any element of a list lacks is
    missing.
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


def family_of(code: str, families: Families) -> Family | None:
    """Return the family with an event code, or with fields for it: some have two spellings."""
    known = families.by_code(code)
    others = () if known else families.readable()[0]
    return known or next((each for each in others if code in each.fields().bodies), None)


def compare(table: FieldTable, code: str, content: Any) -> Conformity:
    """Return how content differs from the nearest body of an event code that has fields.

    If none has, nothing differs from them. Raises ``LookupError`` if the table has no body for
    the code.
    """
    bodies = table.described(code) or table.bodies[code]
    found = (_compare_body(table, body, content) for body in bodies)
    return min(found, key=lambda each: each.distance)


def differences(node: FieldNode, value: Any, steps: Steps = ()) -> Iterator[FieldDifference]:
    """Yield the differences of a value and of all in it; elements of a list share a path."""
    path, expected = paths.spell(steps), " or ".join(node.types)
    if not any(fits(each, value) for each in node.types):
        yield FieldDifference(RETYPED, path, type_of(value), expected)
        return
    if node.said is not None and node.said.values and value not in node.said.values:
        yield FieldDifference(OTHER_VALUE, path, "another", _one_of(node.said.values))
    if isinstance(value, dict) and node.members:
        yield from _of_members(node, value, steps)
    if isinstance(value, list) and node.element is not None:
        for each in value:
            yield from differences(node.element, each, (*steps, None))


def _one_of(values: Sequence[Any]) -> str:
    """Return the documented values of a field in JSON, as a message names them."""
    return f"one of {listed([brief(one_line(each)) for each in values])}"


def _of_members(node: FieldNode, value: dict[str, Any], steps: Steps) -> Iterator[FieldDifference]:
    for name, inner in node.members.items():
        if name in value:
            yield from differences(inner, value[name], (*steps, name))
        elif inner.is_required:
            path, expected = paths.spell((*steps, name)), " or ".join(inner.types)
            yield FieldDifference(MISSING, path, "", expected)
    for name, found in value.items():
        if name not in node.members:
            yield FieldDifference(UNKNOWN, paths.spell((*steps, name)), type_of(found))


def _compare_body(table: FieldTable, body: str, content: Any) -> Conformity:
    root = tree_of(table.of_body(body))
    found = tuple(dict.fromkeys(differences(root, content)))
    present = {*_present(root, content, ())}
    possible = [
        (steps, node.is_required)
        for steps, node in root.below()
        if steps[-1] is not None and steps[:-1] in present
    ]
    required = {steps for steps, is_required in possible if is_required}
    optional = {steps for steps, is_required in possible if not is_required}
    missing = {each.path for each in found if each.kind == MISSING}
    there = sum(paths.spell(steps) not in missing for steps in required & present)
    counts = (there, len(required)), (len(optional & present), len(optional))
    return Conformity(body, found, *counts)


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
