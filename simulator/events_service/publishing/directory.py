"""Which registrations get which events, and in which form.

Registrations, providers and filters are kept in memory until they change.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache

from ...core.spec_values import Names, RegistrationSpec
from ..database.database import Database
from ..filters.model import Filter, parse
from ..providers.model import Provider, header_name
from ..providers.table import Providers
from ..registrations.model import Registration
from ..registrations.table import Registrations
from .table import StoredEvent


@dataclass(frozen=True, slots=True)
class Route:
    """A registration that asks for a kind of event, and its compiled filter."""

    registration: Registration
    filter: Filter | None


class Directory:
    """Reads from the store once, and again after ``forget``; safe to use from any thread."""

    def __init__(self, database: Database) -> None:
        self._providers = Providers(database)
        self._registrations = Registrations(database)
        self._lock = threading.Lock()
        self._routes: dict[tuple[str, str], tuple[Route, ...]] = {}
        self._filters: dict[int, Filter | None] = {}
        self._by_key: dict[int, Registration | None] = {}
        self._by_id: dict[str, Provider] = {}

    def forget(self) -> None:
        """Read everything again: call it when a registration, filter or provider has changed."""
        with self._lock:
            self._routes, self._filters, self._by_key, self._by_id = {}, {}, {}, {}

    def routes(self, provider_id: str, code: str) -> tuple[Route, ...]:
        """Return the registrations that ask for a kind of event."""
        key, known = (provider_id, code), self._routes
        routes = known.get(key)
        if routes is None:
            found = self._registrations.interested_in(provider_id, code)
            routes = tuple(map(self.route, found))
            if routes:  # producers may name any number of kinds that no registration asks for
                known[key] = routes
        return routes

    def route(self, registration: Registration) -> Route:
        """Return a registration with its filter, which is compiled once."""
        key, known = registration.key, self._filters
        if key not in known:
            stored = self._registrations.filter_of(key)
            known[key] = parse(stored.subscriber_filter) if stored else None
        return Route(registration, known[key])

    def registration(self, key: int) -> Registration | None:
        """Return a registration by its key, deleted or not."""
        known = self._by_key
        if key not in known:
            known[key] = self._registrations.by_key(key)
        return known[key]

    def provider(self, provider_id: str) -> Provider | None:
        known = self._by_id
        provider = known.get(provider_id)
        if provider is None:
            provider = self._providers.find(provider_id)
            if provider is not None:
                known[provider_id] = provider
        return provider


def form_of_sample(client_id: str, provider: Provider, names: Names) -> RegistrationSpec:
    """Return how a sample event is wrapped for a client; ``names`` are the id members (6.2)."""
    return _form(client_id, False, provider.delivers_cloud_events, names, header_name(provider))


def form_of_stored(
    directory: Directory, registration: Registration, stored: StoredEvent, names: Names
) -> RegistrationSpec:
    """Return how an event is wrapped for a registration: its provider decides the format (6.2).

    If the provider was deleted, the event is delivered as its producer wrote it. ``names`` are
    the id members of the envelope.
    """
    provider = directory.provider(stored.provider_id)
    if provider is None:
        header, cloud_events = "", stored.event.notification.member == "cloud_event"
    else:
        header, cloud_events = header_name(provider), provider.delivers_cloud_events
    is_batch = registration.delivery_type == "webhook_batch"
    return _form(registration.client_id, is_batch, cloud_events, names, header)


@lru_cache(1_000)
def _form(
    client_id: str, batch: bool, cloud_events: bool, names: Names, header: str
) -> RegistrationSpec:
    return RegistrationSpec.model_construct(
        client_id=client_id,
        delivery_type="webhook_batch" if batch else "webhook",
        event_delivery_format="cloud_events" if cloud_events else "adobe_io",
        names=names,
        provider=header,
    )
