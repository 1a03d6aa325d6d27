"""A custom provider, and registrations for its events: what tests of publishing share."""

from __future__ import annotations

from dataclasses import replace

from flowsim.core.event import Notification
from flowsim.events_service.providers.model import CUSTOM, EventMetadata, Provider
from flowsim.events_service.publishing.publishing import Published
from flowsim.events_service.registrations.model import EventOfInterest, Registration
from flowsim.events_service.service import Service

from .running import register

CODE = "order.placed"
PROVIDER = "0ca5a3f5-97a7-4e1b-b1cc-dbcf5c1f3f57"


def custom_provider(service: Service, **fields: object) -> Provider:
    """Create a provider of custom events, which emits events of one code."""
    provider = Provider(
        id=PROVIDER,
        org=service.installation.org,
        metadata=CUSTOM,
        instance_id="0d5ab1b8-13cb-4a2f-8a6d-2c1b2f1f5a11",
        label="Shop",
        description="",
        docs_url="",
        publisher=service.installation.ims_org,
        event_delivery_format="cloud_events_v1",
        data_residency_region="VA6",
    )
    provider = replace(provider, **fields)  # type: ignore[arg-type]
    with service.database.transaction() as connection:
        service.providers.put(connection, provider)
        service.providers.put_metadata(connection, EventMetadata(provider.id, CODE, "Order", ""))
    service.directory.forget()
    return provider


def subscribe(
    service: Service, provider_id: str = PROVIDER, code: str = CODE, **fields: object
) -> Registration:
    """Register a journal for one kind of events of a provider."""
    interests = (EventOfInterest(provider_id, code),)
    return register(service, None, "journal", events_of_interest=interests, **fields)


def publish(service: Service, data: object = None, code: str = CODE) -> Published:
    """Publish an event of the provider."""
    provider = service.directory.provider(PROVIDER)
    assert provider
    content = {"specversion": "1.0", "id": "7", "source": provider.source, "type": code}
    notification = Notification(code, "cloud_event", content | {"data": data})
    return service.publishing.publish(provider, notification)
