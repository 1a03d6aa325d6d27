"""How much is written in one body: values, characters and levels."""

from __future__ import annotations

from .compiler import Compiler
from .mistakes import Node
from .rendering import MOST_CHARACTERS, MOST_VALUES, Block

DEEPEST = 100
"""The most levels of a body."""


class BodySize:
    """Counts what is written in a body while it is compiled."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._values = 0
        self._characters = 0

    def count(self, node: Node, block: Block, depth: int, characters: int = 0) -> None:
        """Count a value, or some characters of one; ends the compiling if there are too many."""
        if not characters:
            self._values += 1
            self._compiler.count_value(node)
        self._characters += characters
        block.size += not characters
        block.characters += characters
        if self._values > MOST_VALUES or self._characters > MOST_CHARACTERS:
            found = f"a body of more than {MOST_VALUES:,} values or {MOST_CHARACTERS:,} characters"
            self._compiler.end(node, found, "a smaller one")
        if depth > DEEPEST:
            self._compiler.end(node, f"a body of more than {DEEPEST} levels", "less nesting")
