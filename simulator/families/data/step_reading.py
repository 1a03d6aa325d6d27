"""Reads the steps of a family's file: when events come, with which code and body."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from .compiler import Compiler
from .environment import Program
from .expressions import Expression
from .mistakes import Mistakes, Node, is_name, shown
from .placeholders import pieces
from .steps import Step, Steps
from .texts import pieces_of, text_tree
from .values import ValueMistakeError

MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class StepReader:
    """Reads the steps of one file, whose ``members`` these are.

    ``why`` says of names that no moment may use why it cannot; ``entries`` are the settings that
    name other entries, which no moment may use either.
    """

    mistakes: Mistakes
    compiler: Compiler
    members: Mapping[str, Node]
    why: Mapping[str, str]
    entries: Collection[str] = ()

    def steps(self, names: frozenset[str], codes: Collection[str]) -> Steps:
        """Return the steps, whose moments may use ``names``; notes codes that have none."""
        story = self.members.get("story")
        nodes = [] if story is None else [*story.elements()]
        steps = [self._step(each, names) for each in nodes[:MOST_STEPS]]
        if story is not None and not 1 <= len(nodes) <= MOST_STEPS:
            found = f"{len(nodes)} steps" if isinstance(story.value, list) else shown(story.value)
            self.mistakes.add(story, found, f"a list of 1 to {MOST_STEPS} steps")
        told = [_codes_of(each, codes) for each in nodes]
        reached, is_known = {*chain.from_iterable(told)}, bool(told) and all(told)
        for code in codes:
            if is_known and code not in reached:
                place = self.members["codes"].at(code)
                self.mistakes.add(place, "a code without a step", "a step with it", at_key=True)
        if story is not None:
            self._check_bodies([each.value.get("body") for each in nodes if _is_table(each)])
        return Steps([each for each in steps if each is not None])

    def _check_bodies(self, told: Sequence[Any]) -> None:
        """Note bodies that no step names; none if a step names an unknown one."""
        bodies = self.members.get("bodies")
        known = {} if bodies is None else dict(bodies.members())
        for name, body in known.items():
            if name not in told and all(_is_key(each, known) for each in told):
                self.mistakes.add(body, "a body without a step", "a step with it", at_key=True)

    def _step(self, node: Node, names: frozenset[str]) -> Step | None:
        members = self.mistakes.table(node, "at code body", "when each as")
        each, name = self._loop(members, names)
        names |= {name} if name else frozenset()
        codes = _codes_of(node, self._known("codes"))
        for key, noun in (("code", "codes"), ("body", "bodies")):
            if key not in members:
                continue
            is_found = codes if key == "code" else _is_key(members[key].value, self._known(noun))
            if not is_found:
                self.mistakes.unknown(members[key], key, self._known(noun), at_key=False)
        at, when = (
            self.compiler.expression(members[key], members[key].value, names, why=self.why)
            if key in members
            else None
            for key in ("at", "when")
        )
        if at is None or len(members.keys() & {"code", "body"}) < 2:
            return None
        code, body = (str(members[key].value) for key in ("code", "body"))
        spelled = self._spelled(members["code"], names)
        return Step(node, at, when, code, body, codes, spelled, each, name if each else "")

    def _known(self, noun: str) -> Mapping[str, Any]:
        """Return the members of ``codes`` or ``bodies`` of the file."""
        table = self.members.get(noun)
        return table.value if table is not None and isinstance(table.value, dict) else {}

    def _spelled(self, node: Node, names: frozenset[str]) -> Program | None:
        """Return what computes an event code; None for one without placeholders."""
        if not isinstance(node.value, str) or "{{" not in node.value:
            return None
        pieces = pieces_of(self.compiler, node, node.value)
        tree = text_tree(self.compiler, node, pieces, names)
        return None if tree is None else Program([tree])

    def _loop(
        self, members: Mapping[str, Node], names: frozenset[str]
    ) -> tuple[Expression | None, str]:
        """Return the items of a step and the name of one, if it has any."""
        for key, other in (("each", "as"), ("as", "each")):
            if key in members and other not in members:
                self.mistakes.add(members[key], key, f"it with {other}", at_key=True)
        if not members.keys() >= {"each", "as"}:
            return None, ""
        items = members["each"]
        return (
            self.compiler.expression(items, items.value, names, why=self.why),
            self._name(members["as"], names),
        )

    def _name(self, node: Node, names: frozenset[str]) -> str:
        name = self.mistakes.text(node)
        if name and (not is_name(name) or name in {*names, *self.why, *self.entries}):
            self.mistakes.add(node, shown(name), "a name of letters and digits that is not used")
        return name


def _is_table(node: Node) -> bool:
    return isinstance(node.value, dict)


def _codes_of(node: Node, codes: Collection[str]) -> tuple[str, ...]:
    """Return the codes of the file that a step may give, whatever else is wrong with it."""
    said = node.value.get("code") if isinstance(node.value, dict) else None
    if not isinstance(said, str):
        return ()
    if "{{" not in said:
        return (said,) if said in codes else ()
    try:
        literal = pieces(said)[::2]
    except ValueMistakeError:
        return ()
    return tuple(each for each in codes if _may_be(each, literal))


def _may_be(code: str, literal: Sequence[str]) -> bool:
    """Tell whether an event code has these texts in order, with any text between two of them.

    The first is its beginning, and the last its end. Each other one is looked for from the left
    only, so many placeholders take no longer than their texts.
    """
    first, *inner, last = literal
    begin, end = len(first), len(code) - len(last)
    if begin > end or not (code.startswith(first) and code.endswith(last)):
        return False
    for each in inner:
        found = code.find(each, begin, end)
        if found < 0:
            return False
        begin = found + len(each)
    return True


def _is_key(value: Any, known: Mapping[str, Any]) -> bool:
    return isinstance(value, str) and value in known
