"""Registrations for flow runs, by their name."""

from __future__ import annotations

from flowsim.events_service.registrations.model import EventOfInterest, Registration
from flowsim.events_service.service import Service

from . import running

CODES = ("sources_flow_run_success", "sources_flow_run_failed")


def register(
    service: Service,
    name: str = "mine",
    *,
    webhook: str | None = "http://127.0.0.1:9/hook",
    codes: tuple[str, ...] = CODES,
    delivery_type: str | None = None,
    provider_id: str | None = None,
    **fields: object,
) -> Registration:
    """Write a registration for these event codes; without a webhook it has a journal only."""
    provider = provider_id or service.platform_provider.id
    return running.register(
        service,
        webhook,
        delivery_type or ("webhook" if webhook else "journal"),
        name=name,
        events_of_interest=tuple(EventOfInterest(provider, code) for code in codes),
        **fields,
    )
