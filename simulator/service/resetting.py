"""Begins anew, for the next test: nothing has happened, and nobody is registered."""

from __future__ import annotations

from ..stores import emptying
from . import noting
from .service import Service


def reset(service: Service) -> None:
    """Forget events, deliveries, traces, registrations and the providers somebody made.

    Installation, tokens, settings and clock stay as they are.
    """
    with service.database.transaction() as connection:
        emptying.empty(connection)
    service.directory.forget()
    service.look_again()
    noting.note_reset(service)
