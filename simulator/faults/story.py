"""Faults that make several events of one, and functions that copy events."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

from ..core.event import Event
from ..core.fault import Fault
from ..core.identifiers import uuid4
from ..core.payload import MOST_EVENTS
from .edits import as_object, replaced
from .fault_point import FaultPoint, choice, number

at_story = FaultPoint[tuple[Event, ...]]("story")

_LATER = timedelta(minutes=1)


@at_story(
    proves="all events of a burst are accepted, and each is processed once",
    argument=number("events", 20, 2, 10_000),
)
def burst(events: tuple[Event, ...], fault: Fault) -> tuple[Event, ...]:
    """The event comes together with many others of its kind, all at the same moment.

    Each has an event id and a run of its own. Mistake 34 of io-events-protocol.md 10.
    """
    others = (clone(events[0], fault, number) for number in range(1, fault.argument))
    return (*events, *others)


@at_story(
    proves="each event is processed once, although a part of its batch is known already",
    argument=number("events", 1, 1, MOST_EVENTS),
)
def seen_before(events: tuple[Event, ...], fault: Fault) -> tuple[Event, ...]:
    """The event comes alone first, and again a minute later, perhaps in a batch.

    With the fault batch, the first events of the array come alone before: one, or as many as the
    argument says. Mistakes 40 and 48 of io-events-protocol.md 10.
    """
    event = events[0]
    filling = next((each for each in event.faults if each.name == "batch"), None)
    others = tuple(each for each in event.faults if each is not filling)
    alone = [event]
    if filling is not None:
        known = range(1, min(fault.argument, filling.argument))
        alone += [clone(event, filling, place) for place in known]
    later = replace(event, time=event.time + _LATER)
    return (later, *(replace(each, faults=others) for each in alone), *events[1:])


@at_story(
    proves="event ids are kept as text, of any form and length",
    argument=choice("word", "number", "long"),
)
def event_id_form(events: tuple[Event, ...], fault: Fault) -> tuple[Event, ...]:
    """The event id is no UUID.

    It is a word, a number of 20 digits, or a text of 100 characters. The FAQ calls it a unique
    UUID, and all captures have one (1.4). Mistake 46 of io-events-protocol.md 10.
    """
    return tuple(replace(each, id=_other_id(each.id, str(fault.argument))) for each in events)


def _other_id(event_id: str, form: str) -> str:
    drawn = sha256(f"{event_id}/{form}".encode()).hexdigest()
    if form == "number":
        return str(10**19 + int(drawn, 16) % 10**19)
    return f"evt_{drawn[:20]}" if form == "word" else f"{drawn}-{drawn[:35]}"


def clone(event: Event, fault: Fault, number: int) -> Event:
    """Return a copy of an event with its own event id, about something with another id."""
    table = {subject_id(event): uuid4(fault.draw(16, f"run/{number}"))}
    content = replaced(event.notification.content, table)
    return replace(
        event,
        id=renewed_id(event, f"{fault.name}/{number}"),
        notification=replace(event.notification, content=content),
    )


def renewed_id(event: Event, name: str) -> str:
    """Return an event id made from another one: if that is fresh, this is too."""
    return uuid4(sha256(f"{event.id}/{name}".encode()).digest())


def subject_id(event: Event) -> str:
    """Return the id of what an event is about, such as a run; empty if there is none."""
    content: Any = event.notification.content
    if event.notification.member == "messages" and content:
        content = as_object(content[0]).get("value")
    return str(as_object(content).get("id", ""))
