"""Tells the log of the service what happens to registrations."""

from __future__ import annotations

from ..service import Service
from . import notes
from .model import Registration
from .notes import Kind, RegistrationNote


def note(service: Service, kind: Kind, registration: Registration, text: str) -> None:
    """Note what happened now. Call it once that is stored."""
    service.note(notes.of(kind, registration, service.clock.now(), text))


def note_status(service: Service, before: str, after: Registration) -> None:
    """Note that a status has changed, if it has."""
    if after.status != before:
        note(service, "status", after, notes.status_text(before, after.status))


def note_reset(service: Service) -> None:
    """Note that every registration is forgotten."""
    text = "all are forgotten"
    service.note(RegistrationNote("deleted", service.clock.now(), "", "", text))
