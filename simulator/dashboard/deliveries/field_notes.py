"""What the fields of a payload mean: those of its family, and those of the envelope around it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...captures.carried_event import CarriedEvent, carried_in
from ...core.printable import listed, printable
from ...errors import FlowsimError
from ...families.base import Family
from ...families.fields.conformity import compare, family_of
from ...families.fields.envelope import BATCH, envelope_of, explanation_of
from ...families.fields.table import EnvelopeTable, Field, FieldTable
from ...families.fields.tree import FieldNode, tree_of
from ...families.fields.types import fits, type_of
from ...families.registry import Families

_MOST_SAMPLED = 2_000
"""How many values of an event are looked at to find which body of its family it is."""

_ELEMENTS_SAMPLED = 3
_DEEPEST_SAMPLED = 20


@dataclass(frozen=True, slots=True)
class FieldNote:
    """What a field is: types, unit, meaning, source and grade; ``values`` are all allowed ones."""

    types: tuple[str, ...]
    unit: str
    means: str
    source: str
    grade: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownField:
    """A place in a payload: its node in the tree of fields, and the table with their sources."""

    node: FieldNode
    table: FieldTable

    def at(self, key: str | int) -> KnownField | None:
        """Return the field of a member or an element; None if it is not described."""
        node = self.node.members.get(key) if isinstance(key, str) else self.node.element
        return None if node is None else KnownField(node, self.table)

    @property
    def note(self) -> FieldNote | None:
        """What is said of it; None for one that is named only in the paths of others."""
        said = self.node.said
        return None if said is None else note_of(said, self.table)

    @property
    def has_inner(self) -> bool:
        """Whether the table says what is in it."""
        return bool(self.node.members) or self.node.element is not None


def note_of(said: Field, table: FieldTable) -> FieldNote:
    """Return a field as it is shown, its source with the file that has the section."""
    values = tuple(printable(str(each)) for each in said.values)
    return FieldNote(said.types, said.unit, said.means, table.source_of(said), said.grade, values)


def problem_of(known: KnownField, value: Any) -> str:
    """Return how a value differs from what is said of its field; empty if it does not."""
    node = known.node
    if not any(fits(each, value) for each in node.types):
        return f"{type_of(value)}, expected {' or '.join(node.types)}"
    if node.said is not None and node.said.values and value not in node.said.values:
        return f"another value, expected {listed([str(each) for each in node.said.values])}"
    return ""


class Explainer:
    """Finds the fields of one payload; ``code`` is the event code that a header says."""

    def __init__(self, content: Any, code: str, families: Families) -> None:
        self._content = content
        self._code = code
        self._families = families

    @property
    def root(self) -> KnownField | None:
        """The fields of the whole body."""
        if isinstance(self._content, list):
            return KnownField(FieldNode(BATCH), FieldTable())
        return self._event(self._content, is_alone=True)

    def inner(
        self, value: Any, known: KnownField | None, key: str | int, child: Any
    ) -> KnownField | None:
        """Return the fields of a member or an element of a value."""
        if value is self._content and isinstance(value, list):
            return self._event(child, is_alone=len(value) == 1)
        return None if known is None else known.at(key)

    def _event(self, element: Any, *, is_alone: bool) -> KnownField | None:
        carried = carried_in(element) or self._bare(element)
        if carried is None:
            return _validation(element)
        code = (is_alone and self._code) or carried.code or self._code
        table, tree = self._fields(code, carried.content)
        if not carried.format_:
            return None if tree is None else KnownField(tree, table)
        return KnownField(_envelope(carried, tree or FieldNode(), table.envelope), table)

    def _bare(self, element: Any) -> CarriedEvent | None:
        """Return an object without an envelope as the content of an event."""
        if not isinstance(element, dict) or any(explanation_of(each) for each in element):
            return None
        return CarriedEvent(element, "", "event", "", element, self._code)

    def _fields(self, code: str, content: Any) -> tuple[FieldTable, FieldNode | None]:
        """Return the fields of the body of an event that its content is nearest to."""
        family = _family(code, self._families)
        table = FieldTable() if family is None else family.fields()
        if not table.described(code):
            return table, None
        sample = sampled(content)
        return table, tree_of(table.of_body(compare(table, code, sample).body))


def _family(code: str, families: Families) -> Family | None:
    try:
        return family_of(code, families)
    except FlowsimError:  # mistakes in a family file of the user
        return None


def _validation(element: Any) -> KnownField | None:
    if not isinstance(element, dict):
        return None
    return KnownField(FieldNode(members=_around(element)), FieldTable())


def _around(names: Iterable[str]) -> dict[str, FieldNode]:
    found = {name: explanation_of(name) for name in names}
    return {name: FieldNode(said) for name, said in found.items() if said is not None}


def _envelope(carried: CarriedEvent, tree: FieldNode, own: EnvelopeTable | None) -> FieldNode:
    """Return the fields of an envelope, with those of the content at their place in it.

    ``own`` is the envelope of a family whose producer writes other members than usual.
    """
    root = FieldNode(members=_around(carried.element))
    if own is not None:
        known, _ = envelope_of(carried.member, carried.format_, own=own)
        root.members |= {name: each for name, each in known.members.items() if each.said}
    outer, *more = carried.around.split(".")
    root.members.setdefault(outer, FieldNode(explanation_of(outer)))
    if more:
        root.members[outer].members = _around(more)
    content = root.members[outer].members[more[0]] if more else root.members[outer]
    content.members, content.element = tree.members, tree.element
    return root


def sampled(content: Any) -> Any:
    """Return the beginning of content: few elements of each list, few values in all."""
    left = [_MOST_SAMPLED]

    def cut(value: Any, depth: int) -> Any:
        left[0] -= 1
        if not isinstance(value, dict | list):
            return value
        if depth == _DEEPEST_SAMPLED or left[0] < 0:
            return type(value)()
        if isinstance(value, list):
            return [cut(each, depth + 1) for each in value[:_ELEMENTS_SAMPLED]]
        found = {}
        for name, each in value.items():
            if left[0] < 0:
                break
            found[name] = cut(each, depth + 1)
        return found

    return cut(content, 0)
