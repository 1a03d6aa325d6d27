"""Changes to JSON values that leave the value itself as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]

_ETAG = re.compile(r'".*-[0-9a-f]{8}0000"')

EACH = "*"
"""In a path: every element of the list."""

PARTS = ("metrics",), ("activities", EACH)
"""Where a run entity keeps its summaries: for the run, and for each of its activities."""


def edited(value: Any, path: tuple[str, ...], change: Callable[[Any], Any]) -> Any:
    """Return a value with what stands at a path changed.

    What is missing on the way is made, as an empty object; where something else than an
    object or a list stands in the way, nothing is changed.
    """
    if not path:
        return change(value)
    step, rest = path[0], path[1:]
    if step == EACH:
        return [edited(each, rest, change) for each in value] if isinstance(value, list) else value
    if not isinstance(value, dict):
        return value
    return {**value, step: edited(value.get(step, {}), rest, change)}


def with_value(value: Any, path: tuple[str, ...], new: Any) -> Any:
    """Return a value with ``new`` at a path."""
    return edited(value, path, lambda _: new)


def with_members(value: Any, path: tuple[str, ...], **members: Any) -> Any:
    """Return a value in which the object at a path has these members too."""
    return edited(value, path, lambda old: {**as_object(old), **members})


def without(value: Any, path: tuple[str, ...], *names: str) -> Any:
    """Return a value in which the object at a path lacks some members."""
    return edited(
        value, path, lambda old: {key: old[key] for key in as_object(old) if key not in names}
    )


def written_at(entity: Any, moment_ms: Any) -> Json:
    """Return a run entity that was last written at a moment (flow-run-payloads.md 7.2).

    Of a moment that is no number of milliseconds only ``updatedAt`` is changed.
    """
    written: Json = {**as_object(entity), "updatedAt": moment_ms}
    tag = written.get("etag")
    if type(moment_ms) is int and isinstance(tag, str) and _ETAG.fullmatch(tag):
        written["etag"] = f'{tag[:-13]}{moment_ms // 1000:08x}0000"'
    return written


def as_object(value: Any) -> Json:
    """Return the value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def replaced(value: Any, table: Mapping[str, str]) -> Any:
    """Return a value in which every text that is a key of the table is what it maps to."""
    if isinstance(value, dict):
        return {key: replaced(each, table) for key, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, table) for each in value]
    return table.get(value, value) if isinstance(value, str) else value


def counts(value: Any, change: Callable[[int], Any]) -> Any:
    """Return a run entity with every count of rows, bytes and files changed."""

    def changed(summary: Any) -> Any:
        return {
            name: change(each) if type(each) is int else each
            for name, each in as_object(summary).items()
        }

    for part in PARTS:
        for name in COUNTED:
            value = edited(value, (*part, name), changed)
    return value


COUNTED = ("sizeSummary", "recordSummary", "fileSummary")
"""The summaries that hold counts."""
