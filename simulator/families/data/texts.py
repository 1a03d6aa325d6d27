"""Text with placeholders as one expression: that of the only placeholder, or all pieces joined."""

from __future__ import annotations

from jinja2 import nodes

from .compiler import Compiler
from .environment import JOIN
from .expressions import as_filter
from .mistakes import Node
from .placeholders import pieces
from .values import ValueMistakeError


def pieces_of(compiler: Compiler, node: Node, text: str) -> list[str]:
    """Return text and expressions by turns; a placeholder that is not closed is noted as text."""
    try:
        return pieces(text)
    except ValueMistakeError as mistake:
        compiler.add(node, mistake.found, mistake.expected)
        return [text]


def text_tree(
    compiler: Compiler, node: Node, found: list[str], names: frozenset[str] | None
) -> nodes.Expr | None:
    """Return the expression that joins pieces of text; None if one of them is wrong.

    Its expressions may use ``names``; None means any.
    """
    made = [compiler.expression(node, each, names) for each in found[1::2]]
    if None in made:
        return None
    trees = [each.tree for each in made if each is not None]
    parts: list[nodes.Expr] = []
    for index, text in enumerate(found):
        if index % 2:
            parts.append(trees[index // 2])
        elif text:
            parts.append(nodes.Const(text, lineno=1))
    return as_filter(JOIN, parts or [nodes.Const("", lineno=1)])
