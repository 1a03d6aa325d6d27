"""Events in their delivery format, as the exact bytes that are signed and sent.

The bytes are made once, here; signing, sending and showing use them as they are
(io-events-protocol.md 1.5 to 1.7, 2.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from . import instant, json_writing
from .envelope import (
    EVENT_IDS,
    RECIPIENT_IDS,
    USUAL_CLOUD_EVENT,
    filled,
    usual_envelope,
)
from .event import USUAL_PROVIDER, Event
from .spec_values import RegistrationSpec

MOST_EVENTS = 20
"""Events in one batch, at most (1.6)."""

MOST_BYTES = 2_000_000
"""Bytes of one batch, at most (1.6); a single larger event travels alone."""

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
    """Return the value of ``x-adobe-provider``: the stated one, or that of the event's family.

    A family that has an own value for it, such as one for an instance, uses that in the place of
    its provider metadata id. An event from a store may name no provider: then the stated one is
    its own.
    """
    notification, stated = event.notification, registration.provider
    own = notification.envelope.provider if notification.envelope else ""
    is_own = not stated or notification.provider in ("", stated)
    return own if own and is_own else provider_id_of(event, registration)


def provider_id_of(event: Event, registration: RegistrationSpec) -> str:
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


def journal_element(event: Event, registration: RegistrationSpec) -> bytes:
    """Return one event as an entry of a journal holds it: the content alone for some producers."""
    envelope = event.notification.envelope
    if envelope is not None and envelope.is_bare_in_journal:
        return json_writing.compact(event.content)
    return element(event, registration)


def element(event: Event, registration: RegistrationSpec) -> bytes:
    """Return the JSON object of one event; in a batch it is one element."""
    if format_of(event, registration) == "cloud_events":
        content = _cloud_event(event, registration)
    else:
        content = _envelope(event, registration)
    return json_writing.compact(content)


def _envelope(event: Event, registration: RegistrationSpec) -> Any:
    """Return the ``adobe_io`` envelope, ids around the notification (1.7).

    Whether Adobe adds the new names to this envelope too is not known: ``names`` decides.
    """
    notification = event.notification
    if notification.member == "cloud_event":
        data = notification.content.get("data")
        notification = replace(notification, member="event", content=data)
    own = None if notification.envelope is None else notification.envelope.adobe_io
    template = usual_envelope(notification.member) if own is None else own
    values = {notification.member: notification.content, **_ids(event, registration)}
    return filled(template, values, registration.names, is_cloud=False)


def _ids(event: Event, registration: RegistrationSpec) -> dict[str, str]:
    return {
        **dict.fromkeys(EVENT_IDS, event.id),
        **dict.fromkeys(RECIPIENT_IDS, registration.client_id),
    }


def _cloud_event(event: Event, registration: RegistrationSpec) -> dict[str, Any]:
    """Return a structured CloudEvent 1.0, by default in the key order of the 2025 capture (1.5)."""
    source = source_of(provider_id_of(event, registration))
    template, values = _attributes(event, source)
    return filled(template, values | _ids(event, registration), registration.names, is_cloud=True)


def cloud_event(event: Event, source: str) -> dict[str, Any]:
    """Return an event as its producer's CloudEvent, without what I/O Events adds.

    Not documented: no public document has a flow run notification in this format. ``data`` is what
    the envelope would hold: the run entity, or an object with ``messages``.
    """
    template, values = _attributes(event, source)
    return {
        name: values.get(name) if said is None else said
        for name, said in template.items()
        if name not in EVENT_IDS and name not in RECIPIENT_IDS
    }


def _attributes(event: Event, source: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Return the template of a CloudEvent, and what is filled into it but for ids."""
    notification = event.notification
    if notification.member == "cloud_event":
        content = notification.content
        others = {name: each for name, each in content.items() if name != "data"}
        ids = dict.fromkeys((*reversed(EVENT_IDS), *RECIPIENT_IDS))
        data = dict.fromkeys(name for name in ("data",) if name in content)
        return {**others, **ids, **data}, dict(content)
    own = None if notification.envelope is None else notification.envelope.cloud_events
    is_event = notification.member == "event"
    return USUAL_CLOUD_EVENT if own is None else own, {
        "id": event.cloud_id,
        "source": source,
        "type": notification.event_code,
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
