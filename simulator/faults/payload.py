"""Faults of the content of the request body."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from ..core.event import Event
from ..core.fault import Fault
from ..core.identifiers import uuid4
from ..core.payload import MOST_EVENTS, Payload, cloud_event
from .edits import (
    ENVELOPE_IDS,
    EVENT_NAMES,
    RECIPIENT_NAMES,
    Json,
    content_of,
    elements_of,
    parted,
    renamed,
    with_content,
    with_elements,
    with_recipient,
    without,
)
from .fault_point import FaultPoint, choice, number

at_payload = FaultPoint[Payload]("payload")


_CLOUD = "application/cloudevents+json; charset=UTF-8"
_PLAIN = "application/json; charset=utf-8"
_ATTRIBUTES = {"specversion", "id", "source", "type", "datacontenttype", "dataschema", "time"}


@at_payload(proves="events are read in both delivery formats")
def other_format(payload: Payload, fault: Fault) -> Payload:
    """The event has a delivery format other than that of its registration.

    An adobe_io envelope becomes a CloudEvent, or the reverse, with the right content type. Mistake
    52 of io-events-protocol.md 10. Trap 2 of flow-run-payloads.md 7.4.
    """
    is_cloud = "cloudevents" in payload.content_type
    source = f"urn:uuid:{uuid4(fault.draw(16))}"
    elements = [
        _enveloped(element) if is_cloud else _as_cloud_event(element, event, source)
        for element, event in zip(elements_of(payload), payload.events, strict=False)
    ]
    changed = with_content(payload, elements[0] if len(elements) == 1 else elements)
    return replace(changed, content_type=_PLAIN if is_cloud else _CLOUD)


def _as_cloud_event(element: Json, event: Event, source: str) -> Json:
    ids, rest = parted(element, ENVELOPE_IDS)
    attributes, _ = parted(cloud_event(event, source), _ATTRIBUTES)
    if "event" in rest:
        data = rest.pop("event")
    elif "messages" in rest:
        data = {"messages": rest.pop("messages")}
    else:
        data, rest = rest, {}
    return {**attributes, **ids, **rest, "data": data}


def _enveloped(element: Json) -> Json:
    ids, rest = parted(element, ENVELOPE_IDS)
    if "data" not in rest:
        return {**ids, "event": rest}
    _, rest = parted(rest, _ATTRIBUTES)
    data = rest.pop("data")
    is_failure = isinstance(data, dict) and set(data) == {"messages"}
    return {**ids, **rest, **(data if is_failure else {"event": data})}


_NAMES = EVENT_NAMES, RECIPIENT_NAMES
"""The ids of an envelope: old name, new name."""


@at_payload(proves="eventid and recipientclientid are enough")
def deprecated_names_removed(payload: Payload, _: Fault) -> Payload:
    """The event has only the new names of its ids.

    Adobe has announced to remove event_id and recipient_client_id at the end of 2026 (1.5). Mistake
    6 of io-events-protocol.md 10. Trap 2 of flow-run-payloads.md 7.4.
    """
    return with_elements(payload, lambda element: renamed(element, *_NAMES))


@at_payload(proves="event_id and recipient_client_id are still enough")
def new_names_missing(payload: Payload, _: Fault) -> Payload:
    """The event has only the old names of its ids.

    Events had this form before 2025 (1.5). Trap 2 of flow-run-payloads.md 7.4.
    """
    return with_elements(payload, lambda element: renamed(element, *map(reversed, _NAMES)))


@at_payload(
    proves="an event for another client id is refused, even if its signatures fit",
    expect="rejected",
    argument=number("events", MOST_EVENTS, 1, MOST_EVENTS),
)
def foreign_recipient(payload: Payload, fault: Fault) -> Payload:
    """The event is for another client id, and its signatures fit.

    In a batch, this is true of all events, or of as many of the last as the argument says. Mistakes
    1 and 27 of io-events-protocol.md 10.
    """
    places = itertools.count(fault.argument - len(elements_of(payload)))

    def changed(element: Json) -> Json:
        return with_recipient(element, fault.draw(16).hex()) if next(places) >= 0 else element

    return with_elements(payload, changed)


@at_payload(
    proves="an event without a recipient is refused",
    expect="rejected",
    argument=choice("absent", "empty"),
)
def recipient_missing(payload: Payload, fault: Fault) -> Payload:
    """The event does not name its recipient, or the name is an empty text.

    Mistake 27 of io-events-protocol.md 10.
    """
    if fault.argument == "empty":
        return with_elements(payload, lambda element: with_recipient(element, ""))
    return with_elements(payload, lambda element: without(element, (), *RECIPIENT_NAMES))


@at_payload(proves="signatures are verified over the raw bytes, and keys are read in any order")
def json_key_order(payload: Payload, _: Fault) -> Payload:
    """The keys of every object are in reverse order.

    The body is signed in this form. Mistakes 9 and 51 of io-events-protocol.md 10.
    """
    return with_content(payload, _reversed(content_of(payload)))


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    return [*map(_reversed, value)] if isinstance(value, list) else value
