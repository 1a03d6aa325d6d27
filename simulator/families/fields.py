"""The fields of a family's events: name, type, unit, meaning, source and grade of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

TYPES = (
    "text",
    "uuid",
    "integer",
    "number",
    "boolean",
    "object",
    "array",
    "epoch_ms",
    "epoch_s",
    "iso_time",
    "hex",
    "numeric_text",
    "null",
    "any",
)
"""Types of fields; ``numeric_text`` is a number written as text."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an event's content.

    ``path`` has dots between members and ``[]`` after a list, as ``activities[].name``; a member
    with a dot in its name is in quotes. ``bodies`` are those that have it; empty means all.
    """

    path: str
    types: tuple[str, ...]
    means: str
    source: str
    grade: str
    unit: str = ""
    bodies: frozenset[str] = frozenset()
    optional: bool = False
    values: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldTable:
    """The fields of a family, and which bodies each event code may have: code → bodies."""

    fields: Sequence[Field] = ()
    bodies: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def of_code(self, code: str) -> list[Field]:
        """Return the fields that events with this code may have."""
        found = set(self.bodies.get(code, ()))
        return [each for each in self.fields if not each.bodies or each.bodies & found]
