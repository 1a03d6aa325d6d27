"""Compiled bodies of a family, and how content is made of them.

All placeholders of a body are computed by one program. Its list of values is then put into the
content. A loop is a block of its own, which is computed for each item.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from jinja2 import nodes

from ...errors import Problem, ScenarioError
from . import budget
from .environment import Program, failure
from .mistakes import Node, shown
from .values import ValueMistakeError, kind_of

MOST_ITEMS = 1_000
MOST_VALUES = 100_000
MOST_CHARACTERS = 2_000_000

ABSENT = object()
"""Stands for a member or an element that is left out."""

_NOTHING = nodes.Const(None, lineno=1)

Build = Callable[[list[Any], "Rendering"], Any]
"""Makes content of the values of a block."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One value of a block: what computes it, where it is written, and the block it may hold.

    ``is_raw`` means that it is not content itself: a condition, or the items of a loop.
    """

    node: Node
    source: str
    tree: nodes.Expr
    inner: Block | None = None
    is_raw: bool = False


@dataclass(slots=True)
class Block:
    """A part of a body whose placeholders are computed at once: the whole, or a loop's value.

    ``size`` and ``characters`` count what is written in it.
    """

    slots: list[Slot] = field(default_factory=list)
    size: int = 0
    characters: int = 0

    def add(self, slot: Slot) -> int:
        """Take a slot in; returns its number."""
        self.slots.append(slot)
        return len(self.slots) - 1

    def tree(self) -> nodes.Expr:
        """Return the expression of all values: a list, in which a condition has one of its own."""
        return nodes.List([_slot_tree(each) for each in self.slots], lineno=1)


def _slot_tree(slot: Slot) -> nodes.Expr:
    if slot.inner is None:
        return slot.tree
    return nodes.CondExpr(slot.tree, slot.inner.tree(), _NOTHING, lineno=1)


@dataclass(slots=True)
class Rendering:
    """One rendering under way: the names that expressions see, and what it may still take."""

    scope: Mapping[str, Any]
    values: int = MOST_VALUES
    characters: int = MOST_CHARACTERS

    def spend(self, block: Block) -> None:
        budget.spend(values=block.size, characters=block.characters)
        self.values -= block.size
        self.characters -= block.characters
        if self.values < 0:
            raise ValueMistakeError(
                f"a body of more than {MOST_VALUES:,} values", "fewer items in $each"
            )
        self.check()

    def check(self) -> None:
        if self.characters < 0:
            raise ValueMistakeError(
                f"a body of more than {MOST_CHARACTERS:,} characters", "shorter text"
            )


class Template:
    """A compiled body, or another value with placeholders."""

    def __init__(self, node: Node, loop: Loop) -> None:
        self.node = node
        self._loop = loop

    def render(self, scope: Mapping[str, Any]) -> Any:
        """Return the content with the values of ``scope``.

        Raises ``ScenarioError`` with the place in the family's file.
        """
        try:
            return self._loop.rendered(Rendering(scope))
        except PlacedError as mistake:
            problems = mistake.problems
        except ValueMistakeError as mistake:
            problems = [self.node.explained(mistake)]
        raise ScenarioError(problems)


class PlacedError(Exception):
    """What failed in a rendering: problems with their places."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(map(str, problems)))


class Loop:
    """A block with what makes content of it; it may be rendered many times."""

    def __init__(self, node: Node, block: Block, build: Build) -> None:
        self.block = block
        self._node = node
        self._build = build

    @cached_property
    def _program(self) -> Program:
        return Program([_slot_tree(each) for each in self.block.slots])

    def rendered(self, run: Rendering) -> Any:
        run.spend(self.block)
        try:
            values = self._program.run(run.scope) if self.block.slots else []
        except MemoryError:
            raise
        except Exception as error:
            with budget.opened():
                placed = [*_placed(self.block, run.scope)]
            raise PlacedError(placed or [self._node.explained(failure(error))]) from None
        if wrong := [*_wrong_values(self.block, values, run)]:
            raise PlacedError(wrong)
        run.check()
        return self._build(values, run)


def _placed(block: Block, scope: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the mistakes in a block, computing one slot after the other, within the budget."""
    for slot in block.slots:
        try:
            (value,) = Program([slot.tree]).run(scope)
        except Exception as error:
            reason = failure(error)
            yield slot.node.explained(reason, slot.source)
            if isinstance(reason, budget.SpentError):
                return
        else:
            if slot.inner is not None and value:
                yield from _placed(slot.inner, scope)


_SCALARS = frozenset((int, float, bool, type(None)))


def _wrong_values(block: Block, values: list[Any], run: Rendering) -> Iterator[Problem]:
    """Yield a problem for each value that cannot be content; count the characters of text."""
    for slot, value in zip(block.slots, values, strict=True):
        kind = type(value)
        if kind is str:
            run.characters -= len(value)
        elif slot.inner is not None:
            if value is not None:
                yield from _wrong_values(slot.inner, value, run)
        elif kind not in _SCALARS and not slot.is_raw:
            reason = ValueMistakeError(kind_of(value), _wanted(kind_of(value)))
            yield slot.node.explained(reason, slot.source)


def _wanted(kind: str) -> str:
    if kind == "a moment":
        return "a filter behind it, such as | iso or | ms"
    return "text, a number, true, false or null: name a member"


def list_build(builds: Sequence[Build]) -> Build:
    """Return what builds a list, without what is absent."""

    def build(values: list[Any], run: Rendering) -> list[Any]:
        made = [each(values, run) for each in builds]
        return [each for each in made if each is not ABSENT] if ABSENT in made else made

    return build


def object_build(members: Mapping[str, Build]) -> Build:
    """Return what builds an object, without members that are absent."""
    pairs = [*members.items()]

    def build(values: list[Any], run: Rendering) -> dict[str, Any]:
        made = {}
        for key, each in pairs:
            value = each(values, run)
            if value is not ABSENT:
                made[key] = value
        return made

    return build


def each_build(node: Node, items: Build, name: str, loop: Loop) -> Build:
    def build(values: list[Any], run: Rendering) -> list[Any]:
        outer, made = run.scope, []
        for item in items_of(node, items(values, run)):
            run.scope = {**outer, name: item}
            made.append(loop.rendered(run))
        run.scope = outer
        return [each for each in made if each is not ABSENT]

    return build


def items_of(node: Node, items: Any) -> list[Any]:
    """Return the items of a loop: those of a list, or the numbers from 1 up to a whole number."""
    if type(items) is int and 0 <= items <= MOST_ITEMS:
        return [*range(1, items + 1)]
    if not isinstance(items, list):
        found, wanted = shown(items), f"a list, or a whole number up to {MOST_ITEMS:,}"
    elif len(items) > MOST_ITEMS:
        found, wanted = f"{len(items):,} items", f"at most {MOST_ITEMS:,}"
    else:
        return items
    raise PlacedError([node.explained(ValueMistakeError(found, wanted))])
