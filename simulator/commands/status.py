"""``flowsim status``: the service at a glance."""

from __future__ import annotations

from typing import Any

import click

from ..printable import printable_values
from ._output import say
from ._service import connected, print_json, service_options, status_of
from ._tables import moment, styled_status, table, under_way

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
    for line in _lines(printable_values(status), client.address):
        say(line)


def _lines(status: dict[str, Any], address: str) -> list[str]:
    from ..reports.terminal import count

    own, clock = status["installation"], status["clock"]
    head = click.style(f"flowsim {status['version']}", bold=True)
    strict = ", strict" if status["settings"]["strict"] else ""
    known = status["registrations"]
    return [
        f"{head} at {address}, {clock['kind']} clock: {moment(clock['now'])} UTC"
        f"{_apart(clock)}{strict}",
        f"client id {own['client_id']} · organisation {own['org']} · data {status['data']}",
        f"{count(status['published'], 'event')} published, "
        f"{under_way(status)}, {count(len(known), 'registration')}",
        *(_table(known) if known else ["next: flowsim register --webhook URL"]),
    ]


def _apart(clock: dict[str, Any]) -> str:
    """Return how far a clock that goes by itself is from the present, if that is notable."""
    from ..core.duration import spell

    ahead = clock["ahead"]
    if clock["kind"] == "manual" or abs(ahead) < _NOTABLE:
        return ""
    return f", {spell(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} the present"


def _table(registrations: list[dict[str, Any]]) -> list[str]:
    head = ("id", "name", "to", "status", "24 hours", "under way")
    return ["", *table(head, [_row(each) for each in registrations])]


def _row(each: dict[str, Any]) -> list[str]:
    next_due = f", next {moment(each['next_due'])[11:]}" if each["next_due"] else ""
    return [
        each["registration_id"][:8],
        each["name"],
        each["webhook_url"] or each["delivery_type"],
        styled_status(each["status"]) + ("" if each["enabled"] else " (switched off)"),
        f"{each['succeeded']:,} ok, {each['failed']:,} failed",
        f"{each['pending']:,}{next_due}",
    ]
