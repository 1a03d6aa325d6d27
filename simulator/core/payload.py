"""Events in their delivery format, as the exact bytes that are signed and sent.

The bytes are made once, here; signing, sending and showing use them as they are
(io-events-protocol.md 1.5 to 1.7, 2.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from . import instant, json_writing
from .event import USUAL_PROVIDER, Event
from .spec_values import RegistrationSpec

MOST_EVENTS = 20
"""Events in one batch, at most (1.6)."""

MOST_BYTES = 2_000_000
"""Bytes of one batch, at most (1.6); a single larger event travels alone."""

_EVENT_NAMES = {
    "both": ("event_id", "eventid"),
    "new-only": ("eventid",),
    "old-only": ("event_id",),
    "as-documented": ("event_id",),
}
_RECIPIENT_NAMES_OF = {
    "both": ("recipient_client_id", "recipientclientid"),
    "new-only": ("recipientclientid",),
    "old-only": ("recipient_client_id",),
    "as-documented": (),
}

RECIPIENT_NAMES = ("recipientclientid", "recipient_client_id")
"""The members of an envelope that say whom it is for: the new name, then the deprecated one."""


@dataclass(frozen=True, slots=True)
class Payload:
    """One request body and the events it carries; ``body`` is compact JSON in UTF-8."""

    body: bytes
    content_type: str
    events: tuple[Event, ...]


def build(events: Iterable[Event], registration: RegistrationSpec) -> Iterator[Payload]:
    """Yield payloads for a registration: one an event, or batches of events due together."""
    if registration.delivery_type == "webhook_batch":
        yield from _batches(events, registration)
        return
    for event in events:
        yield single(event, registration)


def single(event: Event, registration: RegistrationSpec) -> Payload:
    """Return the body that carries one event."""
    body = element(event, registration)
    if _is_array(event, registration):
        body = b"[" + body + b"]"
    return Payload(body, _content_type(event, registration), (event,))


def _batches(events: Iterable[Event], registration: RegistrationSpec) -> Iterator[Payload]:
    batch = Batch()
    for event in events:
        part = element(event, registration)
        if not (batch.fits(part) and _may_join(batch.events, event, registration)):
            yield batch.payload(registration)
            batch = Batch()
        batch.add(event, part)
    if batch.events:
        yield batch.payload(registration)


def _may_join(events: list[Event], event: Event, registration: RegistrationSpec) -> bool:
    """Tell whether an event may join a batch: it has the same moment, faults and format."""
    if not events:
        return True
    first = events[0]
    is_like = event.time == first.time and event.faults == first.faults
    return is_like and format_of(event, registration) == format_of(first, registration)


class Batch:
    """Events that share one body, each as ``element`` made it."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._elements: list[bytes] = []
        self._size = 2

    def fits(self, part: bytes) -> bool:
        """Tell whether another element fits; a single one always does."""
        fits = len(self.events) < MOST_EVENTS and self._size + len(part) <= MOST_BYTES
        return fits or not self.events

    def add(self, event: Event, part: bytes) -> None:
        """Add an event with its element."""
        self.events.append(event)
        self._elements.append(part)
        self._size += len(part) + 1

    def payload(self, registration: RegistrationSpec) -> Payload:
        """Return the body that carries these events."""
        body = b"[" + b",".join(self._elements) + b"]"
        return Payload(body, _content_type(self.events[0], registration), tuple(self.events))


def format_of(event: Event, registration: RegistrationSpec) -> str:
    """Return the delivery format of an event: the stated one, or that of its family."""
    return registration.event_delivery_format or event.notification.format


def provider_of(event: Event, registration: RegistrationSpec) -> str:
    """Return the provider metadata id of an event: the stated one, or that of its family."""
    return registration.provider or event.notification.provider or USUAL_PROVIDER


def _content_type(event: Event, registration: RegistrationSpec) -> str:
    """Return the captured type of a format; that of batches was never captured (1.3)."""
    if format_of(event, registration) == "cloud_events":
        return "application/cloudevents+json; charset=UTF-8"
    return "application/json; charset=utf-8"


def _is_array(event: Event, registration: RegistrationSpec) -> bool:
    """Tell whether a single event stands in an array: the failure shape does."""
    in_envelope = format_of(event, registration) == "adobe_io"
    return in_envelope and event.notification.member == "messages"


def element(event: Event, registration: RegistrationSpec) -> bytes:
    """Return the JSON object of one event; in a batch it is one element."""
    if format_of(event, registration) == "cloud_events":
        content = _cloud_event(event, registration)
    else:
        content = _envelope(event, registration)
    return json_writing.compact(content)


def _envelope(event: Event, registration: RegistrationSpec) -> dict[str, Any]:
    """Return the ``adobe_io`` envelope, ids around the notification (1.7).

    Whether Adobe adds the new names to this envelope too is not known: ``names`` decides.
    The published failure sample shows no ids at all, so ``as-documented`` adds none to it.
    """
    names, notification = registration.names, event.notification
    if notification.member == "cloud_event":
        data = notification.content.get("data")
        notification = replace(notification, member="event", content=data)
    event_names = _EVENT_NAMES[names]
    if names == "as-documented" and notification.member == "messages":
        event_names = ()
    return {
        **dict.fromkeys(event_names, event.id),
        notification.member: notification.content,
        **dict.fromkeys(_RECIPIENT_NAMES_OF[names], registration.client_id),
    }


def _cloud_event(event: Event, registration: RegistrationSpec) -> dict[str, Any]:
    """Return a structured CloudEvent 1.0 in the key order of the 2025 capture (1.5)."""
    names = "both" if registration.names == "as-documented" else registration.names
    attributes = cloud_event(event, source_of(provider_of(event, registration)))
    data = {name: attributes.pop(name) for name in ("data",) if name in attributes}
    return {
        **attributes,
        **dict.fromkeys(reversed(_EVENT_NAMES[names]), event.id),
        **dict.fromkeys(_RECIPIENT_NAMES_OF[names], registration.client_id),
        **data,
    }


def cloud_event(event: Event, source: str) -> dict[str, Any]:
    """Return an event as its producer's CloudEvent, without what I/O Events adds.

    Not documented: no public document has a flow run notification in this format. ``data`` is what
    the envelope would hold: the run entity, or an object with ``messages``.
    """
    notification = event.notification
    if notification.member == "cloud_event":
        return dict(notification.content)
    is_event = notification.member == "event"
    return {
        "specversion": "1.0",
        "id": event.cloud_id,
        "source": source,
        "type": notification.event_code,
        "datacontenttype": "application/json",
        "time": instant.spell(event.time),
        "data": notification.content if is_event else {"messages": notification.content},
    }


def source_of(provider: str) -> str:
    """Return the CloudEvents source: the id of the provider with this name, as URN (6.2)."""
    return f"urn:uuid:{provider_id(provider)}"


@lru_cache(1_000)
def provider_id(name: str) -> str:
    """Return the id of the provider with this name: a UUID that follows from the name.

    Results are remembered, since every CloudEvent has this id.
    """
    return str(uuid5(NAMESPACE_URL, name))
