"""Brings a published event to journals and deliveries, in one transaction (4.7, 5.1, 6.5, 8.1)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ...core.event import Event, Notification
from ...core.identifiers import uuid4
from ...core.instant import whole_ms
from ...core.payload import cloud_event
from ...families.registry import Families
from ...runtime.chance import Chance
from ...runtime.clock import Present
from ..database.database import Database, Settings
from ..database.group_commit import GroupCommit
from ..deliveries.table import Deliveries
from ..platform import table as entities
from ..platform.table import FoundEntity
from ..providers.model import Provider
from ..registrations.model import DISABLED, Registration
from .directory import Directory, Route
from .table import Events, StoredEvent


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
class SendingPlan:
    """How the deliveries of an event are made: with ``faults``, see ``delivery_faults``.

    There is one for each of ``offsets``, due this long after the event; without any it is in
    journals only.
    """

    faults: str | None = None
    offsets: tuple[timedelta, ...] = (timedelta(),)


AT_ONCE = SendingPlan()
"""One delivery, due at once."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """An event to be published, to all registrations that ask for its kind or to ``only`` one.

    ``among`` are the keys of the registrations that may get it; None allows all.
    """

    provider: Provider
    notification: Notification
    only: Registration | None
    sending: SendingPlan
    among: Collection[int] | None = None


_Kept = tuple[StoredEvent, Published, SendingPlan]


class Publishing:
    """Accepts events; ``on_due`` is called after deliveries were added."""

    def __init__(
        self,
        database: Database,
        directory: Directory,
        chance: Chance,
        clock: Present,
        on_due: Callable[[], None],
        families: Families,
    ) -> None:
        self._database = database
        self._directory = directory
        self._chance = chance
        self._clock = clock
        self._families = families
        self._on_due = on_due
        self._settings = Settings(database)
        self._events = Events(database)
        self._deliveries = Deliveries(database)
        self._group_commit = GroupCommit(self._publish_all)

    def publish(
        self,
        provider: Provider,
        notification: Notification,
        only: Registration | None = None,
        sending: SendingPlan = AT_ONCE,
        among: Collection[int] | None = None,
    ) -> Published:
        """Store an event, write it into journals, and add deliveries.

        With ``only`` it is for that registration, whether it asks for the event or not; with
        ``among`` it is for those of these keys that ask for it. An event
        that no registration asks for is not stored: Adobe loses it, too (6.5). Raises
        ``StoreError`` if nothing was stored. Events that several threads publish at the same time
        are stored in one transaction, so a caller holds no transaction of its own.
        """
        return self._group_commit.do(_Asked(provider, notification, only, sending, among))

    def _publish_all(self, all_asked: list[_Asked]) -> list[Published]:
        with self._database.transaction() as connection:
            now, seq = whole_ms(self._clock.now()), self._events.next_seq()
            all_published, kept = [], []
            for asked in all_asked:
                published = self._routed(asked, seq, now)
                all_published.append(published)
                if published.accepted:
                    stored = StoredEvent(seq, asked.provider.id, published.event)
                    kept.append((stored, published, asked.sending))
                    seq += 1
            self._settings.put_clock(connection, now)
            is_due = self._keep(connection, kept, now)
        if is_due:
            self._on_due()
        return all_published

    def _routed(self, asked: _Asked, seq: int, now: datetime) -> Published:
        """Return an event and the registrations that it is for."""
        event_id = uuid4(self._chance.of_ids(f"event/{seq}"))
        event = Event(event_id, now, "delivered", asked.notification)
        routes: tuple[Route, ...]
        if asked.only is not None:
            routes = (self._directory.route(asked.only),)
        else:
            routes = self._directory.routes(asked.provider.id, asked.notification.event_code)
        if asked.among is not None:
            routes = tuple(each for each in routes if each.registration.key in asked.among)
        passing = [each for each in routes if _passes(each, asked.provider, event)]
        return Published(
            event,
            tuple(each.registration for each in routes),
            tuple(each.registration for each in passing),
        )

    def _keep(
        self,
        connection: sqlite3.Connection,
        kept: list[_Kept],
        now: datetime,
    ) -> bool:
        """Write events, journal entries, entities and deliveries; return whether any is due."""
        readers = [
            (each, stored.seq, sending)
            for stored, published, sending in kept
            for each in published.accepted
        ]
        pushed: dict[SendingPlan, list[tuple[int, int]]] = {}
        for each, seq, sending in readers:
            if _takes_new(each):
                pushed.setdefault(sending, []).append((each.key, seq))
        self._events.add(connection, [stored for stored, _, _ in kept])
        self._events.add_entries(connection, [(each.key, seq) for each, seq, _ in readers])
        entities.add(connection, self._entities(kept))
        for sending, pairs in pushed.items():
            for later in sending.offsets:
                self._deliveries.add(connection, pairs, now, later=later, faults=sending.faults)
        return bool(pushed)

    def _entities(self, kept: Iterable[_Kept]) -> Iterator[FoundEntity]:
        """Yield what the links in notifications lead to."""
        for stored, _, _ in kept:
            notification = stored.event.notification
            family = self._families.by_code(notification.event_code)
            if family is not None:
                for each in family.entities_of(notification):
                    yield FoundEntity(family.name, each, stored.seq)


def _passes(route: Route, provider: Provider, event: Event) -> bool:
    """Tell whether a filter lets an event pass; it is applied to the CloudEvent."""
    return route.filter is None or route.filter.matches(cloud_event(event, provider.source))


def _takes_new(registration: Registration) -> bool:
    """Tell whether new events are delivered: not while it is disabled (4.7)."""
    return registration.is_pushed and registration.status != DISABLED
