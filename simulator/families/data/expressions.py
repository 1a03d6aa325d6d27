"""Expressions in a family's file: parsed with Jinja, and refused if they hold what is not allowed.

A parsed expression is a tree that can only compute: names, constants, members, operators, and our
filters and functions. Each function has become a filter of the environment, so nothing is called
that an expression could name otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import nodes

from ...errors import Nearest
from .draws import DRAWS, STORY
from .environment import JOIN, SINGLE, called
from .functions import FILTERS, FUNCTIONS
from .syntax import DEEPEST, WANTED, too_deep, tree_of
from .values import LARGEST, Function, ValueMistakeError

LONGEST = 1_000
MOST_NODES = 200

_OPERATORS = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod)
_REFUSED: Mapping[type[nodes.Node], str] = {
    nodes.Pow: "a power (**)",
    nodes.Test: "a test (is)",
    nodes.Dict: "a mapping in { }",
    nodes.List: "a list",
    nodes.Tuple: "a list with commas",
    nodes.Slice: "a slice",
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression: its text, its tree, the names that it uses, its draw function.

    ``draw`` is the draw function or function of the story that it calls, if there is one;
    ``is_call`` tells whether the expression is this call and nothing else. ``mistakes`` are those
    of filters and functions; if there are any, the tree cannot be computed.
    """

    source: str
    tree: nodes.Expr
    names: frozenset[str]
    draw: str = ""
    is_call: bool = False
    mistakes: tuple[ValueMistakeError, ...] = ()


@lru_cache(maxsize=10_000)
def parsed(source: str, place: str = "body", name: str = "") -> Expression:
    """Return a checked expression; raises ``ValueMistakeError``.

    ``place`` is ``body``, ``values`` or ``draws``: where it stands decides which functions it may
    call. ``name`` is that of the draw.
    """
    if len(source) > LONGEST:
        raise ValueMistakeError(
            f"an expression of {len(source):,} characters", f"at most {LONGEST:,}"
        )
    if source.lstrip().startswith("{{"):
        raise ValueMistakeError(f"{source[:60]!r}", "the expression alone, without {{ }}")
    functions = {**FUNCTIONS, **(STORY if place != "body" else {}), **_draws(place)}
    checker = _Checker(functions, name)
    tree = tree_of(source)
    made = checker.checked(tree, 0)
    draw = next(iter(checker.draws), "")
    if place == "draws" and not draw and not checker.mistakes:
        wanted = ", ".join([*DRAWS, *STORY])
        raise ValueMistakeError(f"{source[:60]!r} without a draw", f"one of {wanted}; or `values`")
    is_call = isinstance(tree, nodes.Call) and bool(draw)
    mistakes = tuple(checker.mistakes)
    return Expression(source, made, frozenset(checker.names), draw, is_call, mistakes)


def _draws(place: str) -> Mapping[str, Function]:
    return DRAWS if place == "draws" else {}


class _Checker:
    """Goes through a tree once: counts, refuses what is not allowed, and returns a new tree."""

    def __init__(self, functions: Mapping[str, Function], name: str) -> None:
        self.names: set[str] = set()
        self.draws: list[str] = []
        self.mistakes: list[ValueMistakeError] = []
        self._functions = functions
        self._name = name
        self._count = 0

    def checked(self, node: nodes.Node, depth: int) -> nodes.Expr:
        """Return a node without anything that is not allowed."""
        self._count += 1
        if self._count > MOST_NODES:
            raise ValueMistakeError(
                f"an expression of more than {MOST_NODES} parts", "a value of its own in `values`"
            )
        if depth > DEEPEST:
            raise too_deep()
        check = _CHECKS.get(type(node))
        if check is None:
            kind = _REFUSED.get(type(node), type(node).__name__.lower())
            raise ValueMistakeError(f"{kind} in an expression", WANTED)
        return check(self, node, depth + 1)

    def all(self, found: Iterator[nodes.Node] | list[Any], depth: int) -> list[Any]:
        return [self.checked(each, depth) for each in found]

    def name(self, node: Any, _depth: int) -> nodes.Expr:
        self.names.add(node.name)
        return nodes.Name(node.name, "load", lineno=1)

    def constant(self, node: Any, _depth: int) -> nodes.Expr:
        value = node.value
        if type(value) in (int, float) and not -LARGEST <= value <= LARGEST:
            raise ValueMistakeError("a number beyond 10^18", "a smaller one")
        if type(value) is str and any("\ud800" <= each <= "\udfff" for each in value):
            raise ValueMistakeError("half of a surrogate pair", "whole characters")
        return nodes.Const(value, lineno=1)

    def attribute(self, node: Any, depth: int) -> nodes.Expr:
        return nodes.Getattr(self.checked(node.node, depth), node.attr, "load", lineno=1)

    def item(self, node: Any, depth: int) -> nodes.Expr:
        if not isinstance(node.arg, nodes.Const) or type(node.arg.value) not in (str, int):
            raise ValueMistakeError("a member whose name is computed", "a name, as in a['b']")
        argument = self.checked(node.arg, depth)
        return nodes.Getitem(self.checked(node.node, depth), argument, "load", lineno=1)

    def compare(self, node: Any, depth: int) -> nodes.Expr:
        operands = [self.operand(each, depth) for each in node.ops]
        first = self.checked(node.expr, depth)
        compared = [first, *(part for each in operands for part in _compared(each))]
        if sum(not isinstance(each, nodes.Const) for each in compared) > 1:
            first = _singles(first)
            operands = [nodes.Operand(each.op, _singles(each.expr), lineno=1) for each in operands]
        return nodes.Compare(first, operands, lineno=1)

    def operand(self, node: nodes.Operand, depth: int) -> nodes.Operand:
        if node.op in ("in", "notin"):
            if not isinstance(node.expr, nodes.List | nodes.Tuple):
                raise ValueMistakeError("in without a list", "a list, as in a in ['b', 'c']")
            listed = nodes.List(self.all(node.expr.items, depth), lineno=1)
            return nodes.Operand(node.op, listed, lineno=1)
        return nodes.Operand(node.op, self.checked(node.expr, depth), lineno=1)

    def binary(self, node: Any, depth: int) -> nodes.Expr:
        kind: Callable[..., nodes.Expr] = type(node)
        return kind(self.checked(node.left, depth), self.checked(node.right, depth), lineno=1)

    def unary(self, node: Any, depth: int) -> nodes.Expr:
        kind: Callable[..., nodes.Expr] = type(node)
        return kind(self.checked(node.node, depth), lineno=1)

    def concat(self, node: Any, depth: int) -> nodes.Expr:
        return as_filter(JOIN, self.all(node.nodes, depth))

    def condition(self, node: Any, depth: int) -> nodes.Expr:
        if node.expr2 is None:
            raise ValueMistakeError("if without else", "both, as in a if b else c")
        parts = self.all([node.test, node.expr1, node.expr2], depth)
        return nodes.CondExpr(*parts, lineno=1)

    def filter(self, node: Any, depth: int) -> nodes.Expr:
        stated = self.all([node.node, *self.arguments(node)], depth)
        is_known = self.known(node.name, FILTERS, "filter", len(stated))
        return as_filter(node.name, stated) if is_known else _NOTHING

    def call(self, node: Any, depth: int) -> nodes.Expr:
        if not isinstance(node.node, nodes.Name):
            raise ValueMistakeError("a call of a member", "a function, as in minutes(lasts)")
        name = node.node.name
        stated = self.all(self.arguments(node), depth)
        if not self.known(name, self._functions, "function", len(stated)):
            return _NOTHING
        if name not in DRAWS and name not in STORY:
            return as_filter(called(name), stated)
        if name in DRAWS and self.draws:
            raise ValueMistakeError("two draws in one", "one draw function, and `values` for more")
        self.draws.append(name)
        return as_filter(called(name), [nodes.Const(self._name, lineno=1), *stated])

    def arguments(self, node: Any) -> list[nodes.Expr]:
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise ValueMistakeError("arguments with names or stars", "values between commas")
        found: list[nodes.Expr] = node.args
        return found

    def known(self, name: str, table: Mapping[str, Function], noun: str, count: int) -> bool:
        """Tell whether a function takes so many values; notes if not, and if there is none."""
        if name not in table:
            found, wanted = f"unknown {noun} {name[:60]!r}", f"one of {', '.join(table)}"
            self.mistakes.append(ValueMistakeError(found, wanted, Nearest(name, table)))
            return False
        least, most = table[name].least, table[name].most
        if not least <= count <= most:
            wanted = f"{least}" if least == most else f"{least} to {most}"
            found = f"{noun} {name} with {count} values"
            self.mistakes.append(ValueMistakeError(found, wanted))
            return False
        return True


_NOTHING = nodes.Const(None, lineno=1)
"""What stands for a call that is wrong; it is never computed."""


def _compared(operand: nodes.Operand) -> list[nodes.Expr]:
    return operand.expr.items if isinstance(operand.expr, nodes.List) else [operand.expr]


def _singles(tree: nodes.Expr) -> nodes.Expr:
    """Return the tree of what is compared: objects would take as long as they are large."""
    if isinstance(tree, nodes.List):
        return nodes.List([_singles(each) for each in tree.items], lineno=1)
    return tree if isinstance(tree, nodes.Const) else as_filter(SINGLE, [tree])


def as_filter(name: str, stated: list[Any]) -> nodes.Expr:
    """Return a call of a filter with these values; there is at least one."""
    return nodes.Filter(stated[0], name, stated[1:], [], None, None, lineno=1)


_CHECKS: Mapping[type[nodes.Node], Callable[[_Checker, Any, int], nodes.Expr]] = {
    nodes.Name: _Checker.name,
    nodes.Const: _Checker.constant,
    nodes.Getattr: _Checker.attribute,
    nodes.Getitem: _Checker.item,
    nodes.Compare: _Checker.compare,
    nodes.And: _Checker.binary,
    nodes.Or: _Checker.binary,
    nodes.Not: _Checker.unary,
    nodes.Neg: _Checker.unary,
    nodes.Pos: _Checker.unary,
    nodes.Concat: _Checker.concat,
    nodes.CondExpr: _Checker.condition,
    nodes.Filter: _Checker.filter,
    nodes.Call: _Checker.call,
    **dict.fromkeys(_OPERATORS, _Checker.binary),
}
