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

_QUOTED = "quotes around it, since a comma ends a value in { } of YAML"
"""What an expression needs of which YAML has taken a part away."""

_DURATION = re.compile(r"(?<![\w.])[0-9]+(?:\.[0-9]+)?(?:ms|[smhd])[0-9a-z.]*(?!\w)")

_TEXT = re.compile(r"'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\"", re.DOTALL)
_STEPS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
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
            raise ValueMistakeError(f"{_quoted(source)}: {found}", _wanted(source))
    except RecursionError:
        raise too_deep() from None
    except (TemplateError, ValueError, OverflowError) as error:
        reason = str(getattr(error, "message", "") or error).rstrip(".")
        if is_open(source):
            reason = "a bracket that is not closed"
        raise ValueMistakeError(f"{_quoted(source)}: {reason[:200]}", _wanted(source)) from None
    tree.set_environment(ENVIRONMENT)
    return tree


def _wanted(source: str) -> str:
    """Return what to write instead of an expression that cannot be parsed."""
    if is_open(source):
        return f"{_QUOTED}, or the missing bracket"
    if found := _DURATION.search(_TEXT.sub("''", source)):
        return f"a duration as in seconds_of('{found[0]}')"
    return WANTED


def is_open(source: str) -> bool:
    """Tell whether a bracket of an expression is not closed."""
    return sum(_STEPS.get(found[0], 0) for found in _BRACKETS.finditer(source)) > 0


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
        depth += _STEPS.get(found[0], 0)
        deepest = max(deepest, depth)
    return deepest
