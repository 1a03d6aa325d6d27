"""Parses the text of an expression with Jinja, and says what is wrong with it."""

from __future__ import annotations

import re

from jinja2 import TemplateError, nodes
from jinja2.parser import Parser

from .environment import ENVIRONMENT
from .values import ValueMistakeError

DEEPEST = 40
"""The most levels of an expression."""

WANTED = "an expression such as begin + lasts"

_BRACKETS = re.compile(r"'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\"|[(\[{]|[)\]}]", re.DOTALL)


def tree_of(source: str) -> nodes.Expr:
    """Return the tree of an expression as Jinja parses it; raises ``ValueMistakeError``."""
    if not source.strip():
        raise ValueMistakeError("an empty expression", WANTED)
    if _bracket_depth(source) > DEEPEST:
        raise too_deep()
    try:
        parser = Parser(ENVIRONMENT, source, state="variable")
        tree = parser.parse_expression()
        if not parser.stream.eos:
            found = f"{str(parser.stream.current.value)[:40]!r} behind an expression"
            raise ValueMistakeError(f"{_quoted(source)}: {found}", WANTED)
    except RecursionError:
        raise too_deep() from None
    except (TemplateError, ValueError, OverflowError) as error:
        reason = str(getattr(error, "message", "") or error).rstrip(".")
        raise ValueMistakeError(f"{_quoted(source)}: {reason[:200]}", WANTED) from None
    tree.set_environment(ENVIRONMENT)
    return tree


def _quoted(source: str) -> str:
    return f"the expression {source[:100]!r}"


def too_deep() -> ValueMistakeError:
    """Return the mistake of an expression with too many levels."""
    return ValueMistakeError(
        f"an expression of more than {DEEPEST} levels", "a value of its own in `values`"
    )


def _bracket_depth(source: str) -> int:
    depth = deepest = 0
    for found in _BRACKETS.finditer(source):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(found[0], 0)
        deepest = max(deepest, depth)
    return deepest
