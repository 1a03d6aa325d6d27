"""The events that a registration may ask for, in groups, and found by a text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ...events_service.providers.model import EventMetadata, Provider
from ...events_service.registrations.model import Registration
from ...events_service.service import Service


@dataclass(frozen=True, slots=True)
class EventChoice:
    """An event to choose; ``value`` names its provider and its code."""

    value: str
    code: str
    label: str
    summary: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class EventGroup:
    """The events of a family, or those of an organisation's own provider."""

    title: str
    provider: str
    choices: Sequence[EventChoice]

    @property
    def chosen(self) -> int:
        """How many of them are chosen."""
        return sum(each.is_chosen for each in self.choices)


def value_of(provider_id: str, code: str) -> str:
    """Return how a form names an event."""
    return f"{provider_id}/{code}"


def interest_of(value: str) -> dict[str, str]:
    """Return the event that a form names, as the API takes it."""
    provider_id, _, code = value.partition("/")
    return {"provider_id": provider_id, "event_code": code}


def values_of(registration: Registration) -> tuple[str, ...]:
    """Return the events that a registration asks for, as a form names them."""
    found = registration.events_of_interest
    return tuple(value_of(each.provider_id, each.event_code) for each in found)


def usual_values(service: Service) -> tuple[str, ...]:
    """Return the events of platform notifications, which are chosen at first."""
    provider = service.platform_provider
    families = service.families.readable()[0]
    codes = (
        code for each in families if each.provider.id == provider.metadata for code in each.codes
    )
    return tuple(value_of(provider.id, code) for code in codes)


def groups(service: Service, text: str, chosen: Collection[str]) -> list[EventGroup]:
    """Return all events that contain a text, and those that are chosen, in groups.

    The text is looked for in code, label, description, family and provider, in any case.
    """
    found: dict[tuple[str, str], list[EventChoice]] = {}
    wanted = text.strip().lower()
    for provider, metadata in _kinds(service):
        choice = _choice(metadata, chosen)
        title = _title(service, provider, metadata)
        words = (choice.code, choice.label, choice.summary, title, provider.label)
        if choice.is_chosen or wanted in "\n".join(words).lower():
            found.setdefault((title, provider.label), []).append(choice)
    known = {each.value for choices in found.values() for each in choices}
    unknown = [_unknown(value) for value in chosen if value not in known]
    if unknown:
        found["No longer known", ""] = unknown
    return [EventGroup(*names, choices) for names, choices in found.items()]


def _kinds(service: Service) -> Iterator[tuple[Provider, EventMetadata]]:
    for provider in service.providers.of_org(service.installation.org):
        for metadata in service.providers.metadata(provider.id):
            yield provider, metadata


def _title(service: Service, provider: Provider, metadata: EventMetadata) -> str:
    family = None if provider.org else service.families.by_code(metadata.event_code)
    return family.label if family else provider.label


def _choice(metadata: EventMetadata, chosen: Collection[str]) -> EventChoice:
    value = value_of(metadata.provider_id, metadata.event_code)
    return EventChoice(
        value, metadata.event_code, metadata.label, metadata.description, value in chosen
    )


def _unknown(value: str) -> EventChoice:
    return EventChoice(value, interest_of(value)["event_code"], "", "", True)
