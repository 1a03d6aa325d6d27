"""``flowsim status``: the service at a glance."""

from __future__ import annotations

from typing import Any

import click

from ..core.printable import printable_values
from ._output import print_json, say_lines
from ._registration_lines import moment, registration_table, under_way
from ._service import connected, next_command, service_options, status_of

_MOST_ROWS = 30
"""So many registrations are listed; a client id may have no more."""

_NOTABLE = 1.0
"""Seconds from which on the distance of a clock from the present is shown."""


@click.command()
@service_options
def command(service: str, wait: float, as_json: bool) -> None:
    """Show the service, its clock and its registrations.

    \b
    flowsim status
    flowsim status --wait 30s --json
    """
    with connected(service, wait) as client:
        status = status_of(client)
    if as_json:
        print_json(status)
        return
    say_lines(_lines(printable_values(status), client.address))


def _lines(status: dict[str, Any], address: str) -> list[str]:
    from ..reports.attempt_lines import count

    own, clock = status["installation"], status["clock"]
    head = click.style(f"flowsim {status['version']}", bold=True)
    strict = ", strict" if status["settings"]["strict"] else ""
    known = status["registrations"]
    nothing = [f"next: {next_command('register', '--webhook', '3000')}"]
    rows = _table(known, clock["now"]) if known else nothing
    return [
        f"{head} at {address}, {clock['kind']} clock: {moment(clock['now'])} UTC"
        f"{_apart(clock)}{strict}",
        f"client id {own['client_id']} · organisation {own['org']} · data {status['data']}",
        f"{count(status['published'], 'event')} published, "
        f"{under_way(status)}, {count(len(known), 'registration')}",
        *rows,
    ]


def _apart(clock: dict[str, Any]) -> str:
    """Return how far a clock that goes by itself is from the present, if that is notable."""
    from ..core.duration import spell

    ahead = clock["ahead"]
    if clock["kind"] == "manual" or abs(ahead) < _NOTABLE:
        return ""
    return f", {spell(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} the present"


def _table(registrations: list[dict[str, Any]], now: str) -> list[str]:
    """Return the first registrations, and how many more there are."""
    lines = ["", *registration_table(registrations[:_MOST_ROWS], now)]
    if (more := len(registrations) - _MOST_ROWS) > 0:
        lines.append(f"… and {more:,} more: {next_command('registrations')}")
    return lines
