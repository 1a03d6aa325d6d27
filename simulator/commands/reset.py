"""``flowsim reset``: delete all events and registrations of a running service."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ..core.printable import printable_values
from ._registration_lines import under_way
from ._service import CONTROL, Json, ServiceCall, calls_service


@click.command()
@calls_service
def command(call: ServiceCall) -> None:
    """Delete the service's events and registrations, for the next test.

    It deletes events and journals, deliveries, attempts and traces, the flow runs of these events,
    registrations, providers of your own, and the state store. Ids, tokens, settings and the clock
    stay.

    \b
    flowsim reset
    """
    before = call.status()
    call.client.post(f"{CONTROL}/reset")
    call.show(call.status(), _lines(printable_values(before)))


def _lines(before: Json) -> Iterator[str]:
    from ..core.printable import count

    events = count(before["published"], "event")
    registrations = count(len(before["registrations"]), "registration")
    yield f"deleted: {events}, {under_way(before)}, {registrations}"
    yield "kept: ids, tokens, settings and the clock"
