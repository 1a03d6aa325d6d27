"""``flowsim advance``: let time pass on a manual clock."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from ..printable import printable_values
from ._options import Duration
from ._output import say, say_meanwhile
from ._service import (
    CONTROL,
    connected,
    next_command,
    print_json,
    service_options,
    status_of,
)
from ._tables import moment, styled_status

if TYPE_CHECKING:
    from ..service_client import ServiceClient

_LOOK_EVERY = 1.0

_MOST_CHANGES = 20
"""So many registrations are named whose status is another one."""


@click.command()
@click.argument("duration", type=Duration(), metavar="DURATION")
@service_options
def command(duration: float, service: str, wait: float, as_json: bool) -> None:
    """Let time pass on the service's clock, and wait until all of it is played.

    Everything that is due on the way is attempted in its order and written down. It needs
    flowsim up --clock manual.

    \b
    flowsim advance 24h
    """
    with connected(service, wait) as client:
        before = status_of(client)
        clock = _advance(client, duration)
        after = status_of(client)
    if as_json:
        print_json(clock)
        return
    from ..core.duration import spell
    from ..reports.terminal import count

    before, clock, after = printable_values([before, clock, after])
    rest = f"{count(after['pending'], 'delivery')} under way"
    say(f"{moment(clock['now'])} UTC, {spell(duration)} later; {rest}")
    changes = [*_changes(before, after)]
    for line in changes[:_MOST_CHANGES]:
        say(line)
    if (more := len(changes) - _MOST_CHANGES) > 0:
        say(f"… and {more:,} more: {next_command('registrations')}")


def _changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each registration whose status is another one now."""
    known = {each["registration_id"]: each["status"] for each in before["registrations"]}
    for each in after["registrations"]:
        was = known.get(each["registration_id"], each["status"])
        if was != each["status"]:
            yield f"{each['name']}: {styled_status(was)} → {styled_status(each['status'])}"


def _advance(client: ServiceClient, seconds: float) -> dict[str, Any]:
    """Return where the clock stands; somebody at a terminal sees where it is meanwhile."""
    shows = sys.stderr.isatty()
    asked = {"seconds": seconds, "wait": _LOOK_EVERY}
    clock: dict[str, Any] = client.post(f"{CONTROL}/clock/advance", asked)
    while not clock["arrived"]:
        if shows:
            passed = f"{moment(clock['now'])} of {moment(clock['end'])} UTC"
            say_meanwhile(passed)
        clock = client.get(f"{CONTROL}/clock", wait=_LOOK_EVERY)
    if shows:
        say_meanwhile("")
    return clock
