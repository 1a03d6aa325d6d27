"""Functions of lists: the beginning of one, and what two of them have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import budget
from .values import Function, ValueMistakeError, kind_of


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueMistakeError(kind_of(value), "a list")
    budget.spend(operations=len(value))
    return value


def _first(value: Any, number: Any) -> list[Any]:
    if type(number) is not int or number < 0:
        raise ValueMistakeError(f"the first {number!r:.40} items", "a whole number of at least 0")
    return _list(value)[:number]


def _until(value: Any, last: Any) -> list[Any]:
    """Return the items up to the first one that is ``last``, or all if none is."""
    items = _list(value)
    return items[: items.index(last) + 1] if last in items else items


def _common(value: Any, other: Any) -> list[Any]:
    items, others = _list(value), _list(other)
    budget.spend(operations=len(items) * len(others))
    return [each for each in items if each in others]


LIST_FUNCTIONS: Mapping[str, Function] = {
    "first": Function(_first, 2, 2),
    "until": Function(_until, 2, 2),
    "common": Function(_common, 2, 2),
}
"""Functions of lists by name."""
