"""What the control calls do: change settings, delete everything, deliver an event again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ...core.instant import whole_ms
from ...errors import ApiError
from ...families.base import to_journals_only
from ...scenario.model import FaultSpec
from ..deliveries import delivery_faults
from ..deliveries.delivery_request import parts_of, payload_of
from ..deliveries.table import REMOVALS, Deliveries, StoredDelivery
from ..providers import adobe
from ..publishing.table import Events, StoredEvent
from ..registrations import notes
from ..registrations.model import Registration
from ..service import NAMES, Service
from .bodies import SettingsBody

SHORTEST = 4
"""How many characters of an event id are needed at least to find it."""

_NAMED = 3
"""How many ids a message names."""

_BEFORE = "published before reset"
_DELETED = (
    *("entry", "event", "entity_key", "entity", "expired", "delivery", "attempt", "trace", "tally"),
    *("validation", "filter", "interest", "registration", "state", "note"),
)
"""Tables in an order in which no row loses what it refers to."""


@dataclass(frozen=True, slots=True)
class RunningSettings:
    """How the service behaves now; ``strict`` and ``targets`` were set at its start."""

    names: str
    platform_delivery_format: str
    strict: bool
    targets: tuple[str, ...]


def settings_of(service: Service) -> RunningSettings:
    """Return how the service behaves."""
    options = service.options
    form = "cloud_events" if service.platform_provider.delivers_cloud_events else "adobe_io"
    return RunningSettings(options.names, form, options.strict, options.targets)


def change_settings(service: Service, body: SettingsBody) -> RunningSettings:
    """Change settings, also for later starts; payloads that are made from now on follow them.

    A delivery that was attempted before may keep its payload.
    """
    with service.database.transaction() as connection:
        if body.names is not None:
            service.settings.put(connection, NAMES, body.names)
        if body.platform_delivery_format is not None:
            form = adobe.FORMATS[body.platform_delivery_format]
            for name in adobe.platform_providers(service.families):
                found = service.providers.of_instance("", name, "")
                assert found is not None
                changed = replace(found, event_delivery_format=form)
                service.providers.put(connection, changed)
    if body.names is not None:
        service.options.names = body.names
    service.directory.forget()
    return settings_of(service)


def reset(service: Service) -> None:
    """Delete everything but ids, tokens, settings and the clock.

    Numbers go on where they were, so that no id comes twice. The description of
    ``POST /_flowsim/reset`` lists what is deleted.
    """
    with service.database.transaction() as connection:
        for table in _DELETED:
            connection.execute(f"DELETE FROM {table}")
        connection.execute("DELETE FROM provider WHERE org <> ''")  # all but those of Adobe
        service.settings.put(connection, _BEFORE, Events(service.database).last_seq())
        service.settings.count_up(connection, REMOVALS)
    service.proofs.forget()
    service.directory.forget()
    service.look_again()
    notes.note_reset(service)


def published(service: Service) -> int:
    """Return how many events were published since the first start, or the last reset."""
    return Events(service.database).last_seq() - int(service.settings.get(_BEFORE) or 0)


@dataclass(frozen=True, slots=True)
class Redelivered:
    """An event that is delivered again, and the registrations it is delivered to."""

    event_id: str
    registrations: tuple[str, ...]


def redeliver(
    service: Service,
    event_id: str,
    registration_id: str | None,
    faults: Sequence[FaultSpec] = (),
) -> Redelivered:
    """Deliver an event again to all registrations whose journal has it, or to one of them.

    That is a new delivery, with attempts of its own; disabled registrations get it too. The
    beginning of an id is enough, if only one event has it. ``faults`` act on each attempt, see
    ``delivery_faults``; such a delivery joins no batch. Raises ``ApiError`` 404 if no journal has
    such an event; 409 if several ids begin with it, if no registration has a webhook, if Adobe
    sends such events to journals only, or if the event has not the content that a fault acts on;
    400 for other mistakes in the faults.
    """
    events, deliveries = Events(service.database), Deliveries(service.database)
    with service.database.transaction() as connection:
        stored = events.find_id(event_id) or _beginning(events, event_id)
        event_id = stored.event.id
        readers = list(_readers(service, events, stored, registration_id))
        if not readers:
            raise ApiError(404, "Not Found", _why_unread(event_id, registration_id))
        _expect_sendable(service, stored)
        pushed = [each for each in readers if each.is_challenged]
        if not pushed:
            raise ApiError(409, "Conflict", f"no registration with event {event_id} has a webhook")
        now, text = whole_ms(service.clock.now()), _faults(service, stored, pushed, faults)
        pairs = [(each.key, stored.seq) for each in pushed]
        deliveries.add(connection, pairs, now, is_again=True, faults=text)
    service.look_again()
    return Redelivered(event_id, tuple(each.registration_id for each in pushed))


def _expect_sendable(service: Service, stored: StoredEvent) -> None:
    provider = service.directory.provider(stored.provider_id)
    family = provider and adobe.family_of(service.families, provider, stored.event.code)
    if family and family.journal_only:
        raise ApiError(409, "Conflict", to_journals_only(family))


def _faults(
    service: Service,
    stored: StoredEvent,
    pushed: Iterable[Registration],
    faults: Sequence[FaultSpec],
) -> str | None:
    """Return faults as they are stored, once it is sure that they can act on an event."""
    family = service.families.by_code(stored.event.code)
    text = delivery_faults.checked(faults, family.name if family else "")
    for each in pushed if text else ():
        row = StoredDelivery(0, each.key, stored.seq, stored.event.time, faults=text)
        built = payload_of(parts_of(service, [row], each), is_new=True)
        if not delivery_faults.can_act(built):
            names = " and ".join(spec.name for spec in faults)
            raise ApiError(
                *(409, "Conflict"), f"{names} cannot act on the content of event {stored.event.id}"
            )
    return text


def _beginning(events: Events, begin: str) -> StoredEvent:
    """Return the one event whose id begins with a text, as tables print ids."""
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


def _why_unread(event_id: str, registration_id: str | None) -> str:
    if registration_id is None:
        return f"no registration has event {event_id} in its journal"
    return f"registration {registration_id!r} has no event {event_id} in its journal"
