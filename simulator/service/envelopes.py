"""The form in which a registration gets the events of a provider."""

from __future__ import annotations

from ..core.notification import Notification
from ..core.provider import Provider, header_name
from ..core.registration import Registration
from ..core.scenario import Names, RegistrationSpec


def form_of(
    registration: Registration, provider: Provider, ims_org: str, names: Names
) -> RegistrationSpec:
    """Return how an event is wrapped: the provider decides the format (6.2).

    ``names`` are the id members of the envelope.
    """
    return _form(
        registration, provider.delivers_cloud_events, names, header_name(provider, ims_org)
    )


def form_without_provider(
    registration: Registration, notification: Notification, names: Names
) -> RegistrationSpec:
    """Return how an event is wrapped whose provider was deleted: as its producer wrote it."""
    return _form(registration, notification.member == "cloud_event", names, "")


def _form(
    registration: Registration, cloud_events: bool, names: Names, header: str
) -> RegistrationSpec:
    batch = registration.delivery_type == "webhook_batch"
    return RegistrationSpec.model_construct(
        client_id=registration.client_id,
        delivery_type="webhook_batch" if batch else "webhook",
        event_delivery_format="cloud_events" if cloud_events else "adobe_io",
        names=names,
        provider=header,
    )
