"""Faults of batches: how many events an array has, and one event in it that is odd."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

from ..core import json_writing
from ..core.fault import Fault
from ..core.payload import MOST_BYTES, MOST_EVENTS, Payload
from .edits import (
    ENVELOPE_IDS,
    Json,
    content_of,
    elements_of,
    parted,
    replaced,
    with_content,
    with_elements,
    with_recipient,
)
from .fault_point import FaultPoint, number
from .story import clone, subject_id

at_payload = FaultPoint[Payload]("payload")


@at_payload(
    proves="a body may be an object or an array of any length, and each event is processed once",
    argument=number("events", MOST_EVENTS, 1, MOST_EVENTS),
)
def batch(payload: Payload, fault: Fault) -> Payload:
    """The event comes in an array, together with others of its kind.

    A batch has at most 20 events. An array of 1 is legal too (1.6). Mistake 32 of
    io-events-protocol.md 10. Trap 1 of flow-run-payloads.md 7.4.
    """
    return _filled(payload, fault, fault.argument)


@at_payload(proves="bodies of 2 MB are accepted by every parser and proxy")
def largest_batch(payload: Payload, fault: Fault) -> Payload:
    """The event comes in a batch of 20 events and 2 MB, the largest possible.

    Each event has an undocumented field that fills it up (1.6). Mistake 33 of io-events-protocol.md
    10.
    """
    full = _filled(payload, fault, MOST_EVENTS)
    elements = elements_of(full)
    if not elements:
        return full
    room = MOST_BYTES - len(with_content(full, _padded(elements, [0] * len(elements))).body)
    share, rest = divmod(max(0, room), len(elements))
    sizes = [share + (number < rest) for number in range(len(elements))]
    return with_content(full, _padded(elements, sizes))


def _padded(elements: list[Json], sizes: list[int]) -> list[Json]:
    return [{**each, "padding": "x" * size} for each, size in zip(elements, sizes, strict=True)]


@at_payload(proves="an array without events is not retried", expect="not-retried")
def empty_batch(payload: Payload, _: Fault) -> Payload:
    """The body is an empty array.

    Mistake 8 of io-events-protocol.md 10.
    """
    return with_content(payload, [])


@at_payload(proves="each event of an array is processed once, although it is in it twice")
def repeated_in_batch(payload: Payload, _: Fault) -> Payload:
    """The first event of a batch is in it a second time, as its last event.

    It takes the place of the last event. A single event comes in an array of two. Mistakes 40 and
    48 of io-events-protocol.md 10.
    """
    elements, events = elements_of(payload), payload.events
    if len(elements) > 1:
        elements, events = elements[:-1], events[:-1]
    changed = with_content(payload, [*elements, *elements[:1]])
    return replace(changed, events=(*events, *events[:1]))


@at_payload(
    proves="the other events of a batch are not lost if one event cannot be processed",
    argument=number("place", 2, 1, MOST_EVENTS),
)
def unreadable_in_batch(payload: Payload, fault: Fault) -> Payload:
    """One event of a batch has no content: its data is null.

    The argument is its place, or the last place if there are fewer events. The webhook may process
    this event or leave it out. Nothing shows that Adobe sends such events. Mistake 40 of
    io-events-protocol.md 10.
    """
    return _with_place(payload, fault.argument, _emptied)


def _emptied(element: Json) -> Json:
    """Return an event whose content is null; one without an envelope keeps its ids only."""
    held = [name for name in ("event", "data", "messages") if name in element]
    if not held:
        return parted(element, ENVELOPE_IDS)[0]
    return {**element, **dict.fromkeys(held)}


@at_payload(proves="a body may be an object or an array")
def other_root(payload: Payload, _: Fault) -> Payload:
    """A single event is put into an array, or taken out of its array.

    The samples of success and failure have different roots. Trap 1 of flow-run-payloads.md 7.4.
    """
    content = content_of(payload)
    is_one = isinstance(content, list) and len(content) == 1
    return with_content(payload, content[0] if is_one else elements_of(payload))


@at_payload(
    proves="no event of a batch is processed whose recipient is another client id",
    expect="rejected",
    argument=number("place", 2, 1, MOST_EVENTS),
)
def stranger_in_batch(payload: Payload, fault: Fault) -> Payload:
    """One event of a batch is for another client id, and the signatures fit.

    The argument is its place, or the last place if there are fewer events. Mistakes 1 and 27 of
    io-events-protocol.md 10.
    """
    stranger = fault.draw(16).hex()
    return _with_place(payload, fault.argument, lambda each: with_recipient(each, stranger))


def _with_place(payload: Payload, place: int, change: Callable[[Json], Json]) -> Payload:
    """Return a payload in which the event at a place, from 1, is changed; or else the last one."""
    places, last = itertools.count(1), min(place, len(elements_of(payload)))
    return with_elements(payload, lambda each: change(each) if next(places) == last else each)


def _filled(payload: Payload, fault: Fault, number: int) -> Payload:
    """Return a payload whose array has ``number`` events or more: copies of the first are added."""
    elements, events = elements_of(payload), list(payload.events)
    if not elements:
        return payload
    first, event = elements[0], events[0]
    while len(elements) < number:
        other = clone(event, fault, len(elements))
        table = {event.id: other.id, event.cloud_id: other.cloud_id}
        table[subject_id(event)] = subject_id(other)
        elements.append(replaced(first, table))
        events.append(other)
    return replace(payload, body=json_writing.compact(elements), events=tuple(events))
