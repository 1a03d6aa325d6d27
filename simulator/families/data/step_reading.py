"""Reads the steps of a family's file: when events come, with which code and body."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .compiler import Compiler
from .computing import Step, Steps
from .mistakes import Mistakes, Node, shown

MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class StepReader:
    """Reads the steps of one file, whose ``members`` these are.

    ``why`` says of names that no moment may use why it cannot.
    """

    mistakes: Mistakes
    compiler: Compiler
    members: Mapping[str, Node]
    why: Mapping[str, str]

    def steps(self, names: frozenset[str], codes: Collection[str]) -> Steps:
        """Return the steps, whose moments may use ``names``; notes codes that have none."""
        story = self.members.get("story")
        nodes = [] if story is None else [*story.elements()]
        steps = [self._step(each, names) for each in nodes[:MOST_STEPS]]
        if story is not None and not 1 <= len(nodes) <= MOST_STEPS:
            found = f"{len(nodes)} steps" if isinstance(story.value, list) else shown(story.value)
            self.mistakes.add(story, found, f"a list of 1 to {MOST_STEPS} steps")
        reached = {each.at("code").value for each in nodes if _has_code(each, codes)}
        is_known = bool(nodes) and all(_has_code(each, codes) for each in nodes)
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
        members = self.mistakes.table(node, "at code body", "when")
        for key, noun in (("code", "codes"), ("body", "bodies")):
            table = self.members.get(noun)
            known = table.value if table is not None and isinstance(table.value, dict) else {}
            if key in members and not _is_key(members[key].value, known):
                self.mistakes.unknown(members[key], key, known, at_key=False)
        at, when = (
            self.compiler.expression(members[key], members[key].value, names, why=self.why)
            if key in members
            else None
            for key in ("at", "when")
        )
        if at is None or len(members.keys() & {"code", "body"}) < 2:
            return None
        return Step(node, at, when, str(members["code"].value), str(members["body"].value))


def _is_table(node: Node) -> bool:
    return isinstance(node.value, dict)


def _has_code(node: Node, codes: Collection[str]) -> bool:
    """Tell whether a step names a code of the file, whatever else is wrong with it."""
    return isinstance(node.value, dict) and node.value.get("code") in [*codes]


def _is_key(value: Any, known: Mapping[str, Any]) -> bool:
    return isinstance(value, str) and value in known
