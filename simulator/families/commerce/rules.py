"""What is wrong between the values of an entry: what does not belong together, unknown fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.printable import brief, listed
from ...errors import Nearest, Problem
from ...files.document import Document, Path
from ..fields import paths
from .codes import CommerceEvent
from .happenings import happenings_of, names_of
from .schemas import EVERYTHING, ORIGINAL, documented, is_known, paths_in, schema_of
from .spec import CommerceSpec


def rules_of_entry(document: Document, path: Path, said: CommerceSpec) -> Iterator[Problem]:
    """Yield all that is wrong with an entry whose single values are correct."""
    found = [*_rules_of_subject(document, path, said), *_rules_of_events(document, path, said)]
    yield from found
    if not found:
        events = _events_of(said)
        yield from _rules_of_fields(document, path, said, events)
        yield from _rules_of_original(document, path, said, events)


def _rules_of_subject(document: Document, path: Path, said: CommerceSpec) -> Iterator[Problem]:
    """Yield parts that say something about another thing than the event or the first story."""
    for name in sorted(said.told - {said.subject}):
        expected = f"{said.subject}, or none" if said.subject else "none of them"
        about = said.event or f"a story of the {said.subject}"
        yield document.problem((*path, name), f"{name} beside {about}", expected, at_key=True)
    for name in ("product", "customer"):
        if name in said.told and not getattr(said, name).happens:
            yield document.problem((*path, name, "happens"), "an empty list", "what happens")
    part = getattr(said, said.subject, None)
    if said.event is not None and "happens" in getattr(part, "model_fields_set", ()):
        place = (*path, said.subject, "happens")
        yield document.problem(place, "happens beside event", "one of the two", at_key=True)


def _rules_of_events(document: Document, path: Path, said: CommerceSpec) -> Iterator[Problem]:
    """Yield events that the story does not have."""
    if said.events is None:
        return
    if said.event is not None:
        yield document.problem(
            (*path, "events"), "events beside event", "one of the two", at_key=True
        )
        return
    known = names_of(said.subject)
    for index, name in enumerate(said.events):
        if name not in known:
            found = f"{name}, which no {said.subject} has"
            place = (*path, "events", index)
            yield document.problem(
                place, found, f"one of {listed(known)}", nearest=Nearest(name, known)
            )
    if not happenings_of(said) and {*said.events} <= {*known}:
        yield document.problem((*path, "events"), "no event", "events of what happens")


def _events_of(said: CommerceSpec) -> list[CommerceEvent]:
    """Return the events of an entry, each once."""
    return [*dict.fromkeys(each.event for each in happenings_of(said))]


def _rules_of_fields(
    document: Document, path: Path, said: CommerceSpec, events: Sequence[CommerceEvent]
) -> Iterator[Problem]:
    """Yield fields that no event of the entry has, and events without any of the fields."""
    for name, fields in (said.fields or {}).items():
        place = (*path, "fields", name) if name else (*path, "fields")
        about = [each for each in events if name in ("", each.name)]
        if not about:
            found = f"{brief(name)}, which does not come of this entry"
            expected = f"one of {listed([each.name for each in events])}"
            yield document.problem(place, found, expected, at_key=True)
            continue
        unknown = [*_unknown(document, place, fields, about)]
        yield from unknown or _rules_of_none(document, place, fields, said, about)


def _unknown(
    document: Document, place: Path, fields: Sequence[str], events: Sequence[CommerceEvent]
) -> Iterator[Problem]:
    for index, field in enumerate(fields):
        if not any(_has(each, field) for each in events):
            names = [path for each in events for path, _ in paths_in(schema_of(each.body))]
            of = events[0].name if len(events) == 1 else "these events"
            found, near = f"unknown field {brief(field)!r}", Nearest(field, names, 3)
            expected = (
                f"a field of {of}, as in {names[0]}" if names else f"none: {of} has no fields"
            )
            yield document.problem((*place, index), found, expected, nearest=near)


def _rules_of_none(
    document: Document,
    place: Path,
    fields: Sequence[str],
    said: CommerceSpec,
    events: Sequence[CommerceEvent],
) -> Iterator[Problem]:
    for event in events:
        is_own = place[-1] == "fields" and event.name in (said.fields or {})
        if not is_own and documented(event.body) and not any(_has(event, each) for each in fields):
            found = f"no field of {event.name}"
            yield document.problem(place, found, "fields for each name of an event")
            return


def _rules_of_original(
    document: Document, path: Path, said: CommerceSpec, events: Sequence[CommerceEvent]
) -> Iterator[Problem]:
    if said.orig_data and not any(_has(each, ORIGINAL) for each in events):
        found = f"orig_data of {listed([each.name for each in events])}"
        expected = f"an event whose schema has {ORIGINAL}"
        yield document.problem((*path, "orig_data"), found, expected)


def _has(event: CommerceEvent, field: str) -> bool:
    if field == EVERYTHING:
        return True
    try:
        return is_known(schema_of(event.body), paths.parse(field))
    except ValueError:
        return False
