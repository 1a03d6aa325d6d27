"""Tables of a family's file: constant lists and mappings, and the functions that look into them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from . import budget
from .mistakes import Mistakes, Node, is_name, shown
from .values import Function, ValueMistakeError, kind_of, member


def read_tables(mistakes: Mistakes, node: Node | None) -> dict[str, Any]:
    """Return the tables at a node by name; notes what is neither a list nor a mapping."""
    return dict(_read(mistakes, node))


def _read(mistakes: Mistakes, node: Node | None) -> Iterator[tuple[str, Any]]:
    for name, each in mistakes.entries(node, "table").items():
        if not isinstance(each.value, dict | list):
            mistakes.add(each, shown(each.value), "a list or a mapping")
        elif is_name(name):
            yield name, each.value


def _of(table: Any, key: Any) -> Any:
    if type(key) not in (str, int):
        raise ValueMistakeError(kind_of(key), "the name of a member, or the number of an element")
    return member(table, key)


def _has(values: Any, value: Any) -> bool:
    """Tell whether a list holds a value, or each value of another list."""
    if not isinstance(values, list):
        raise ValueMistakeError(kind_of(values), "a list")
    wanted = value if isinstance(value, list) else [value]
    for each in wanted:
        if isinstance(each, dict | list):
            raise ValueMistakeError(kind_of(each), "text or a number")
    budget.spend(operations=len(values) * len(wanted))
    return all(each in values for each in wanted)


TABLE_FUNCTIONS: Mapping[str, Function] = {"of": Function(_of, 2, 2), "has": Function(_has, 2, 2)}
"""Functions of tables by name."""
