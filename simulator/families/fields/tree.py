"""The fields of one body as a tree, for the JSON Schema and for comparing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .paths import Step, Steps
from .table import Field


@dataclass(slots=True)
class FieldNode:
    """A value of a body: what the table says about it, and the values in it.

    ``said`` is None for a value that the table names only in the paths of others. ``members``
    are those of an object, ``element`` is what a list holds. ``optional``, if set, says whether it
    may be missing; else the table says it. With ``choices`` the value is one of these bodies.
    """

    said: Field | None = None
    members: dict[str, FieldNode] = field(default_factory=dict)
    element: FieldNode | None = None
    optional: bool | None = None
    choices: dict[str, FieldNode] = field(default_factory=dict)

    @property
    def types(self) -> tuple[str, ...]:
        """The types that the value may have; what holds others is an object or an array."""
        if self.said is not None:
            return self.said.types
        if self.element is not None:
            return ("array",)
        return ("object",) if self.members else ("any",)

    @property
    def is_required(self) -> bool:
        """Whether it must be there; one that the table does not name must if a value in it must."""
        if self.optional is not None:
            return not self.optional
        if self.said is not None:
            return not self.said.optional
        inner = [*self.members.values(), *filter(None, [self.element])]
        return any(each.is_required for each in inner)

    def at(self, step: Step) -> FieldNode:
        """Return the node of a member or of each element; it is made if there is none."""
        if step is not None:
            return self.members.setdefault(step, FieldNode())
        if self.element is None:
            self.element = FieldNode()
        return self.element

    def below(self, steps: Steps = ()) -> Iterator[tuple[Steps, FieldNode]]:
        """Yield the nodes in it, each with its steps; members before what they hold."""
        inner: list[tuple[Step, FieldNode]] = [*self.members.items()]
        if self.element is not None:
            inner.append((None, self.element))
        for step, node in inner:
            yield (*steps, step), node
            yield from node.below((*steps, step))


def tree_of(fields: Iterable[Field]) -> FieldNode:
    """Return the root of a tree with these fields."""
    root = FieldNode()
    for each in fields:
        node = root
        for step in each.steps:
            node = node.at(step)
        node.said = each
    return root
