"""The form in which a registration gets the events of a provider."""

from __future__ import annotations

from ..core.provider import Provider, header_name
from ..core.registration import Registration
from ..core.scenario import Names, RegistrationSpec


def form_of(
    registration: Registration, provider: Provider, ims_org: str, names: Names
) -> RegistrationSpec:
    """Return how an event is wrapped: the provider decides the format (6.2).

    ``names`` are the id members of the envelope.
    """
    cloud_events = provider.delivers_cloud_events
    return RegistrationSpec.model_construct(
        client_id=registration.client_id,
        delivery_type="webhook_batch"
        if registration.delivery_type == "webhook_batch"
        else "webhook",
        event_delivery_format="cloud_events" if cloud_events else "adobe_io",
        names=names,
        provider=header_name(provider, ims_org),
    )
