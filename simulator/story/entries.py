"""The entries of a story: each with what its family tells, and with its faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ..core.envelope import USUAL_CLOUD_EVENT, Envelope
from ..core.fault import Fault
from ..core.json_writing import merge_patch
from ..errors import Problem, ScenarioError
from ..families.entries import MOST_ON_TRIAL, Entry, Occurrence, Passage, PreparedEntry, Teller
from ..families.registry import FAULTS, Families
from ..files.document import Document, Path
from ..runtime.chance import Chance
from ..scenario.model import EventSpec, FaultSpec, Scenario, kinds_of, said_in


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One entry of ``events``: what its repetitions have in common, and its place."""

    event: EventSpec
    prepared: PreparedEntry
    faults: tuple[Fault, ...]
    document: Document
    path: Path
    may_refuse: bool

    def tell(self, number: str, begin: datetime, passage: Passage) -> list[Occurrence]:
        """Return the events of one repetition; see ``PreparedEntry``.

        Raises ``ScenarioError`` with the place of the entry, and that in the family's file.
        """
        try:
            told = [*self.prepared.tell(number, begin, passage)]
        except ScenarioError as error:
            raise ScenarioError([self._placed(each) for each in error.problems]) from None
        patch = self.event.attributes
        return [_with_attributes(each, patch) for each in told] if patch else told

    def _placed(self, cause: Problem) -> Problem:
        place = f" ({cause.file}:{cause.line}:{cause.column}: {cause.path})" if cause.line else ""
        found = f"{cause.found}{place}"
        return self.document.problem(self.path, found, cause.expected, nearest=cause.nearest)


def _with_attributes(told: Occurrence, patch: Mapping[str, Any]) -> Occurrence:
    """Return an event whose CloudEvent has other attributes."""
    own = told.notification.envelope or Envelope()
    template = USUAL_CLOUD_EVENT if own.cloud_events is None else own.cloud_events
    envelope = replace(own, cloud_events=merge_patch(dict(template), patch))
    return replace(told, notification=replace(told.notification, envelope=envelope))


def expect_tellable(entries: Sequence[StoryEntry], begin: datetime) -> None:
    """Tell each entry once, as the first pass of its story does, if any may refuse.

    Raises ``ScenarioError`` with what cannot be told, before anything is delivered. Entries behind
    one with a label that cannot be told may name it, so they are not looked at. Nor are those
    behind ``MOST_ON_TRIAL``: a story of many large events would take as long again to begin.
    """
    problems: list[Problem] = []
    passage, now = Passage(), begin
    if not any(each.may_refuse for each in entries):
        return
    for index, entry in enumerate(entries):
        if passage.spent > MOST_ON_TRIAL:
            break
        after = timedelta(milliseconds=round(entry.event.after * 1000))
        try:
            entry.tell(f"{index}.0", now + after, passage)
        except ScenarioError as error:
            problems += error.problems
            if entry.event.run is not None:
                break
        now += after * entry.event.repeat
    if problems:
        raise ScenarioError(problems)


def entries_of(
    scenario: Scenario, families: Families, chance: Chance, document: Document
) -> tuple[StoryEntry, ...]:
    """Return the entries of a correct scenario, in order; ``document`` holds it."""
    tellers: dict[str, Teller] = {}
    entries = []
    for index, event in enumerate(scenario.events):
        (name,) = kinds_of(event)
        if name not in tellers:
            family = families[name]
            tellers[name] = family.teller(chance, scenario.defaults_of(family))
        said = Entry(said_in(event), event.run, event.event_code, event.override)
        faults = (FAULTS[each.name].fault(each.argument) for each in _faults_of(scenario, event))
        prepared, path = tellers[name].prepared(said), ("events", index, name)
        entries.append(
            StoryEntry(event, prepared, tuple(faults), document, path, families[name].may_refuse)
        )
    return tuple(entries)


def _faults_of(scenario: Scenario, event: EventSpec) -> Iterator[FaultSpec]:
    """Yield the faults of an event: those of the whole file, then its own.

    Its own replace those of the file with the same name. Faults of another family are left out.
    """
    own = {fault.name for fault in event.faults}
    for fault in scenario.faults:
        family = FAULTS[fault.name].family
        if family in ("", *kinds_of(event)) and fault.name not in own:
            yield fault
    yield from event.faults
