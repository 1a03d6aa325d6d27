"""Other events of the same kind: news, with ids of their own."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

from ..core.event import Event
from ..core.fault import Fault
from ..core.identifiers import uuid4
from ..core.json_texts import compact_json
from ..core.payload import Payload
from ._content import elements_of
from ._edit import as_object, replaced


def clone(event: Event, fault: Fault, number: int) -> Event:
    """Return another event about a run of its own, that tells the same."""
    table = {run_id(event): uuid4(fault.draw(16, f"run/{number}"))}
    content = replaced(event.notification.content, table)
    return replace(
        event,
        id=renewed_id(event, f"{fault.name}/{number}"),
        notification=replace(event.notification, content=content),
    )


def renewed_id(event: Event, name: str) -> str:
    """Return an event id that follows from another, so that a fresh story has fresh ids."""
    return uuid4(sha256(f"{event.id}/{name}".encode()).digest())


def run_id(event: Event) -> str:
    """Return the id of the run that an event tells about; empty if there is none."""
    content: Any = event.notification.content
    if event.notification.member == "messages" and content:
        content = as_object(content[0]).get("value")
    return str(as_object(content).get("id", ""))


def filled(payload: Payload, fault: Fault, number: int) -> Payload:
    """Return a payload with an array of so many events, at least; what is missing are clones."""
    elements, events = elements_of(payload), list(payload.events)
    if not elements:
        return payload
    first, event = elements[0], events[0]
    while len(elements) < number:
        other = clone(event, fault, len(elements))
        table = {event.id: other.id, event.cloud_id: other.cloud_id, run_id(event): run_id(other)}
        elements.append(replaced(first, table))
        events.append(other)
    return replace(payload, body=compact_json.encode(elements), events=tuple(events))
