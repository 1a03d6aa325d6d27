"""Publishes scenarios when a service starts, to the journal of one registration."""

from __future__ import annotations

from collections.abc import Iterable

from ..journal.model import Address
from ..providers import adobe
from ..registrations import actions as registrations
from ..registrations.model import Registration
from ..service import Service
from .bodies import TriggerBody
from .triggering import trigger

NAME_AT_START = "flowsim exec"
"""The name of the registration for scenarios that are published at the start."""


def publish_at_start(service: Service, scenarios: Iterable[tuple[str, str]]) -> Registration:
    """Publish scenarios to the journal of one registration, and return that registration.

    ``scenarios`` are pairs of file name and text, as of ``flowsim exec --scenario``. The
    registration is made first if there is none: it has a journal only, and asks for every event
    code of all families. Raises ``ApiError`` with the mistakes of a scenario.
    """
    own = service.installation
    body = {
        "client_id": own.client_id,
        "name": NAME_AT_START,
        "delivery_type": "journal",
        "events_of_interest": adobe.interests(service.families, service.families.event_codes()),
    }
    known = service.registrations.named(own.place, NAME_AT_START)
    registration = known or registrations.create(service, own.place, body, base="")
    for file, text in scenarios:
        asked = TriggerBody(text=text, file=file, registration=registration.registration_id)
        trigger(service, asked)
    return registration


def journal_path(service: Service, registration: Registration) -> str:
    """Return the path of a registration's journal (5.1)."""
    own = service.installation
    address = Address(own.org, own.credential_id, registration.registration_id)
    return f"/events{address.path}"
