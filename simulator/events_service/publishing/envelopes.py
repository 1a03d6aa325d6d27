"""The form in which a registration gets the events of a provider."""

from __future__ import annotations

from functools import lru_cache

from ...core.spec_values import Names, RegistrationSpec
from ..providers.model import Provider, header_name
from ..registrations.model import Registration
from .directory import Directory
from .table import StoredEvent


def form_of(registration: Registration, provider: Provider, names: Names) -> RegistrationSpec:
    """Return how an event is wrapped: the provider decides the format (6.2).

    ``names`` are the id members of the envelope.
    """
    return _form(
        registration.client_id,
        registration.delivery_type == "webhook_batch",
        provider.delivers_cloud_events,
        names,
        header_name(provider),
    )


def form_of_sample(client_id: str, provider: Provider, names: Names) -> RegistrationSpec:
    """Return how an event is wrapped that a client of no certain registration gets."""
    header = header_name(provider)
    return _form(client_id, False, provider.delivers_cloud_events, names, header)


def form_of_stored(
    directory: Directory, registration: Registration, stored: StoredEvent, names: Names
) -> RegistrationSpec:
    """Return how an event is wrapped; if its provider was deleted, as its producer wrote it."""
    provider = directory.provider(stored.provider_id)
    if provider is not None:
        return form_of(registration, provider, names)
    batch, form = registration.delivery_type == "webhook_batch", stored.event.notification.member
    return _form(registration.client_id, batch, form == "cloud_event", names, "")


@lru_cache(1_000)
def _form(
    client_id: str, batch: bool, cloud_events: bool, names: Names, header: str
) -> RegistrationSpec:
    return RegistrationSpec.model_construct(
        client_id=client_id,
        delivery_type="webhook_batch" if batch else "webhook",
        event_delivery_format="cloud_events" if cloud_events else "adobe_io",
        names=names,
        provider=header,
    )
