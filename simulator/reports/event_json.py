"""What is known about an event code, as JSON: that of ``flowsim events --json`` and of pages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ..families.fields.table import Field
from .event_guide import EventGuide, Example


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
        "journal_only": family.journal_only,
        "shown_by": code.scenario,
    }
    if not whole:
        return shown
    return shown | {
        "says": [asdict(each) for each in family.settings()],
        "draws": dict(family.draws()),
        "story": [*family.steps()],
        "step_names": dict(family.step_names()),
        "fields": [described_field(guide, each) for each in guide.fields],
        "example": guide.example,
        "examples": [_described_example(each) for each in guide.examples],
        "scenario": guide.scenario,
    }


def _described_example(example: Example) -> dict[str, Any]:
    return {
        "body": example.body,
        "line": example.line,
        "command": example.command,
        "payload": example.payload,
    }


def described_field(guide: EventGuide, field: Field) -> dict[str, Any]:
    """Return a field as JSON; ``only_in`` names bodies if not all of the code have it."""
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
