"""Makes ``value``: the members that a subscription asks for, of a record and a schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from ..fields import paths
from .order_records import Record
from .schemas import EVERYTHING, ORIGINAL, Schema

Chosen = Mapping[str, Any]
"""Members that are asked for → those in them, or None for all; in the order of the fields."""


@lru_cache(1_000)
def chosen_of(fields: tuple[str, ...]) -> Chosen | None:
    """Return what fields choose, or None for all: a member that is named whole holds all."""
    chosen: dict[str, Any] = {}
    for field in fields:
        if field == EVERYTHING:
            continue
        *around, last = [each for each in paths.parse(field) if each is not None]
        _choose(chosen, around, last)
    if EVERYTHING not in fields:
        return chosen
    return {EVERYTHING: None, **({ORIGINAL: None} if ORIGINAL in chosen else {})}


def _choose(chosen: dict[str, Any], around: Iterable[str], last: str) -> None:
    for name in around:
        inner = chosen.setdefault(name, {})
        if inner is None:
            return
        chosen = inner
    chosen[last] = None


def value_of(schema: Schema, record: Record, chosen: Chosen | None) -> Record:
    """Return the chosen members of a record, as far as the schema has them.

    What the record lacks is null, or an empty list.
    """
    return {
        name: _member(schema[name], record.get(name), inner)
        for name, inner in _names(schema, chosen)
    }


def _names(schema: Schema, chosen: Chosen | None) -> list[tuple[str, Any]]:
    """Return the members that are sent, each with what is chosen in it."""
    if chosen is None or EVERYTHING in chosen:
        has_old = chosen is not None and ORIGINAL in chosen
        return [(name, None) for name in schema if name != ORIGINAL or has_old]
    return [(name, inner) for name, inner in chosen.items() if name in schema]


def _member(type_: Any, found: Any, chosen: Chosen | None) -> Any:
    if isinstance(type_, dict) and isinstance(found, dict):
        return value_of(type_, found, chosen)
    if isinstance(type_, list) and type_ and isinstance(found, list):
        return [value_of(type_[0], each, chosen) for each in found]
    return _absent(type_) if found is None else found


def _absent(type_: Any) -> Any:
    is_list = isinstance(type_, list) or (isinstance(type_, str) and type_.endswith("[]"))
    return [] if is_list or type_ == "array" else None
