"""``flowsim redeliver``: deliver an event again."""

from __future__ import annotations

from urllib.parse import quote

import click

from ..core.printable import printable_values
from . import _service
from ._output import print_json, say


@click.command()
@click.argument("event_id")
@_service.registration_option("Only to this registration.")
@_service.service_options
def command(
    event_id: str, registration: str | None, service: str, wait: float, as_json: bool
) -> None:
    """Deliver an event again to the registrations that have it in their journals.

    The event id stays the same, as in Adobe's duplicates. The beginning of the id is enough, as
    flowsim traces prints it.

    \b
    flowsim redeliver 933cf9f4
    """
    from ..core.printable import listed

    with _service.connected(service, wait) as client:
        status = _service.status_of(client)
        only = _service.chosen(status, registration)["registration_id"] if registration else None
        path = f"{_service.CONTROL}/redeliver/{quote(event_id, '', errors='surrogateescape')}"
        done = client.post(path, registration=only)
    if as_json:
        print_json(done)
        return
    status, done = printable_values([status, done])
    names = {each["registration_id"]: each["name"] for each in status["registrations"]}
    takers = listed([names.get(each, each) for each in done["registrations"]])
    say(f"{done['event_id']} → {takers}")
