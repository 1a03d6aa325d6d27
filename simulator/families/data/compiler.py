"""What the bodies and expressions of one file have in common while they are compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...core.printable import listed
from ...errors import Nearest
from .environment import parts_of
from .expressions import Expression, parsed
from .mistakes import Mistakes, Node, is_plain, shown
from .values import ValueMistakeError

MOST_EXPRESSIONS = 5_000
MOST_PARTS = 25_000
"""The most parts of all expressions of a file; compiling takes 7 kB and 50 µs for each."""

MOST_VALUES = 200_000
"""The most values of all bodies of a file, with the parts that they name."""


class CompilingEndError(Exception):
    """A mistake after which the rest of a file is not looked at: it is too large."""


class Compiler:
    """Compiles the bodies of one file, and notes the mistakes in them.

    ``parts`` are those that a body can name; ``used`` collects the names of those that were.
    ``known`` are all names of the file. Some places may use only some of them.
    """

    def __init__(
        self, mistakes: Mistakes, parts: Mapping[str, Node], known: frozenset[str]
    ) -> None:
        self.known = known
        self.used: set[str] = set()
        self.names: set[str] = set()
        self._mistakes = mistakes
        self._parts = parts
        self._expressions = self._parts_of_expressions = self._values = 0
        self._choices: dict[frozenset[str], str] = {}
        self.is_over = False

    def expression(
        self,
        node: Node,
        source: Any,
        names: frozenset[str] | None,
        place: str = "body",
        name: str = "",
        why: Mapping[str, str] | None = None,
    ) -> Expression | None:
        """Return a checked expression; notes what is wrong with it.

        ``why`` says of names that are not among ``names`` why they cannot be used.
        """
        if type(source) in (int, float, bool) and is_plain(source):
            source = str(source)
        if not isinstance(source, str):
            self._mistakes.add(node, shown(source), "an expression")
            return None
        self.count_expression(node)
        try:
            made = parsed(source, place, name)
        except ValueMistakeError as mistake:
            self._mistakes.problems.append(node.explained(mistake))
            return None
        self._count_parts(node, made)
        wrong = [*made.mistakes, *self._wrong_names(made, names, why or {})]
        self._mistakes.problems += map(node.explained, wrong)
        return None if wrong else made

    def _wrong_names(
        self, expression: Expression, names: frozenset[str] | None, why: Mapping[str, str]
    ) -> Iterator[ValueMistakeError]:
        """Yield a mistake for each name in an expression that is none of ``names``."""
        self.names |= expression.names
        if names is None:
            return
        quoted = repr(expression.source[:100])
        for unknown in sorted(expression.names - names):
            if unknown in self.known:
                reason = why.get(unknown, "not known here")
                found = f"the name {unknown} in {quoted}, {reason}"
                yield ValueMistakeError(found, self._choice(names))
            else:
                found, near = f"unknown name {unknown[:60]!r} in {quoted}", Nearest(unknown, names)
                yield ValueMistakeError(found, self._choice(names), near)

    def _choice(self, names: frozenset[str]) -> str:
        if names not in self._choices:
            self._choices[names] = f"one of {listed(sorted(names), 40)}" if names else "no names"
        return self._choices[names]

    def count_expression(self, node: Node) -> None:
        """Count one more expression of the file; with too many, end with a mistake at ``node``."""
        self._expressions += 1
        if self._expressions > MOST_EXPRESSIONS:
            self.end(node, f"more than {MOST_EXPRESSIONS:,} expressions", "fewer, or two families")

    def _count_parts(self, node: Node, made: Expression) -> None:
        self._parts_of_expressions += parts_of(made.tree)
        if self._parts_of_expressions > MOST_PARTS:
            found = f"expressions of more than {MOST_PARTS:,} parts in all"
            self.end(node, found, "shorter ones, or two families")

    def count_value(self, node: Node) -> None:
        """Count a value of a body; notes if all bodies together have too many."""
        self._values += 1
        if self._values > MOST_VALUES:
            found = f"bodies of more than {MOST_VALUES:,} values in all"
            self.end(node, found, "smaller ones, or two families")

    def end(self, node: Node, found: str, expected: str) -> None:
        """Note a mistake that ends the compiling of bodies."""
        if not self.is_over:
            self.is_over = True
            self._mistakes.add(node, found, expected)
        raise CompilingEndError

    def add(self, node: Node, found: str, expected: str, *, at_key: bool = False) -> None:
        self._mistakes.add(node, found, expected, at_key=at_key)

    def part(self, node: Node, open_parts: tuple[str, ...]) -> Node | None:
        """Return the part that a node names; notes an unknown one and a circle."""
        if not isinstance(node.value, str):
            self.add(node, shown(node.value), "the name of a part")
        elif node.value not in self._parts:
            self._mistakes.unknown(node, "part", self._parts, at_key=False)
        elif node.value in open_parts:
            circle = " → ".join([*open_parts[open_parts.index(node.value) :], node.value])
            self.add(node, f"a circle of parts: {circle[:200]}", "parts that end")
        else:
            self.used.add(node.value)
            return self._parts[node.value]
        return None
