"""The subscriber-defined filter of a registration (io-events-protocol.md 8)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from ...core import payload
from ...errors import ApiError
from ..providers import samples
from ..providers.model import Provider
from ..publishing.directory import form_of_stored
from ..publishing.table import Events
from ..registrations import notes
from ..registrations.model import EventOfInterest, Registration
from ..registrations.table import StoredFilter
from ..request_body import read, refusal
from ..service import Service
from .bodies import AS_CLOUD_EVENTS, FilterBody, FilterVerdict, TrialBody, validate
from .model import parse


def describe(service: Service, registration: Registration) -> list[dict[str, str]]:
    """Return the filter as the API prints it, alone in a list; an empty list without one."""
    kept = service.registrations.filter_of(registration.key)
    return [asdict(kept)] if kept else []


def find(service: Service, registration: Registration, filter_id: str) -> StoredFilter:
    """Return the filter with this id; raises ``ApiError`` 404 if there is none."""
    kept = service.registrations.filter_of(registration.key)
    if kept is None or kept.id != filter_id:
        raise ApiError(404, "Not Found", f"this registration has no filter {filter_id!r}")
    return kept


def create(service: Service, registration: Registration, content: object) -> StoredFilter:
    """Create the filter of a registration.

    Raises ``ApiError`` 400 for mistakes, 409 if there is a filter already. That there is only one
    is documented, the answer to a second is not.
    """
    body = _read_for(service, registration, content)
    with service.database.transaction() as connection:
        kept = service.registrations.filter_of(registration.key)
        if kept is not None:
            text = f"a registration has one filter, and this one has {kept.name!r}; replace that"
            raise ApiError(409, "Conflict", text)
        made = save(service, connection, registration, body)
    _changed(service, registration)
    return made


def replace(
    service: Service, registration: Registration, filter_id: str, content: object
) -> StoredFilter:
    """Replace a filter; raises ``ApiError`` 400 or 404."""
    find(service, registration, filter_id)
    body = _read_for(service, registration, content)
    with service.database.transaction() as connection:
        find(service, registration, filter_id)
        made = save(service, connection, registration, body)
    _changed(service, registration)
    return made


def delete(service: Service, registration: Registration, filter_id: str) -> None:
    """Delete a filter, after which all events pass; raises ``ApiError`` 404."""
    with service.database.transaction() as connection:
        find(service, registration, filter_id)
        service.registrations.delete_filter(connection, registration.key)
    _changed(service, registration)


def _changed(service: Service, registration: Registration) -> None:
    service.directory.forget()
    notes.note(service, "changed", registration, "changed: subscriber_filters")


def try_out(service: Service, registration: Registration, content: object) -> FilterVerdict:
    """Return what a filter would do with the samples of the events a registration asks for.

    Nothing is changed. Raises ``ApiError`` 400 for mistakes, the filter's among them.
    """
    body = read(TrialBody, content)
    custom = ((each.name, each.sample_payload) for each in body.custom_sample_events or ())
    compiled = parse(body.subscriber_filter.subscriber_filter)
    return validate(compiled, _samples(service, registration), custom)


def latest_events(service: Service, registration: Registration, at_most: int) -> dict[str, str]:
    """Return the latest events that a registration asks for, as its webhook would get each.

    The key names code and id of the event, the value is JSON text; the newest comes first. They
    are events that some registration took, for others are not kept.
    """
    kinds = [(each.provider_id, each.event_code) for each in registration.events_of_interest]
    found = {}
    for stored in Events(service.database).latest(kinds, at_most):
        form = form_of_stored(service.directory, registration, stored, service.options.names)
        name = f"{stored.event.notification.event_code} {stored.event.id}"[:255]
        found[name] = payload.element(stored.event, form).decode()
    return found


def save(
    service: Service, connection: sqlite3.Connection, saved: Registration, body: FilterBody
) -> StoredFilter:
    """Write the one filter of a registration, with the id of an earlier one."""
    before = service.registrations.filter_of(saved.key)
    made = StoredFilter(
        before.id if before else service.new_id("filter"),
        body.name,
        body.description or "",
        body.subscriber_filter,
    )
    service.registrations.put_filter(connection, saved.key, made)
    return made


def check_formats(service: Service, asked: Iterable[EventOfInterest]) -> None:
    """Raise ``ApiError`` 400 if one of these events is not delivered as a CloudEvent (8.1)."""
    for each in asked:
        provider = service.directory.provider(each.provider_id)
        if provider is not None and not provider.delivers_cloud_events:
            raise refusal(
                [
                    f"subscriber_filters: {each.event_code} of {provider.label} is delivered in "
                    f"the format {provider.event_delivery_format}; expected CloudEvents only, "
                    f"{_remedy(provider)}"
                ]
            )


def _remedy(provider: Provider) -> str:
    """Return advice for events that are not CloudEvents yet."""
    if provider.org:
        return "so save the provider with event_delivery_format cloud_events_v1"
    return f"so add {AS_CLOUD_EVENTS}"


def _read_for(service: Service, registration: Registration, content: object) -> FilterBody:
    body = read(FilterBody, content)
    if registration.delivery_type == "aws_eventbridge":
        raise refusal(["subscriber_filters: expected none with delivery_type aws_eventbridge"])
    check_formats(service, registration.events_of_interest)
    return body


def _samples(
    service: Service, registration: Registration
) -> Iterator[tuple[EventOfInterest, str | None]]:
    """Yield the events a registration asks for, each with its sample as it would be delivered."""
    for each in registration.events_of_interest:
        provider = service.directory.provider(each.provider_id)
        metadata = service.providers.find_metadata(each.provider_id, each.event_code)
        sample = samples.read(service, provider, metadata) if provider and metadata else None
        yield each, sample.payload if sample else None
