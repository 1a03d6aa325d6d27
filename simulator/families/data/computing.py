"""Named values of an entry: what it draws and computes, and when its steps happen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from jinja2 import nodes

from ...errors import ScenarioError
from . import budget
from .environment import Program, failure
from .expressions import Expression
from .mistakes import Mistakes, Node
from .values import ValueMistakeError, kind_of

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
        """Compute one after the other, to find the place of a mistake."""
        found, at, reason = dict(scope), self.parts[0], failure(error)
        with budget.opened():
            for each in self.parts:
                try:
                    (found[each.name],) = Program([each.expression.tree]).run(found)
                except Exception as single:
                    at, reason = each, failure(single)
                    break
        return ScenarioError([at.node.explained(reason, at.expression.source)])


def in_order_of_use(mistakes: Mistakes, values: Mapping[str, Named]) -> list[Named]:
    """Return values so that each comes after those that it uses; notes a circle of them."""
    graph = {name: values.keys() & each.expression.names for name, each in values.items()}
    try:
        order = list(
            TopologicalSorter({name: sorted(graph[name]) for name in graph}).static_order()
        )
    except CycleError as error:
        circle = error.args[1]
        found = f"a circle of values: {' → '.join(circle)[:200]}"
        mistakes.add(values[circle[0]].node, found, "values that do not need each other")
        return []
    return [values[name] for name in order]


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
    """One event of a story: when it comes, under which condition, with which code and body."""

    node: Node
    at: Expression
    when: Expression | None
    code: str
    body: str

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

    def offsets(self, scope: Mapping[str, Any], begin: datetime) -> list[tuple[float, Step]]:
        """Return the steps that happen, with seconds since ``begin``, in order of time."""
        try:
            moments = self._program.run(scope)
        except MemoryError:
            raise
        except Exception:
            moments = [_moment(each, scope) for each in self.parts]
        found = [
            (_offset(step, moment, begin), step)
            for step, moment in zip(self.parts, moments, strict=True)
            if moment is not None
        ]
        return sorted(found, key=lambda each: each[0])

    def codes(self) -> Iterator[tuple[str, str]]:
        """Yield the code and the body of each step."""
        return ((each.code, each.body) for each in self.parts)


def _moment(step: Step, scope: Mapping[str, Any]) -> Any:
    try:
        return Program([step.tree]).run(scope)[0]
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
