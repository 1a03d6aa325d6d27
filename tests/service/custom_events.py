"""A custom provider, and registrations for its events: what tests of publishing share."""

from __future__ import annotations

from dataclasses import replace

from flowsim.core.provider import CUSTOM, EventMetadata, Provider
from flowsim.core.registration import EventOfInterest, Registration
from flowsim.service.service import Service

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


def subscribe(service: Service, provider_id: str = PROVIDER, **fields: object) -> Registration:
    """Register a journal for the events of a provider."""
    now, number = service.clock.now(), service.new_id("registration")
    registration = Registration(
        key=0,
        registration_id=number,
        workspace=service.installation.place,
        client_id=service.installation.client_id,
        name=number,
        description="",
        delivery_type="journal",
        webhook_url=None,
        runtime_action=None,
        enabled=True,
        events_of_interest=(EventOfInterest(provider_id, CODE),),
        destination_metadata=None,
        created=now,
        updated=now,
    )
    with service.database.transaction() as connection:
        added = service.registrations.add(connection, replace(registration, **fields))  # type: ignore[arg-type]
    service.directory.forget()
    return added
