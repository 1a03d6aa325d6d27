"""From a published event to journals and deliveries, in one transaction (4.7, 5, 6.5, 8.1)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from ..chance import Chance
from ..clock import Present
from ..core.event import Event
from ..core.identifiers import uuid4
from ..core.instant import whole_ms
from ..core.notification import Notification
from ..core.provider import Provider
from ..core.registration import Registration
from ..core.registration_status import DISABLED
from ..stores.database import Database
from ..stores.deliveries import Deliveries
from ..stores.events import Events, StoredEvent
from ..stores.registrations import Registrations


@dataclass(frozen=True, slots=True)
class Published:
    """An event that was accepted, and the registrations it is for.

    ``registrations`` are those that asked for its kind; ``accepted`` are those whose filter
    lets it pass, too.
    """

    event: Event
    registrations: tuple[Registration, ...]
    accepted: tuple[Registration, ...]


@dataclass(frozen=True, slots=True)
class _Route:
    registration: Registration


class Publishing:
    """Accepts events; ``on_due`` is told when a delivery was added."""

    def __init__(
        self, database: Database, chance: Chance, clock: Present, on_due: Callable[[], None]
    ) -> None:
        self._database = database
        self._chance = chance
        self._clock = clock
        self._on_due = on_due
        self._events = Events(database)
        self._deliveries = Deliveries(database)
        self._registrations = Registrations(database)
        self._routes: dict[tuple[str, str], tuple[_Route, ...]] = {}
        self._lock = threading.Lock()

    def publish(
        self, provider: Provider, notification: Notification, only: Registration | None = None
    ) -> Published:
        """Store an event, write it into journals, and put deliveries on the agenda.

        ``only`` confines it to one registration, whatever that asks for. Nothing is
        remembered of an event that no registration asks for: Adobe loses it, too (6.5).
        Raises ``StoreError`` with nothing remembered.
        """
        with self._database.transaction() as connection:
            now = whole_ms(self._clock.now())
            seq = self._events.next_seq()
            event = Event(
                uuid4(self._chance.of_ids(f"event/{seq}")), now, "delivered", notification
            )
            routes = self._routes_of(provider.id, notification.event_code, only)
            passing = list(routes)
            if passing:
                keys = [each.registration.key for each in passing]
                self._events.add(connection, StoredEvent(seq, provider.id, event))
                self._events.add_entries(connection, seq, keys)
            pushed = [each.registration for each in passing if _takes_new(each.registration)]
            for registration in pushed:
                self._deliveries.add(connection, registration.key, seq, now)
        if pushed:
            self._on_due()
        return Published(
            event,
            tuple(each.registration for each in routes),
            tuple(each.registration for each in passing),
        )

    def forget_routes(self) -> None:
        """Read registrations and filters again: call it when one of them has changed."""
        with self._lock:
            self._routes.clear()

    def _routes_of(
        self, provider_id: str, code: str, only: Registration | None
    ) -> tuple[_Route, ...]:
        if only is not None:
            return (self._route(only),)
        key = provider_id, code
        with self._lock:
            if key not in self._routes:
                found = self._registrations.interested_in(provider_id, code)
                self._routes[key] = tuple(map(self._route, found))
            return self._routes[key]

    def _route(self, registration: Registration) -> _Route:
        return _Route(registration)


def _takes_new(registration: Registration) -> bool:
    """Tell whether new events are delivered: not while it is disabled (4.7)."""
    return registration.is_pushed and registration.status != DISABLED
