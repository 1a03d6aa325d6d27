"""The entries of a story: each with what its family tells, and with its faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..core.fault import Fault
from ..families.base import Entry, PreparedEntry, Teller
from ..families.registry import FAULTS, Families
from ..runtime.chance import Chance
from ..scenario.model import EventSpec, FaultSpec, Scenario


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One entry of ``events``: what its repetitions have in common."""

    event: EventSpec
    prepared: PreparedEntry
    faults: tuple[Fault, ...]


def entries_of(scenario: Scenario, families: Families, chance: Chance) -> tuple[StoryEntry, ...]:
    """Return the entries of a correct scenario, in order."""
    tellers: dict[str, Teller] = {}
    entries = []
    for event in scenario.events:
        (name,) = event.kinds
        if name not in tellers:
            family = families[name]
            tellers[name] = family.teller(chance, scenario.defaults_of(family))
        said = Entry(event.said, event.run, event.event_code, event.override)
        faults = (FAULTS[each.name].fault(each.argument) for each in _faults_of(scenario, event))
        entries.append(StoryEntry(event, tellers[name].prepared(said), tuple(faults)))
    return tuple(entries)


def _faults_of(scenario: Scenario, event: EventSpec) -> Iterator[FaultSpec]:
    """Yield the faults of an event: those of the whole file, then its own.

    Its own replace those of the file with the same name. Faults of another family are left out.
    """
    own = {fault.name for fault in event.faults}
    for fault in scenario.faults:
        family = FAULTS[fault.name].family
        if family in ("", *event.kinds) and fault.name not in own:
            yield fault
    yield from event.faults
