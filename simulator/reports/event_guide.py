"""What is known about an event code: its family, its fields, an example and a scenario to copy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..families.base import EventCode, Family
from ..families.fields.table import Field
from ..families.registry import Families
from ..files import yaml_writing
from ..files.yaml_documents import parse_text
from ..story.opening import story_of

_SCENARIO = """\
description: {summary}
seed: 7
at: 2026-01-15T09:30:00Z
events:
  - {entry}
"""


@dataclass(frozen=True)
class EventGuide:
    """One event code of a family.

    ``families`` are those that its scenario may use.
    """

    family: Family
    code: EventCode
    families: Families

    @property
    def fields(self) -> list[Field]:
        """The fields that events with this code may have."""
        return self.family.fields().of_code(self.code.code)

    def bodies_of(self, field: Field) -> str:
        """Return the bodies that have a field, if not all of this code have it."""
        bodies = self.family.fields().bodies.get(self.code.code, ())
        having = [each for each in bodies if each in field.bodies]
        return ", ".join(having) if field.bodies and len(having) < len(bodies) else ""

    @property
    def scenario(self) -> str:
        """A scenario, as YAML, whose story has an event with this code."""
        summary = yaml_writing.scalar(self.code.summary or self.code.label)
        entry = f"{self.family.name}: {yaml_writing.flow(self.code.example)}"
        return _SCENARIO.format(summary=summary, entry=entry)

    @cached_property
    def example(self) -> Any:
        """The payload that delivers the first event with this code in the story of ``scenario``.

        Raises ``ScenarioError`` if the story cannot be told; None if it has no such event.
        """
        document = parse_text(self.scenario, self.code.code)
        story = story_of(self.code.code, document, families=self.families)
        for each in story.payloads():
            if each.events[0].notification.event_code == self.code.code:
                return json.loads(each.body)
        return None

    def words(self) -> Iterator[str]:
        """Yield the texts in which a search looks."""
        family, code = self.family, self.code
        yield from (code.code, code.label, code.summary)
        yield from (family.name, family.label, family.summary)
        yield from (family.provider.id, family.provider.label)


def guides(families: Families, text: str = "") -> list[EventGuide]:
    """Return all event codes by family, or those in whose texts ``text`` stands, in any case."""
    every = (
        EventGuide(family, code, families)
        for family in families.readable()[0]
        for code in family.codes.values()
    )
    return [each for each in every if any(text.lower() in word.lower() for word in each.words())]


def guide_of(families: Families, code: str) -> EventGuide | None:
    """Return the guide of an event code, if a family has it."""
    family = families.by_code(code)
    return None if family is None else EventGuide(family, family.codes[code], families)


def described(guide: EventGuide, *, whole: bool) -> dict[str, Any]:
    """Return a guide as JSON; the ``whole`` with fields, example and scenario."""
    family, code = guide.family, guide.code
    shown = {
        "code": code.code,
        "label": code.label,
        "summary": code.summary,
        "grade": code.grade,
        "family": family.name,
        "family_label": family.label,
        "provider": {"id": family.provider.id, "label": family.provider.label},
        "formats": dict(family.formats),
        "shown_by": code.scenario,
    }
    if not whole:
        return shown
    fields = [_described_field(guide, each) for each in guide.fields]
    return shown | {"fields": fields, "example": guide.example, "scenario": guide.scenario}


def _described_field(guide: EventGuide, field: Field) -> dict[str, Any]:
    return {
        "path": field.path,
        "types": list(field.types),
        "unit": field.unit,
        "means": field.means,
        "optional": field.optional,
        "values": list(field.values),
        "only_in": guide.bodies_of(field),
        "source": field.source,
        "grade": field.grade,
    }
