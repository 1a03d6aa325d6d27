"""The line that says what one received event is about; it never fails, whatever came."""

from __future__ import annotations

from typing import Any

from ...core.printable import printable
from . import budget
from .compiler import Compiler
from .environment import LENIENT, LONGEST_LINE, Program, parts_of
from .mistakes import Node, shown
from .texts import pieces_of, text_tree

MOST_PARTS = 500
"""The most parts of the expressions of a line: each may compare large content."""

MOST_CHARACTERS = 200_000
"""The most characters that are computed for one line."""


class Line:
    """A compiled line, in which missing members are nothing."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def text(self, content: Any) -> str:
        """Return what the content of an event says: a line to print, which may be empty.

        ``content`` is any JSON value. The line has at most ``LONGEST_LINE`` printable characters,
        and no space at its ends. It is empty if it cannot be computed, or only with more than
        ``MOST_CHARACTERS``; nothing is raised but ``MemoryError``.
        """
        try:
            with budget.opened(budget.Budget(0, MOST_CHARACTERS, MOST_PARTS)):
                (found,) = self._program.run({"event": content})
            return _cut(printable(_cut(str(found).strip())))
        except MemoryError:
            raise
        except Exception:
            return ""


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 1]}…"


def read_line(compiler: Compiler, node: Node | None) -> Line | None:
    """Return the line of a family; notes mistakes. None stands for no line."""
    if node is None:
        return None
    if not isinstance(node.value, str):
        compiler.add(node, shown(node.value), "text with {{ }}")
        return None
    tree = text_tree(compiler, node, pieces_of(compiler, node, node.value), frozenset({"event"}))
    if tree is None:
        return None
    if (parts := parts_of(tree)) > MOST_PARTS:
        compiler.add(node, f"a line of {parts:,} parts of expressions", f"at most {MOST_PARTS}")
        return None
    return Line(Program([tree], environment=LENIENT))
