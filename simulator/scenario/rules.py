"""Checks values of a scenario against each other; families check what is theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from ..core.fault import FaultKind
from ..errors import Problem, ScenarioError
from ..families.base import Family
from ..families.entries import Entry, EntryAt
from ..families.registry import Families
from ..files.document import Document, Path
from .model import EventSpec, FaultSpec, Scenario, Vocabulary, kinds_of, said_in

CENTURY = 36_525 * 86_400.0
"""The longest story, in seconds."""

_LONGEST_KIND = 100
"""How many characters of a key are compared with the kinds of events."""


def rules_of_story(
    document: Document, scenario: Scenario, vocabulary: Vocabulary
) -> Iterator[Problem]:
    """Yield the broken rules in a scenario whose single values are all correct."""
    kinds = {kind for event in scenario.events for kind in kinds_of(event)}
    yield from _rules_of_faults(document, (), scenario.faults, kinds, vocabulary.faults)
    for name in sorted(kinds):
        family = vocabulary.families[name]
        entries = [*_entries_of(scenario, family)]
        yield from family.rules_of_entries(document, entries, is_whole=True)
    length = 0.0
    defaults = {name: scenario.defaults_of(vocabulary.families[name]) for name in kinds}
    for index, event in enumerate(scenario.events):
        yield from rules_of_event(document, index, event, defaults, vocabulary)
        grown = length + event.after * event.repeat
        if grown > CENTURY >= length:
            yield document.problem(
                ("events", index), "a story of more than 100 years", "a shorter after or repeat"
            )
        length = grown


def rules_of_event(
    document: Document,
    index: int,
    event: EventSpec,
    defaults: Mapping[str, Any],
    vocabulary: Vocabulary,
    *,
    is_whole: bool = True,
) -> Iterator[Problem]:
    """Yield the broken rules in one event whose single values are correct.

    ``defaults`` are those of the scenario for each family. If wrong values were left out before,
    ``is_whole`` is false: then nothing can be said about how the parts of an entry fit each other.
    """
    path: Path = ("events", index)
    raw, families = document.value["events"][index], vocabulary.families
    yield from _rules_of_kind(document, path, raw, event, families)
    yield from _rules_of_faults(document, path, event.faults, kinds_of(event), vocabulary.faults)
    if "" in event.attributes:
        where = (*path, "attributes", "")
        yield document.problem(where, "no name", "the name of an attribute", at_key=True)
    if event.attributes.get("data") is not None:
        expected = "it in the content, or in override; null leaves it out"
        yield document.problem(
            (*path, "attributes", "data"), "the content as an attribute", expected, at_key=True
        )
    for name in kinds_of(event):
        family = families[name]
        if getattr(event, name) is None and family.model() is not Any:
            expected = "a mapping; {} takes all default values"
            yield document.problem((*path, name), "nothing", expected)
            continue
        at = _entry_at(index, event, family, defaults.get(name), 0.0)
        yield from family.rules_of_entry(document, at, is_whole=is_whole)
        yield from _rules_of_id(document, path, event, family, at.entry)


def rules_of_correct_entries(
    document: Document,
    events: Mapping[int, EventSpec],
    defaults: Mapping[str, Any],
    families: Families,
) -> Iterator[Problem]:
    """Yield the broken rules between the correct entries of a scenario that has other mistakes."""
    entries: dict[str, list[EntryAt]] = {}
    for index, event in events.items():
        names = kinds_of(event)
        if len(names) == 1 and said_in(event) is not None:
            at = _entry_at(index, event, families[names[0]], defaults.get(names[0]), 0.0)
            entries.setdefault(names[0], []).append(at)
    for name, each in entries.items():
        yield from families[name].rules_of_entries(document, each, is_whole=False)


def warnings_of(document: Document, scenario: Scenario, families: Families) -> Iterator[Problem]:
    """Yield warnings about values that are valid, but probably not intended."""
    said: dict[Family, dict[Path, Any]] = {
        family: {(family.defaults_key,): scenario.defaults_of(family)}
        for family in families.with_defaults()
    }
    for index, event in enumerate(scenario.events):
        for name in kinds_of(event):
            said.setdefault(families[name], {})["events", index, name] = said_in(event)
    for family, places in said.items():
        yield from family.warnings_of(document, places)
    yield from _idle_attributes(document, scenario, families)


def _idle_attributes(
    document: Document, scenario: Scenario, families: Families
) -> Iterator[Problem]:
    """Yield a warning for attributes of an event that its deliveries do not have."""
    wanted = "registration: {event_delivery_format: cloud_events}"
    chosen = scenario.registration.event_delivery_format
    for index, event in enumerate(scenario.events):
        formats = [chosen or next(iter(families[name].formats)) for name in kinds_of(event)]
        if event.attributes and "adobe_io" in formats:
            path = ("events", index, "attributes")
            found = "attributes, which the format adobe_io does not have"
            yield document.problem(path, found, wanted, at_key=True)


def _rules_of_kind(
    document: Document,
    path: Path,
    raw: Mapping[str, object],
    event: EventSpec,
    families: Families,
) -> Iterator[Problem]:
    """Yield problems of the keys that decide what an event is."""
    kinds = [name for name in raw if name in kinds_of(event)]
    if len(kinds) > 1:
        found = f"both {' and '.join(sorted(kinds)[:2])}"
        yield document.problem(path, found, "exactly one of them")
    if not kinds and not any(may_be_kind(key, families.known) for key in raw):
        expected = f"exactly one of {', '.join(families.without_mistakes)}"
        yield document.problem(path, "no kind of event", expected)
    for name in kinds if len(kinds) == 1 and not families[kinds[0]].has_labels else ():
        for key in sorted({"run", "override"} & set(raw)):
            found, expected = f"{key} beside {name}", "it beside another kind of event"
            yield document.problem((*path, key), found, expected, at_key=True)


def may_be_kind(key: str, names: Collection[str]) -> bool:
    """Tell whether an unknown key may be a kind of event: a misspelt one, or one that is not here.

    It is neither a key that every entry may have, nor like one. ``names`` are those of families.
    """
    if key in EventSpec.model_fields:
        return False
    near = get_close_matches(key[:_LONGEST_KIND], [*names, *EventSpec.model_fields], 1)
    return not near or near[0] not in EventSpec.model_fields


def _rules_of_id(
    document: Document, path: Path, event: EventSpec, family: Family, entry: Entry
) -> Iterator[Problem]:
    """Yield a problem of one event id for several events."""
    if event.event_id is None:
        return
    count = event.repeat
    if count == 1:
        try:
            count = len(family.offsets(entry.said))
        except ScenarioError:  # it is reported with the rules of the entry
            return
    if count > 1:
        expected = "repeat: 1 beside event_id" if event.repeat > 1 else "no event_id beside them"
        yield document.problem((*path, "event_id"), f"one id for {count} events", expected)


def _rules_of_faults(
    document: Document,
    path: Path,
    specs: Sequence[FaultSpec],
    kinds: Collection[str],
    faults: Mapping[str, FaultKind],
) -> Iterator[Problem]:
    """Yield problems of a list of faults; some faults need an event of their family."""
    seen = set()
    for index, spec in enumerate(specs):
        place = (*path, "faults", index)
        family = faults[spec.name].family
        if spec.name in seen:
            yield document.problem(place, f"{spec.name} again", "each fault once")
        elif family and family not in kinds:
            found = f"{spec.name}, which only entries of {family} can have"
            yield document.problem(place, found, f"a fault of any event, or an entry of {family}")
        seen.add(spec.name)


def _entries_of(scenario: Scenario, family: Family) -> Iterator[EntryAt]:
    """Yield the entries of a family, each with its place and beginning."""
    defaults, now = scenario.defaults_of(family), 0.0
    for index, event in enumerate(scenario.events):
        now += event.after
        if kinds_of(event) == [family.name] and (
            said_in(event) is not None or family.model() is Any
        ):
            yield _entry_at(index, event, family, defaults, now)
        now += event.after * (event.repeat - 1)


def _entry_at(index: int, event: EventSpec, family: Family, defaults: Any, now: float) -> EntryAt:
    said = family.merged(defaults, getattr(event, family.name))
    entry = Entry(said, event.run, event.event_code, event.override)
    return EntryAt(index, family.name, entry, now)
