"""``flowsim status``: the status of the service."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ..core.printable import printable_values
from ._registration_lines import moment, next_registration, registration_table, under_way
from ._service import Json, ServiceCall, calls_service, next_command

_MOST_ROWS = 30
"""At most this many registrations are listed."""

_NOTABLE = 1.0
"""From this difference on, in seconds, a clock's distance from the present is shown."""


@click.command()
@calls_service
def command(call: ServiceCall) -> None:
    """Show the service, its clock and its registrations.

    \b
    flowsim status
    flowsim status --wait 30s --json
    """
    status = call.status()
    call.show(status, _lines(printable_values(status), call.client.address))


def _lines(status: Json, address: str) -> Iterator[str]:
    from ..core.printable import count

    own, clock = status["installation"], status["clock"]
    head = click.style(f"flowsim {status['version']}", bold=True)
    strict = ", strict" if status["settings"]["strict"] else ""
    known = status["registrations"]
    time = f"{moment(clock['now'])} UTC{_apart(clock)}"
    yield f"{head} at {address}, {clock['kind']} clock: {time}{strict}"
    yield f"client id {own['client_id']} · organisation {own['org']} · data {status['data']}"
    published = f"{count(status['published'], 'event')} published"
    yield f"{published}, {under_way(status)}, {count(len(known), 'registration')}"
    if known:
        yield ""
        yield from registration_table(known[:_MOST_ROWS], clock["now"])
    else:
        yield next_registration()
    if (more := len(known) - _MOST_ROWS) > 0:
        yield f"… and {more:,} more: {next_command('registrations')}"


def _apart(clock: Json) -> str:
    """Return how far a clock that goes by itself is from the present, if that is notable."""
    from ..core.duration import spell

    ahead = clock["ahead"]
    if clock["kind"] == "manual" or abs(ahead) < _NOTABLE:
        return ""
    return f", {spell(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} the present"
