"""Lets an event be delivered again: a delivery of its own, with attempts of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...core.instant import whole_ms
from ...errors import ApiError
from ..publishing.table import Events, StoredEvent
from ..registrations.model import Registration
from ..service import Service
from .table import Deliveries

SHORTEST = 4
"""So many characters of an event id may stand for all of it, at least."""

_NAMED = 3
"""How many ids a message names."""


@dataclass(frozen=True, slots=True)
class Redelivered:
    """An event that is delivered again, and the registrations it is delivered to."""

    event_id: str
    registrations: tuple[str, ...]


def redeliver(service: Service, event_id: str, registration_id: str | None) -> Redelivered:
    """Deliver an event again to all registrations whose journal has it, or to one of them.

    The beginning of an id will do, if one event only has it. A disabled registration gets it
    too: somebody asked. Raises ``ApiError`` 404 if there is no such event in the journals, 409 if
    several ids begin so, or if nobody who has it has a webhook.
    """
    events, deliveries = Events(service.database), Deliveries(service.database)
    with service.database.transaction() as connection:
        stored = events.find_id(event_id) or _beginning(events, event_id)
        event_id = stored.event.id
        readers = list(_readers(service, events, stored, registration_id))
        if not readers:
            raise ApiError(404, "Not Found", _nobody(event_id, registration_id))
        pushed = [each for each in readers if each.is_challenged]
        if not pushed:
            raise ApiError(409, "Conflict", f"no registration with event {event_id} has a webhook")
        now = whole_ms(service.clock.now())
        deliveries.add(connection, [(each.key, stored.seq) for each in pushed], now)
    service.look_again()
    return Redelivered(event_id, tuple(each.registration_id for each in pushed))


def _beginning(events: Events, begin: str) -> StoredEvent:
    """Return the one event whose id begins so, as ids are printed in tables."""
    ids = events.ids_from(begin, _NAMED + 1) if len(begin) >= SHORTEST else []
    found = events.find_id(ids[0]) if ids else None
    if found is None:
        raise ApiError(404, "Not Found", f"no event {begin!r}; events are kept for 7 days")
    if len(ids) > 1:
        several = ", ".join(ids[:_NAMED]) + (" and others" if len(ids) > _NAMED else "")
        raise ApiError(409, "Conflict", f"several events begin with {begin!r}: {several}")
    return found


def _readers(
    service: Service, events: Events, stored: StoredEvent, registration_id: str | None
) -> Iterator[Registration]:
    """Yield the registrations that have an event in their journals, and still exist."""
    for key in events.readers_of(stored.seq):
        registration = service.registrations.by_key(key)
        if registration is None or registration.deleted:
            continue
        if registration_id in (None, registration.registration_id):
            yield registration


def _nobody(event_id: str, registration_id: str | None) -> str:
    if registration_id is None:
        return f"no registration has event {event_id} in its journal"
    return f"registration {registration_id!r} has no event {event_id} in its journal"
