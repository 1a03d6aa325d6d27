"""``flowsim redeliver``: deliver an event again."""

from __future__ import annotations

from urllib.parse import quote

import click

from ..core.printable import printable_values
from ._service import CONTROL, ServiceCall, calls_service, chosen, named, registration_option


@click.command()
@click.argument("event_id")
@registration_option("Only to this registration.")
@calls_service
def command(call: ServiceCall, event_id: str, registration: str | None) -> None:
    """Deliver an event again to the registrations that have it in their journals.

    The event id stays the same, as in Adobe's duplicates. The beginning of the id is enough, as
    flowsim traces prints it.

    \b
    flowsim redeliver 933cf9f4
    """
    status = call.status()
    only = chosen(status, registration)["registration_id"] if registration else None
    path = f"{CONTROL}/redeliver/{quote(event_id, '', errors='surrogateescape')}"
    done = call.client.post(path, registration=only)
    known, shown = printable_values([status["registrations"], done])
    call.show(done, [f"{shown['event_id']} → {named(shown['registrations'], known)}"])
