"""Notes of what happens to registrations; each is a line in the log of the service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from .model import SPELLINGS, Registration

if TYPE_CHECKING:
    from ..service import Service

Kind = Literal["created", "changed", "deleted", "challenge", "status"]

_SHOWN = (
    *("name", "description", "delivery_type", "webhook_url", "runtime_action", "enabled"),
    *("events_of_interest", "destination_metadata"),
)
"""Members that a save may change; the filter is stored separately."""


@dataclass(frozen=True, slots=True)
class RegistrationNote:
    """One event in the life of a registration, at a time of the service's clock.

    ``text`` says what happened. ``registration_id`` and ``name`` are empty if it happened to all
    registrations at once.
    """

    kind: Kind
    at: datetime
    registration_id: str
    name: str
    text: str


def of(kind: Kind, registration: Registration, at: datetime, text: str) -> RegistrationNote:
    """Return a note about one registration."""
    return RegistrationNote(kind, at, registration.registration_id, registration.name, text)


def created_text(made: Registration) -> str:
    """Return where a new registration delivers to, or why it delivers nothing."""
    never = "" if made.is_challenged else made.undelivered
    return f"created, {destination(made)}{f': {never}' if never else ''}"


def destination(registration: Registration) -> str:
    """Return where the events of a registration go, in a few words."""
    if registration.delivery_type == "journal":
        return "journal only"
    if registration.delivery_type == "aws_eventbridge":
        return "Amazon EventBridge"
    if registration.runtime_action is not None:
        return f"runtime action {registration.runtime_action}"
    return f"{registration.delivery_type} {registration.webhook_url}"


def changed_text(before: Registration, after: Registration, *, is_filter_new: bool) -> str:
    """Return which members a save has changed."""
    names = [name for name in _SHOWN if getattr(before, name) != getattr(after, name)]
    names += ["subscriber_filters"] if is_filter_new else []
    return f"changed: {', '.join(names)}" if names else "saved without a change"


def status_text(before: str, after: str, why: str = "") -> str:
    """Return a change of status in the words of the rule, as in ``ACTIVE → UNSTABLE``."""
    change = f"{SPELLINGS[before][0]} → {SPELLINGS[after][0]}"
    return f"{change}: {why}" if why else change


def note(service: Service, kind: Kind, registration: Registration, text: str) -> None:
    """Note what happened now. Call it after the change is committed."""
    service.note(of(kind, registration, service.clock.now(), text))


def note_status(service: Service, before: str, after: Registration) -> None:
    """Note the new status of a registration, unless it is the same as before."""
    if after.status != before:
        note(service, "status", after, status_text(before, after.status))


def note_reset(service: Service) -> None:
    """Note that all registrations are forgotten."""
    text = "all are deleted"
    service.note(RegistrationNote("deleted", service.clock.now(), "", "", text))
