"""Named values of an entry: what it draws and computes, and when its steps happen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeVar

from jinja2 import nodes

from ...errors import Nearest, Problem, ScenarioError
from . import budget
from .environment import Program, failure
from .expressions import Expression
from .mistakes import Mistakes, Node
from .rendering import PlacedError, items_of
from .values import ValueMistakeError, kind_of

T = TypeVar("T")

CENTURY = 36_525 * 86_400.0
"""The latest moment of a step, in seconds after the entry begins."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name, its expression, where that is written, and what it means, if that is said."""

    name: str
    node: Node
    expression: Expression
    about: str = ""


@dataclass(frozen=True)
class Computation:
    """Expressions that are computed at once; later ones may use earlier ones by name."""

    parts: Sequence[Named]

    @cached_property
    def _program(self) -> Program:
        trees = [each.expression.tree for each in self.parts]
        return Program(trees, [each.name for each in self.parts])

    def run(self, scope: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values by name. Raises ``ScenarioError`` with the place of a mistake."""
        if not self.parts:
            return {}
        try:
            values = self._program.run(scope)
        except MemoryError:
            raise
        except Exception as error:
            raise self._explained(scope, error) from None
        return {each.name: value for each, value in zip(self.parts, values, strict=True)}

    def _explained(self, scope: Mapping[str, Any], error: Exception) -> ScenarioError:
        """Compute one after the other, to find the places of mistakes.

        What uses a value that cannot be computed is left out.
        """
        with budget.opened():
            problems = [*self._mistakes(dict(scope))]
        first = self.parts[0]
        anywhere = first.node.explained(failure(error), first.expression.source)
        return ScenarioError(problems or [anywhere])

    def _mistakes(self, found: dict[str, Any]) -> Iterator[Problem]:
        missing = set[str]()
        for each in self.parts:
            if not missing.isdisjoint(each.expression.names):
                missing.add(each.name)
                continue
            try:
                (found[each.name],) = Program([each.expression.tree]).run(found)
            except Exception as error:
                missing.add(each.name)
                reason = failure(error)
                yield each.node.explained(reason, each.expression.source)
                if isinstance(reason, budget.SpentError):
                    return


def in_order_of_use(mistakes: Mistakes, values: Mapping[str, Named]) -> list[Named]:
    """Return values so that each comes after those that it uses; notes circles of them.

    Values of a circle are left out.
    """
    known = dict(values)
    while True:
        graph = {name: sorted(known.keys() & each.expression.names) for name, each in known.items()}
        try:
            return [known[name] for name in TopologicalSorter(graph).static_order()]
        except CycleError as error:
            circle = error.args[1]
        found = f"a circle of values: {' → '.join(circle)[:200]}"
        mistakes.add(known[circle[0]].node, found, "values that do not need each other")
        known = {name: each for name, each in known.items() if name not in circle}


def without_chance(order: Sequence[Named], names: frozenset[str]) -> list[Named]:
    """Return the values that need only ``names`` and each other, and no draw."""
    known, found = set(names), []
    for each in order:
        if each.expression.names <= known and not each.expression.draw:
            known.add(each.name)
            found.append(each)
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a story: when it comes, under which condition, with which code and body.

    ``code`` may have placeholders; ``spelled`` computes it then, and ``codes`` are all event codes
    of the family that it may give.

    A step with ``each`` has an event for each item: ``name`` is what its expressions call that.
    ``item`` is the one of this event, and ``number`` is its place among the items.
    """

    node: Node
    at: Expression
    when: Expression | None
    code: str
    body: str
    codes: Sequence[str] = ()
    spelled: Program | None = None
    each: Expression | None = None
    name: str = ""
    item: Any = None
    number: int = 0

    def code_in(self, scope: Mapping[str, Any]) -> str:
        """Return the event code; raises ``ScenarioError`` for one that the family has not."""
        if self.spelled is None:
            return self.code
        try:
            (found,) = self.spelled.run(scope)
        except MemoryError:
            raise
        except Exception as error:
            raise ScenarioError([self.node.explained(failure(error), self.code)]) from None
        if found not in self.codes:
            near = Nearest(str(found), self.codes)
            mistake = ValueMistakeError(f"the event code {found!r:.80}", "one of `codes`", near)
            raise ScenarioError([self.node.explained(mistake, self.code)])
        return str(found)

    @property
    def names(self) -> dict[str, Any]:
        """What this event adds to the names of the entry: its item, if it has one."""
        return {self.name: self.item} if self.name else {}

    @property
    def key(self) -> str:
        """The place of the event in the story, from which what it draws follows."""
        return f"{self.node.path[-1]}.{self.number}"

    @property
    def tree(self) -> nodes.Expr:
        """The moment, or nothing if the condition does not hold."""
        if self.when is None:
            return self.at.tree
        return nodes.CondExpr(self.when.tree, self.at.tree, nodes.Const(None, lineno=1), lineno=1)

    @property
    def source(self) -> str:
        return self.at.source if self.when is None else f"{self.at.source}, {self.when.source}"


@dataclass(frozen=True)
class Steps:
    """The steps of a story."""

    parts: Sequence[Step]

    @cached_property
    def _program(self) -> Program:
        return Program([each.tree for each in self.parts])

    @cached_property
    def _programs(self) -> list[tuple[Step, Program, Program | None]]:
        """Each step with the program of its moment, and that of its items."""
        return [
            (step, Program([step.tree]), Program([step.each.tree]) if step.each else None)
            for step in self.parts
        ]

    @cached_property
    def loop_names(self) -> Mapping[str, None]:
        """The names of items; in the body of a step without items, they are nothing."""
        return dict.fromkeys(each.name for each in self.parts if each.name)

    def offsets(self, scope: Mapping[str, Any], begin: datetime) -> list[tuple[float, Step]]:
        """Return the steps that happen, with seconds since ``begin``, in order of time."""
        happening = [each for each in self._moments(scope) if each[1] is not None]
        offsets = each_of(partial(_offset, step, moment, begin) for step, moment in happening)
        found = [(offset, step) for offset, (step, _) in zip(offsets, happening, strict=True)]
        return sorted(found, key=lambda each: each[0])

    def _moments(self, scope: Mapping[str, Any]) -> list[tuple[Step, Any]]:
        if not self.loop_names:
            try:
                return [*zip(self.parts, self._program.run(scope), strict=True)]
            except MemoryError:
                raise
            except Exception:
                pass  # each is computed by itself, for the places of the mistakes
        return each_of(
            partial(_moment, each, program, scope)
            for step, program, items in self._programs
            for each in _of_items(step, items, scope)
        )

    def codes(self) -> Iterator[tuple[str, str]]:
        """Yield event code and name of the body of each step, whether it will happen or not.

        They come in the order of the file, so a pair may come more than once.
        """
        return ((code, each.body) for each in self.parts for code in each.codes)


def each_of(calls: Iterable[Callable[[], T]]) -> list[T]:
    """Return what each call returns; raises ``ScenarioError`` with the problems of all calls."""
    made: list[T] = []
    problems: list[Problem] = []
    for call in calls:
        try:
            made.append(call())
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError([*dict.fromkeys(problems)])
    return made


def _of_items(step: Step, items: Program | None, scope: Mapping[str, Any]) -> Iterator[Step]:
    """Yield a step for each of its items; the step itself, if it has none."""
    if items is None or step.each is None:
        yield step
        return
    try:
        found = items_of(step.node, items.run(scope)[0])
    except PlacedError as mistake:
        raise ScenarioError(mistake.problems) from None
    except Exception as error:
        raise ScenarioError([step.node.explained(failure(error), step.each.source)]) from None
    for number, item in enumerate(found):
        yield replace(step, item=item, number=number)


def _moment(step: Step, program: Program, scope: Mapping[str, Any]) -> tuple[Step, Any]:
    try:
        return step, program.run({**scope, **step.names})[0]
    except Exception as error:
        raise ScenarioError([step.node.explained(failure(error), step.source)]) from None


def _offset(step: Step, moment: Any, begin: datetime) -> float:
    if type(moment) is not datetime:
        mistake = ValueMistakeError(kind_of(moment), "a moment, as in begin + lasts")
    else:
        seconds = (moment - begin).total_seconds()
        if 0 <= seconds <= CENTURY:
            return seconds
        found = "a moment before the entry begins" if seconds < 0 else "more than 100 years"
        mistake = ValueMistakeError(found, "a moment from begin on, within 100 years")
    raise ScenarioError([step.node.explained(mistake, step.source)])
