"""The fields of captured content: paths and the types that their values have."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ..families.fields import paths as field_paths
from ..families.fields.paths import Steps
from ..families.fields.types import type_of
from .content_template import HEX

MOST_FIELDS = 500
"""The most fields of a table that is made from a capture."""

MEANS = "Not described yet."
"""What a field means, until a reader of the capture says it."""


@dataclass(slots=True)
class _Found:
    """What was seen at one path: types, and how often the value and the object around it came."""

    types: dict[str, None] = field(default_factory=dict)
    count: int = 0


def fields_of(content: Any) -> dict[str, dict[str, Any]]:
    """Return the fields of content as a family's file has them: path → entry.

    A member that some elements of a list lack is optional. Members with a path that is too long
    are left out, and those after the first ``MOST_FIELDS``.
    """
    found: dict[Steps, _Found] = {}
    objects: Counter[Steps] = Counter()
    waiting: list[tuple[Steps, Any]] = [((), content)]
    while waiting:
        steps, value = waiting.pop()
        if len(found) > MOST_FIELDS and steps not in found:
            continue
        known = found.setdefault(steps, _Found())
        known.types.setdefault(_type(value))
        known.count += 1
        objects[steps] += isinstance(value, dict)
        waiting += reversed(_inner(steps, value))
    return {
        field_paths.spell(steps): _entry(seen, objects[steps[:-1]])
        for steps, seen in found.items()
        if steps
    }


def _inner(steps: Steps, value: Any) -> list[tuple[Steps, Any]]:
    if isinstance(value, list):
        return [((*steps, None), each) for each in value]
    members = value.items() if isinstance(value, dict) else ()
    inner = (((*steps, key), each) for key, each in members)
    return [each for each in inner if len(field_paths.spell(each[0])) <= field_paths.LONGEST]


def _type(value: Any) -> str:
    return "hex" if isinstance(value, str) and HEX.fullmatch(value) else type_of(value)


def _entry(seen: _Found, objects: int) -> dict[str, Any]:
    types = [*seen.types]
    entry: dict[str, Any] = {"type": types[0] if len(types) == 1 else types, "means": MEANS}
    entry |= {"source": "capture", "grade": "B"}
    return entry | ({"optional": True} if seen.count < objects else {})
