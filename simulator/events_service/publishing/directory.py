"""Who gets which events: registrations, providers and filters, kept at hand until they change."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from ..database.database import Database
from ..filters.model import Filter, parse
from ..providers.model import Provider
from ..providers.table import Providers
from ..registrations.model import Registration
from ..registrations.table import Registrations


@dataclass(frozen=True, slots=True)
class Route:
    """A registration that asks for a kind of event, and its compiled filter."""

    registration: Registration
    filter: Filter | None


class Directory:
    """Looks things up in the store once, and again after ``forget``."""

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
            if routes:  # whoever publishes may name any number of kinds that nobody asks for
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
