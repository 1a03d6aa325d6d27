"""Tells single entries of Commerce, and says which mistakes an entry has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flowsim.core import instant
from flowsim.core.event import Event
from flowsim.errors import ScenarioError
from flowsim.families.commerce.family import FAMILY
from flowsim.families.entries import Entry, Occurrence, Passage
from flowsim.files.document import Document
from flowsim.runtime.chance import Chance
from flowsim.story.opening import story_of

Json = dict[str, Any]

BEGIN = instant.parse("2026-01-15T09:30:00Z")


def tell(
    says: Mapping[str, Any],
    *,
    begin: datetime = BEGIN,
    label: str | None = None,
    passage: Passage | None = None,
    number: str = "0.0",
) -> list[Occurrence]:
    """Return the events of one entry; ``says`` is as a scenario has it."""
    entry = Entry(FAMILY.model().model_validate(dict(says)), label)
    prepared = FAMILY.teller(Chance.of(7, ""), None).prepared(entry)
    told = [*prepared.tell(number, begin, passage or Passage())]
    assert [(each.time - begin).total_seconds() for each in told] == [*prepared.offsets]
    assert [*prepared.offsets] == [*FAMILY.offsets(entry.said)]
    return told


def values(told: list[Occurrence]) -> list[Any]:
    """Return the member ``value`` of each event."""
    return [each.notification.content["value"] for each in told]


def value(says: Mapping[str, Any]) -> Any:
    """Return the member ``value`` of the only event of an entry."""
    (found,) = values(tell(says))
    return found


def names(told: list[Occurrence]) -> list[str]:
    """Return the names of events: their codes without what all have."""
    return [each.notification.event_code.removeprefix("com.adobe.commerce.") for each in told]


def events_of(*entries: Json, at: str = "2026-01-15T09:30:00Z") -> list[Event]:
    """Return the events of a scenario."""
    scenario = {"seed": 7, "at": at, "events": [*entries]}
    return [*story_of("test", Document("test", scenario)).events()]


def mistakes(says: Json, **beside: Any) -> list[str]:
    """Return what is wrong with an entry: the path in it, and the sentence."""
    try:
        events_of({"commerce": says, **beside})
    except ScenarioError as error:
        found = [(each.path.removeprefix("events[0].commerce"), each) for each in error.problems]
        return [f"{path.removeprefix('.')}: {each.sentence}" for path, each in found]
    return []
