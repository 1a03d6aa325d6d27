"""The sandbox in which expressions of families are computed, and programs of several of them.

Operators are ours and bounded. A member is one of an object or a list; Python's attributes cannot
be reached. There are no globals, tests or filters of Jinja.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, wraps
from typing import Any

from jinja2 import nodes
from jinja2.environment import Template as JinjaTemplate
from jinja2.sandbox import SandboxedEnvironment

from . import budget
from .draws import DRAWS, STORY
from .functions import FILTERS, FUNCTIONS
from .values import ValueMistakeError, arithmetic, joined, kind_of, member, signed, single

JOIN = "~"
"""The filter that joins text."""

SINGLE = "=="
"""The filter of values that are compared."""

_RESULT = "result"


def called(name: str) -> str:
    """Return the name of the filter that stands for a function."""
    return f"{name}()"


def _counted(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter whose text is taken from the budget of the entry."""

    @wraps(call)
    def counted(*values: Any) -> Any:
        made = call(*values)
        if type(made) is str:
            budget.spend_text(made)
        return made

    return counted


class FamilyEnvironment(SandboxedEnvironment):
    """Computes with our operators, members and filters only."""

    intercepted_binops = frozenset(("+", "-", "*", "/", "//", "%", "**"))
    intercepted_unops = frozenset("+-")

    def __init__(self) -> None:
        super().__init__(optimized=False, cache_size=0)
        functions = {called(name): each for name, each in {**FUNCTIONS, **DRAWS, **STORY}.items()}
        calls = {name: each.call for name, each in {**FILTERS, **functions}.items()}
        self.filters = {name: _counted(each) for name, each in {**calls, JOIN: joined}.items()}
        self.filters[SINGLE] = single
        self.tests = {}
        self.globals = {}

    def call_binop(self, _context: Any, operator: str, left: Any, right: Any) -> Any:
        return arithmetic(operator, left, right)

    def call_unop(self, _context: Any, operator: str, arg: Any) -> Any:
        return signed(operator, arg)

    def getattr(self, obj: Any, attribute: str) -> Any:
        return member(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return member(obj, argument)


class LenientEnvironment(FamilyEnvironment):
    """The same for lines about received events: what is missing is nothing, and nothing is empty.

    Text is cut, since only the beginning of a line is shown.
    """

    def __init__(self) -> None:
        super().__init__()
        self.filters |= {JOIN: _shown, SINGLE: _same}

    def getattr(self, obj: Any, attribute: str) -> Any:
        try:
            return member(obj, attribute)
        except ValueMistakeError:
            return None

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self.getattr(obj, argument)


LONGEST_LINE = 200
"""The most characters of a line about an event."""


def _shown(*values: Any) -> str:
    return "".join(_beginning(each) for each in values)


def _same(value: Any) -> Any:
    return value


def _beginning(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value[: LONGEST_LINE + 1]
    if isinstance(value, list | dict):
        return kind_of(value)
    return joined(value)


ENVIRONMENT = FamilyEnvironment()
LENIENT = LenientEnvironment()


class Program:
    """Expressions that are computed at once, in order; compiled when first needed.

    ``names`` are those under which later expressions find the values of earlier ones.
    """

    def __init__(
        self,
        trees: Sequence[nodes.Expr],
        names: Sequence[str] = (),
        environment: FamilyEnvironment = ENVIRONMENT,
    ) -> None:
        self._trees = trees
        self._names = names
        self._environment = environment

    @cached_property
    def _operations(self) -> int:
        """How many parts the expressions have, computed or not."""
        return sum(map(parts_of, self._trees))

    @cached_property
    def _template(self) -> JinjaTemplate:
        body: list[nodes.Node] = []
        results: list[nodes.Expr] = [*self._trees]
        if self._names:
            results = [nodes.Name(name, "load", lineno=1) for name in self._names]
            for name, tree in zip(self._names, self._trees, strict=True):
                body.append(nodes.Assign(nodes.Name(name, "store", lineno=1), tree, lineno=1))
        result = nodes.Name(_RESULT, "store", lineno=1)
        body.append(nodes.Assign(result, nodes.List(results, lineno=1), lineno=1))
        made = nodes.Template(body, lineno=1)
        made.set_environment(self._environment)
        return self._environment.from_string(made)

    def run(self, scope: Mapping[str, Any]) -> list[Any]:
        """Return the value of each expression; names in them are those of ``scope``.

        Raises what an operator or a comparison raises.
        """
        budget.spend(operations=self._operations)
        template = self._template
        context = template.new_context(scope, shared=True)  # type: ignore[arg-type]
        for _ in template.root_render_func(context):
            pass
        found: list[Any] = context.vars[_RESULT]
        return found


def parts_of(tree: nodes.Node) -> int:
    """Return how many parts an expression has."""
    return 1 + sum(map(parts_of, tree.iter_child_nodes()))


def failure(error: Exception) -> ValueMistakeError:
    """Return what is wrong when a computation has raised ``error``."""
    if isinstance(error, ValueMistakeError):
        return error
    if isinstance(error, TypeError):
        return ValueMistakeError(
            "values of different kinds compared", "two numbers, two texts or two moments"
        )
    return ValueMistakeError(f"a value that cannot be computed ({type(error).__name__})", "another")
