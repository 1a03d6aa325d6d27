"""From a published event to journals and deliveries, in one transaction (4.7, 5, 6.5, 8.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .. import families
from ..chance import Chance
from ..clock import Present
from ..core.event import Event
from ..core.identifiers import uuid4
from ..core.instant import whole_ms
from ..core.notification import Notification
from ..core.payload import cloud_event
from ..core.provider import Provider
from ..core.registration import Registration
from ..core.registration_status import DISABLED
from ..stores.database import Database
from ..stores.deliveries import Deliveries
from ..stores.events import Events, StoredEvent
from ..stores.flow_runs import FlowRuns
from ..stores.settings import Settings
from .directory import Directory, Route


@dataclass(frozen=True, slots=True)
class Published:
    """An event that was accepted, and the registrations it is for.

    ``registrations`` are those that asked for its kind; ``accepted`` are those whose filter
    lets it pass, too.
    """

    event: Event
    registrations: tuple[Registration, ...]
    accepted: tuple[Registration, ...]


class Publishing:
    """Accepts events; ``on_due`` is told when a delivery was added."""

    def __init__(
        self,
        database: Database,
        directory: Directory,
        chance: Chance,
        clock: Present,
        on_due: Callable[[], None],
    ) -> None:
        self._database = database
        self._directory = directory
        self._chance = chance
        self._clock = clock
        self._on_due = on_due
        self._settings = Settings(database)
        self._events = Events(database)
        self._runs = FlowRuns(database)
        self._deliveries = Deliveries(database)

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
            routes = self._routes(provider.id, notification.event_code, only)
            passing = [each for each in routes if self._passes(each, provider, event)]
            if passing:
                keys = [each.registration.key for each in passing]
                self._events.add(connection, StoredEvent(seq, provider.id, event))
                self._events.add_entries(connection, seq, keys)
                self._runs.add(connection, seq, families.runs_of(notification))
            pushed = [each.registration for each in passing if _takes_new(each.registration)]
            self._settings.put_clock(connection, now)
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
        self._directory.forget()

    def _routes(self, provider_id: str, code: str, only: Registration | None) -> tuple[Route, ...]:
        if only is not None:
            return (self._directory.route(only),)
        return self._directory.routes(provider_id, code)

    def _passes(self, route: Route, provider: Provider, event: Event) -> bool:
        """Tell whether a filter lets an event pass; it judges what would be delivered."""
        if route.filter is None:
            return True
        return route.filter.matches(cloud_event(event, provider.source))


def _takes_new(registration: Registration) -> bool:
    """Tell whether new events are delivered: not while it is disabled (4.7)."""
    return registration.is_pushed and registration.status != DISABLED
