"""Events of every event code: entries that have all bodies of a family, and their bodies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from flowsim.core import payload
from flowsim.core.event import Event
from flowsim.core.spec_values import RegistrationSpec
from flowsim.families import registry
from flowsim.families.base import Family
from flowsim.families.fields.tree import FieldNode
from flowsim.files.document import Document
from flowsim.story.opening import story_of

Json = dict[str, Any]

CODES = [*registry.shipped().event_codes()]
FAMILIES = [each.name for each in registry.shipped().readable()[0] if each.codes]
"""Names of the families with event codes."""

FORMATS = ("adobe_io", "cloud_events")

BESIDES: Mapping[str, Sequence[Json]] = {
    "source_run": [{"name": ""}],
    "destination_run": [{"name": ""}],
}
"""For some families, entries that no example shows: events without a name."""


def entries_of(name: str) -> list[Json]:
    """Return entries of a family that have all of its bodies: those of its examples, and more."""
    codes = registry.shipped()[name].codes.values()
    shown = [said for code in codes for said in code.entries()]
    return [*BESIDES.get(name, ()), *shown]


def family_of(code: str) -> Family:
    """Return the family of an event code."""
    found = registry.shipped().by_code(code)
    assert found is not None
    return found


def _distinct() -> list[str]:
    """Return the first code of each family with the same bodies as others of it."""
    found: dict[Any, str] = {}
    for code in CODES:
        family = family_of(code)
        bodies = family.fields().bodies.get(code, [code])
        found.setdefault((family.name, *bodies), code)
    return [*found.values()]


DISTINCT = _distinct()
"""Event codes of which no two have the same bodies: what is proven of one holds for its like."""


DESCRIBED = [code for code in DISTINCT if family_of(code).fields().described(code)]
"""Those of which fields are known."""

FIRST = [next(iter(registry.shipped()[name].codes)) for name in FAMILIES]
"""The first event code of each family."""


@cache
def events_of_family(name: str) -> tuple[Event, ...]:
    """Return the events of all entries of a family, in one story."""
    entries = [{name: each} for each in entries_of(name)]
    scenario = {"seed": 7, "at": "2026-01-15T09:30:00Z", "events": entries}
    return tuple(story_of(name, Document(name, scenario)).events())


@cache
def events(code: str) -> tuple[Event, ...]:
    """Return the events with a code of all entries of its family."""
    told = events_of_family(family_of(code).name)
    return tuple(each for each in told if each.notification.event_code == code)


def body(event: Event, format_: str) -> bytes:
    """Return the body that delivers an event alone."""
    form = RegistrationSpec.model_validate({"event_delivery_format": format_})
    return payload.single(event, form).body


def content_of(made: Any, format_: str) -> Any:
    """Return the content in what is delivered."""
    return made["event" if format_ == "adobe_io" else "data"]


def places(node: FieldNode, value: Any) -> Iterator[tuple[FieldNode, Any, Any]]:
    """Yield each value that the table knows: its node, what holds it, and where in it."""
    steps: list[tuple[FieldNode, Any]] = []
    if isinstance(value, dict):
        steps = [(inner, name) for name, inner in node.members.items() if name in value]
    elif isinstance(value, list) and node.element is not None:
        steps = [(node.element, number) for number in range(len(value))]
    for inner, step in steps:
        yield inner, value, step
        yield from places(inner, value[step])
