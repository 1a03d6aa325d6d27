"""Begins anew, for the next test: nothing has happened, and nothing is registered."""

from __future__ import annotations

from ..publishing.table import Events
from ..registrations import notes
from ..service import Service
from . import emptying

_BEFORE = "published before reset"


def reset(service: Service) -> None:
    """Forget what happened and what was made; ids, tokens, settings and the clock stay.

    The description of ``POST /_flowsim/reset`` lists what is forgotten.
    """
    with service.database.transaction() as connection:
        emptying.empty(connection)
        service.settings.put(connection, _BEFORE, Events(service.database).last_seq())
    service.proofs.forget()
    service.directory.forget()
    service.look_again()
    notes.note_reset(service)


def published(service: Service) -> int:
    """Return how many events were published since the first start, or the last reset."""
    return Events(service.database).last_seq() - int(service.settings.get(_BEFORE) or 0)
