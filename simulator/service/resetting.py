"""Begins anew, for the next test: nothing has happened, and nothing is registered."""

from __future__ import annotations

from ..stores import emptying
from ..stores.events import Events
from . import noting
from .service import Service

_BEFORE = "published before reset"

FORGOTTEN = (
    "events and journals, deliveries, attempts and traces, the runs they told about, "
    "registrations, providers that were made, and the state store"
)
KEPT = "ids, tokens, settings and the clock"


def reset(service: Service) -> None:
    """Forget what ``FORGOTTEN`` lists; what ``KEPT`` lists stays as it is."""
    with service.database.transaction() as connection:
        emptying.empty(connection)
        service.settings.put(connection, _BEFORE, Events(service.database).last_seq())
    service.proofs.forget()
    service.directory.forget()
    service.look_again()
    noting.note_reset(service)


def published(service: Service) -> int:
    """Return how many events were published since the first start, or the last reset."""
    return Events(service.database).last_seq() - int(service.settings.get(_BEFORE) or 0)
