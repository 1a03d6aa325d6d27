"""The result that one received event says, by an expression of its family; it never fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jinja2 import nodes

from ...core.printable import brief
from ..base import RESULTS
from . import budget
from .compiler import Compiler
from .environment import LENIENT, Program
from .expressions import Expression
from .line import MOST_CHARACTERS, MOST_PARTS
from .mistakes import Node


class ResultOfEvent:
    """A compiled expression over ``event``, in which missing members are nothing."""

    def __init__(self, expression: Expression) -> None:
        self._program = Program([expression.tree], environment=LENIENT)

    def of(self, content: Any) -> str:
        """Return one of ``RESULTS``, or nothing.

        ``content`` is any JSON value. It is nothing for another value, and for what cannot be
        computed within the bounds of a line; nothing is raised but ``MemoryError``.
        """
        try:
            with budget.opened(budget.Budget(0, MOST_CHARACTERS, MOST_PARTS)):
                (found,) = self._program.run({"event": content})
            return found if isinstance(found, str) and found in RESULTS else ""
        except MemoryError:
            raise
        except Exception:
            return ""


def read_result(compiler: Compiler, node: Node | None) -> ResultOfEvent | None:
    """Return the result of a family; notes mistakes. None stands for no result."""
    if node is None:
        return None
    found = compiler.expression(node, node.value, frozenset({"event"}))
    if found is None:
        return None
    wrong = [each for each in _constants(found.tree) if each not in (*RESULTS, "", None)]
    for each in wrong[:1]:
        expected = f"one of {', '.join(RESULTS)}, or '' for none"
        compiler.add(node, f"the result {brief(repr(each))}", expected)
    return None if wrong else ResultOfEvent(found)


def _constants(tree: nodes.Expr) -> Iterator[Any]:
    """Yield the constants that an expression may return as they are."""
    if isinstance(tree, nodes.Const):
        yield tree.value
    elif isinstance(tree, nodes.CondExpr):
        for each in (tree.expr1, tree.expr2):
            yield from _constants(each) if each is not None else ()
