"""What happens by itself later: attempts, status changes, validation URLs that run out, deletion.

All moments are those of the service's clock.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Literal

from ...core.challenge import LIFETIME
from ..deliveries.history import StoredHistory
from ..deliveries.recording import RETENTION
from ..deliveries.table import Deliveries, StoredDelivery
from ..publishing.table import Events
from ..registrations.status import WINDOW
from ..service import Service

MOST = 50
"""How many attempts are named, at most."""


@dataclass(frozen=True, slots=True)
class DueItem:
    """Something that happens at ``at``, which is ``seconds`` from now; not below 0.

    ``kind``: ``attempt`` is made at a delivery, ``status`` of a registration that is UNSTABLE is
    judged again, ``validation`` URL of a registration runs out, ``deletion`` of the oldest data.
    ``delivery`` is the number of a delivery, ``attempt`` that of its next attempt, ``event_id``
    that of the first of its ``events``.
    """

    kind: Literal["attempt", "status", "validation", "deletion"]
    at: datetime
    seconds: float
    registration: str = ""
    registration_id: str = ""
    delivery: int | None = None
    attempt: int | None = None
    event_code: str = ""
    event_id: str = ""
    events: int = 0


@dataclass(frozen=True, slots=True)
class DueNext:
    """What is due, the earliest first; ``deliveries`` counts all that are under way.

    Of these at most ``MOST`` are among the items.
    """

    items: tuple[DueItem, ...]
    deliveries: int

    @property
    def later(self) -> DueItem | None:
        """The first item that is still to come, if there is one."""
        return next((each for each in self.items if each.seconds > 0), None)


def read(service: Service) -> DueNext:
    """Return what is due next."""
    now = service.clock.now()
    items = [
        *_attempts(service, now),
        *_statuses(service, now),
        *_validations(service, now),
        *_deletion(service, now),
    ]
    under_way = Deliveries(service.database).under_way()
    return DueNext(tuple(sorted(items, key=attrgetter("at"))), under_way)


def version(service: Service) -> str:
    """Return a text that changes whenever what is due may have changed; it is cheap."""
    known = service.registrations
    proofs = [(each.registration, each.expires) for each in known.validations()]
    since = [(each.key, each.unstable_since) for each in known.unstable()]
    rest = zlib.crc32(repr((proofs, since)).encode())
    return ".".join(map(str, (*StoredHistory(service.database).version(), rest)))


def _attempts(service: Service, now: datetime) -> Iterator[DueItem]:
    rows = Deliveries(service.database).first_due(MOST)
    events = {each.seq: each.event for each in Events(service.database).find(_seqs(rows))}
    for row in rows:
        name, id_ = _named(service, row.registration)
        event = events.get(row.seq)
        yield DueItem(
            *("attempt", row.due, _seconds(row.due, now), name, id_, row.number, row.attempt),
            event_code=event.code if event else "",
            event_id=event.id if event else "",
            events=1 if row.batch is None else Deliveries(service.database).size_of(row.batch),
        )


def _seqs(rows: Sequence[StoredDelivery]) -> list[int]:
    return [row.seq for row in rows]


def _statuses(service: Service, now: datetime) -> Iterator[DueItem]:
    for each in service.registrations.unstable():
        if each.unstable_since is not None:
            at = each.unstable_since + WINDOW
            yield DueItem("status", at, _seconds(at, now), each.name, each.registration_id)


def _validations(service: Service, now: datetime) -> Iterator[DueItem]:
    for each in service.registrations.validations():
        if each.expires - now <= LIFETIME:  # otherwise its challenge is under way
            at, named = each.expires, _named(service, each.registration)
            yield DueItem("validation", at, _seconds(at, now), *named)


def _deletion(service: Service, now: datetime) -> Iterator[DueItem]:
    oldest = Events(service.database).oldest()
    if oldest is not None:
        at = oldest + RETENTION
        yield DueItem("deletion", at, _seconds(at, now))


def _named(service: Service, key: int) -> tuple[str, str]:
    """Return name and id of a registration, deleted or not."""
    found = service.directory.registration(key)
    return (found.name, found.registration_id) if found else ("", "")


def _seconds(at: datetime, now: datetime) -> float:
    return max(0.0, (at - now).total_seconds())
