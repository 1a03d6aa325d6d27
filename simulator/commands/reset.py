"""``flowsim reset``: let a running service begin anew."""

from __future__ import annotations

import click

from ..core.printable import printable_values
from ._output import print_json, say
from ._registration_lines import under_way
from ._service import CONTROL, connected, service_options, status_of


@click.command()
@service_options
def command(service: str, wait: float, as_json: bool) -> None:
    """Delete the service's events and registrations, for the next test.

    It deletes events and journals, deliveries, attempts and traces, the flow runs of these events,
    registrations, providers of your own, and the state store. Ids, tokens, settings and the clock
    stay.

    \b
    flowsim reset
    """
    with connected(service, wait) as client:
        before = status_of(client)
        client.post(f"{CONTROL}/reset")
        after = status_of(client)
    if as_json:
        print_json(after)
        return
    from ..reports.attempt_lines import count

    before = printable_values(before)
    events = count(before["published"], "event")
    registrations = count(len(before["registrations"]), "registration")
    say(f"deleted: {events}, {under_way(before)}, {registrations}")
    say("kept: ids, tokens, settings and the clock")
