"""Named values of an entry: what it draws and computes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeVar

from ...errors import Problem, ScenarioError
from . import budget
from .environment import Program, failure
from .expressions import Expression
from .mistakes import Mistakes, Node

T = TypeVar("T")


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
