"""What is known about an event code: its family, its fields, an example and a scenario to copy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args

from ..core import duration
from ..families.base import EventCode, Family
from ..families.data.data_family import DataFamily
from ..families.fields import Field
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


@dataclass(frozen=True, slots=True)
class Setting:
    """What an entry may say: its type and default as a scenario has them, and its meaning."""

    name: str
    type: str
    default: str
    about: str


def settings_of(family: Family) -> list[Setting]:
    """Return what an entry of a family may say, without what is drawn."""
    if isinstance(family, DataFamily):
        return [
            Setting(each.name, _choices(each.kind, each.type), _default(each), each.about)
            for each in family.parts.says
        ]
    fields = getattr(family.model(), "model_fields", {})
    return [
        Setting(name, "", _spelled(each.default), each.description or "")
        for name, each in fields.items()
    ]


def _choices(kind: str, type_: Any) -> str:
    return f"one of {', '.join(map(str, get_args(type_)))}" if kind == "one_of" else kind


def _default(said: Any) -> str:
    if said.kind == "duration" and said.default is not None:
        return duration.spell(said.default)
    return _spelled(said.default)


def _spelled(value: Any) -> str:
    if value is None or isinstance(value, str | int | float):
        return "" if value is None else yaml_writing.flow(value)
    return ""


def draws_of(family: Family) -> dict[str, str]:
    """Return what an entry draws: name → expression."""
    if not isinstance(family, DataFamily):
        return {}
    return {each.name: each.expression.source for each in family.parts.draws.parts}


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One event of an entry's story; ``at`` and ``when`` are expressions, ``when`` may be empty."""

    at: str
    when: str
    code: str
    body: str


def steps_of(family: Family) -> list[StoryStep]:
    """Return the steps of a family that is data; none for a family in Python."""
    if not isinstance(family, DataFamily):
        return []
    return [
        StoryStep(each.at.source, each.when.source if each.when else "", each.code, each.body)
        for each in family.parts.steps.parts
    ]


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
