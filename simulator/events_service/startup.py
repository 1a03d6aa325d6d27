"""Scenarios that are in a journal before anybody asks: what ``flowsim exec --scenario`` does."""

from __future__ import annotations

from collections.abc import Iterable

from ..core.payload import provider_id
from ..families import registry
from .control.bodies import TriggerBody
from .control.triggering import trigger
from .providers.model import PLATFORM
from .registrations import actions as registrations
from .registrations.model import Registration
from .service import Service

NAME = "flowsim exec"
"""The name of the registration."""


def publish(service: Service, scenarios: Iterable[tuple[str, str]]) -> Registration:
    """Publish scenarios, each its file's name and text, and return whose journal they are in.

    The registration is made first if there is none: it has a journal only, and is for every
    code of the platform's events. Raises ``ApiError`` with the mistakes of a scenario.
    """
    registration = _registration(service)
    for file, text in scenarios:
        asked = TriggerBody(text=text, file=file, registration=registration.registration_id)
        trigger(service, asked)
    return registration


def journal_path(service: Service, registration: Registration) -> str:
    """Return the path of a registration's journal (5.1)."""
    own = service.installation
    return (
        f"/events/organizations/{own.org}/integrations/{own.credential_id}"
        f"/{registration.registration_id}"
    )


def _registration(service: Service) -> Registration:
    own, provider = service.installation, provider_id(PLATFORM)
    codes = registry.event_codes()
    body = {
        "client_id": own.client_id,
        "name": NAME,
        "delivery_type": "journal",
        "events_of_interest": [{"provider_id": provider, "event_code": code} for code in codes],
    }
    known = service.registrations.named(own.place, NAME)
    return known or registrations.create(service, own.place, body, base="")
