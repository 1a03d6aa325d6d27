"""The line that says what one received event is about; it never fails, whatever came."""

from __future__ import annotations

from typing import Any

from jinja2 import nodes

from ...core.printable import printable
from .compiler import Compiler
from .environment import JOIN, LENIENT, LONGEST_LINE, Program
from .expressions import as_filter
from .mistakes import Node, shown
from .placeholders import pieces
from .values import ValueMistakeError


class Line:
    """A compiled line, in which missing members are nothing."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def text(self, content: Any) -> str:
        """Return at most ``LONGEST_LINE`` printable characters, without space at both ends.

        There are none if they cannot be computed.
        """
        try:
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
    try:
        found = pieces(node.value)
    except ValueMistakeError as mistake:
        compiler.add(node, mistake.found, mistake.expected)
        return None
    trees: list[nodes.Expr] = []
    for index, piece in enumerate(found):
        if index % 2:
            made = compiler.expression(node, piece, frozenset({"event"}))
            trees += [] if made is None else [made.tree]
        else:
            trees.append(nodes.Const(piece, lineno=1))
    return Line(Program([as_filter(JOIN, trees)], environment=LENIENT))
