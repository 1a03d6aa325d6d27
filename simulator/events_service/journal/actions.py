"""Reads journals: every registration has one, of any delivery type (io-events-protocol.md 5.1).

Decided where nothing is documented: the journal of a deleted registration can be read as long
as its events are kept (4.7); a reader at the position of the newest expired event has missed
nothing, and may go on (5.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from ...core.payload import journal_element
from ...core.spec_values import RegistrationSpec
from ...errors import ApiError
from ..deliveries.recording import RETENTION
from ..publishing.directory import form_of_stored
from ..publishing.table import Events, StoredEvent
from ..registrations.model import Registration
from ..service import Service
from . import model
from .model import DEFAULT_LIMIT, Address, Page, Position
from .query import JournalQuery

_FIRST_READ, _MOST_READ = 8, 512
"""Events are read from the store in growing numbers: a page may be full after one of them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A page of events, or None if there are none, and the position up to which was read."""

    page: Page | None
    until: str


class Journal:
    """The journal at an address; raises ``ApiError`` 404 if there is none."""

    def __init__(self, service: Service, address: Address) -> None:
        self._service = service
        self._events = Events(service.database)
        self._registration = _find(service, address)
        self._forms: dict[tuple[str, str], RegistrationSpec] = {}

    def read(self, query: JournalQuery) -> Reading:
        """Return the events that a query asks for; raises ``ApiError`` 400 or 410."""
        end = self._end()  # taken before the events are read: newer ones come after it
        after = self._after(query, end)
        page = model.page(self._entries(after), query.limit or DEFAULT_LIMIT)
        if page is not None:
            return Reading(page, page.last)
        return Reading(None, query.since or self._spell(end))

    def count(self, query: JournalQuery) -> int:
        """Return how many events there are to read; raises ``ApiError`` 400 or 410."""
        after = self._after(query, self._end())
        return self._events.count_entries(self._registration.key, after)

    def _end(self) -> Position:
        newest = self._events.newest_entry(self._registration.key)
        if newest is None:
            return model.beginning(self._registration.registration_id, self._registration.created)
        return Position.of(newest.seq, newest.event_id, newest.time)

    def _after(self, query: JournalQuery, end: Position) -> int:
        """Return the place of the event after which to read; 0 is before all events."""
        now, key = self._service.clock.now(), self._registration.key
        expired = self._events.newest_expired(key, now - RETENTION)
        oldest = expired.seq if expired else 0
        if query.since is not None:
            return self._since(query.since, oldest)
        if query.latest:
            return end.seq
        if query.seek_s is not None:
            moment = now - timedelta(seconds=min(query.seek_s, RETENTION.total_seconds()))
            return max(oldest, self._events.last_before(moment))
        return oldest

    def _since(self, text: str, oldest: int) -> int:
        try:
            since = model.parse_position(text, self._registration.registration_id)
        except ValueError as error:
            raise ApiError(400, "Bad Request", f"since={text[:200]!a}: {error}") from None
        if since.seq < oldest:
            raise ApiError(410, "Gone", f"Events at position {text} have expired.")
        return since.seq

    def _entries(self, after: int) -> Iterator[tuple[str, bytes]]:
        """Yield positions and events, each as it is delivered."""
        count = _FIRST_READ
        while True:
            found = self._events.entries(self._registration.key, after, count)
            for stored in found:
                place = Position.of(stored.seq, stored.event.id, stored.event.time)
                yield self._spell(place), journal_element(stored.event, self._form(stored))
            if len(found) < count:
                return
            after, count = found[-1].seq, min(2 * count, _MOST_READ)

    def _spell(self, place: Position) -> str:
        return model.spell_position(place, self._registration.registration_id)

    def _form(self, stored: StoredEvent) -> RegistrationSpec:
        key = stored.provider_id, stored.event.notification.member
        form = self._forms.get(key)
        if form is None:
            directory, names = self._service.directory, self._service.options.names
            form = form_of_stored(directory, self._registration, stored, names)
            self._forms[key] = form
        return form


def _find(service: Service, address: Address) -> Registration:
    registration = service.registrations.even_deleted(address.registration_id)
    if registration is None:
        raise ApiError(404, "Not Found", "there is no registration with this id")
    right = Address(
        registration.workspace.org,
        service.installation.credential_id,
        registration.registration_id,
    )
    if address != right:
        raise ApiError(404, "Not Found", f"this journal is at /events{right.path}")
    return registration
