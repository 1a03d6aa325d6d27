"""The steps of a story: when events come, for which items, with which code and body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from jinja2 import nodes

from ...errors import Nearest, Problem, ScenarioError
from . import budget
from .computing import each_of
from .environment import Program, failure
from .expressions import Expression
from .mistakes import Node
from .rendering import PlacedError, items_of
from .values import ValueMistakeError, kind_of

CENTURY = 36_525 * 86_400.0
"""The latest moment of a step, in seconds after the entry begins."""

MOST_EVENTS = 5_000
"""The most events of an entry whose steps have items."""

_ITEM = 100
"""What an event of an item counts: as much as so many parts of expressions."""


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
            raise ScenarioError([self._explained_code(failure(error))]) from None
        if found not in self.codes:
            near = Nearest(str(found), self.codes)
            mistake = ValueMistakeError(f"the event code {found!r:.80}", "one of `codes`", near)
            raise ScenarioError([self._explained_code(mistake)])
        return str(found)

    def _explained_code(self, mistake: ValueMistakeError) -> Problem:
        return self.node.at("code").explained(mistake, self.code)

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
        events = self._events(scope)
        return each_of(partial(_moment, each, program, scope) for each, program in events)

    def _events(self, scope: Mapping[str, Any]) -> Iterator[tuple[Step, Program]]:
        """Yield each step, or one for each of its items, with the program of its moment."""
        count = 0
        for step, program, items in self._programs:
            found = [*_of_items(step, items, scope)]
            count += len(found)
            if count > MOST_EVENTS:
                said = f"more than {MOST_EVENTS:,} events of an entry"
                raise ScenarioError([step.node.problem(said, "fewer items of steps")])
            yield from ((each, program) for each in found)

    def codes(self) -> Iterator[tuple[str, str]]:
        """Yield event code and name of the body of each step, whether it will happen or not.

        They come in the order of the file, so a pair may come more than once.
        """
        return ((code, each.body) for each in self.parts for code in each.codes)


def _of_items(step: Step, items: Program | None, scope: Mapping[str, Any]) -> Iterator[Step]:
    """Yield a step for each of its items; the step itself, if it has none."""
    if items is None or step.each is None:
        yield step
        return
    place = step.node.at("each")
    try:
        found = items_of(place, items.run(scope)[0])
        budget.spend(operations=_ITEM * len(found))
    except PlacedError as mistake:
        raise ScenarioError(mistake.problems) from None
    except Exception as error:
        raise ScenarioError([place.explained(failure(error), step.each.source)]) from None
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
