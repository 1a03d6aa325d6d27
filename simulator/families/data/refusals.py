"""What an entry may not say: conditions under which its settings contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...errors import ScenarioError
from .compiler import Compiler
from .computing import Computation, Named
from .mistakes import Mistakes, Node, shown

MOST_REFUSALS = 100


class RefusedEntryError(ScenarioError):
    """An entry that the family refuses; its sentences are about the settings of the entry."""


@dataclass(frozen=True)
class RefusedSettings:
    """Conditions under which an entry is refused, and for each what to say then.

    ``sentences`` are pairs of what is found and what was expected, in the order of ``conditions``.
    """

    conditions: Computation = field(default_factory=lambda: Computation(()))
    sentences: Sequence[tuple[str, str]] = ()

    def check(self, scope: Mapping[str, Any]) -> None:
        """Raise ``RefusedEntryError`` for conditions that hold.

        Raises ``ScenarioError`` for those that cannot be computed.
        """
        values = self.conditions.run(scope)
        problems = [
            each.node.problem(*sentence)
            for each, sentence in zip(self.conditions.parts, self.sentences, strict=True)
            if values[each.name]
        ]
        if problems:
            raise RefusedEntryError(problems)


def read_refusals(
    mistakes: Mistakes,
    compiler: Compiler,
    node: Node | None,
    names: frozenset[str],
    why: Mapping[str, str],
) -> RefusedSettings:
    """Return the refusals in the list at a node; their conditions may use ``names``.

    ``why`` says of other names why no condition can use them.
    """
    if node is None:
        return RefusedSettings()
    elements = [*node.elements()]
    if not 1 <= len(elements) <= MOST_REFUSALS:
        found = f"{len(elements)} refusals" if isinstance(node.value, list) else shown(node.value)
        mistakes.add(node, found, f"a list of 1 to {MOST_REFUSALS} refusals")
    read = [*_read(mistakes, compiler, elements[:MOST_REFUSALS], names, why)]
    return RefusedSettings(Computation([each for each, _ in read]), [said for _, said in read])


def _read(
    mistakes: Mistakes,
    compiler: Compiler,
    elements: Sequence[Node],
    names: frozenset[str],
    why: Mapping[str, str],
) -> Iterator[tuple[Named, tuple[str, str]]]:
    for number, node in enumerate(elements):
        members = mistakes.table(node, "when found expected")
        said = mistakes.text(members.get("found")), mistakes.text(members.get("expected"))
        when = members.get("when")
        if when is None:
            continue
        made = compiler.expression(when, when.value, names, why=why)
        if made is not None:
            yield Named(f"_{number}", node, made), said
