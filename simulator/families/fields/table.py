"""The fields of a family's events: name, type, unit, meaning, source and grade of each.

``reading`` reads them from a file, ``json_schema`` and ``conformity`` apply them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from . import paths
from .paths import Steps
from .types import SCHEMAS

TYPES = tuple(SCHEMAS)
"""Names of the types of fields; ``numeric_text`` is a number written as text."""

_SECTIONS = re.compile(r"[0-9]+(\.[0-9]+)*(, [0-9]+(\.[0-9]+)*)*")

GRADES = ("A", "B", "C", "gap")
"""Grades of evidence; ``gap``: no source says it, flowsim assumes it."""


@dataclass(frozen=True)
class Field:
    """One field of an event's content.

    ``path`` has dots between members and ``[]`` after a list, as ``activities[].name``; a member
    with a dot in its name is in quotes. ``bodies`` are those that have it; empty means all that
    have the member around it. Fields with the same path are about different bodies. An
    ``optional`` field may be missing where the member around it is present. ``values`` are all
    allowed ones; empty means any of the types.
    """

    path: str
    types: tuple[str, ...]
    means: str = ""
    source: str = ""
    grade: str = "gap"
    unit: str = ""
    bodies: frozenset[str] = frozenset()
    optional: bool = False
    values: tuple[str | int, ...] = ()
    example: Any = None

    @cached_property
    def steps(self) -> Steps:
        """The steps of the path."""
        return paths.parse(self.path)


@dataclass(frozen=True, slots=True)
class EnvelopeTable:
    """The members of a family's own envelope.

    ``members`` holds for a delivery format the members of its template in order, each with whether
    it may be missing; a format that is not named has the usual ones. ``fields`` say what members
    are: by path, which may lead into a member that is an object. With
    ``is_bare_in_journal`` a journal holds the content as it is.
    """

    members: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)
    is_bare_in_journal: bool = False


@dataclass(frozen=True, slots=True)
class FieldTable:
    """The fields of a family, and which bodies each event code may have: code → bodies.

    ``members`` says for a body where the ``adobe_io`` envelope keeps it (see ``Notification``);
    it is ``event`` for those that are not named. ``source`` is the file whose sections the sources
    of fields name; it is empty if they name all of it themselves. ``envelope`` is what is known of
    the members around the content, if the family has an own envelope.
    """

    fields: Sequence[Field] = ()
    bodies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    envelope: EnvelopeTable | None = None

    def of_code(self, code: str) -> list[Field]:
        """Return the fields that events with this code may have."""
        bodies = self.bodies.get(code, ())
        found = {id(each) for body in bodies for each in self.of_body(body)}
        return [each for each in self.fields if id(each) in found]

    def described(self, code: str) -> list[str]:
        """Return the bodies of an event code of which fields are known."""
        return [body for body in self.bodies.get(code, ()) if self.of_body(body)]

    def of_body(self, body: str) -> list[Field]:
        """Return the fields that a body may have."""
        said = [each for each in self.fields if not each.bodies or body in each.bodies]
        absent = {each.steps for each in self.fields} - {each.steps for each in said}
        return [
            each
            for each in said
            if not any(each.steps[:length] in absent for length in range(len(each.steps)))
        ]

    def source_of(self, said: Field) -> str:
        """Return where a field is known from: ``event-families.md 1.1``; empty if not known."""
        is_section = _SECTIONS.fullmatch(said.source) is not None
        return f"{self.source} {said.source}" if self.source and is_section else said.source

    def member_of(self, body: str) -> str:
        """Return where the ``adobe_io`` envelope keeps a body: ``event`` or ``messages``."""
        return self.members.get(body, "event")
