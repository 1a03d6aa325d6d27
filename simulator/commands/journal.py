"""``flowsim journal``: read the events of a registration, as a consumer pulls them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import click

from ..core.printable import printable
from ._options import flag, option
from ._output import say, terminal_width
from ._service import ServiceCall, calls_service, chosen, next_command, registration_option

if TYPE_CHECKING:
    from ..events_service.client import ServiceClient

_LOOK_EVERY = 1.0
"""Seconds of real time between requests with ``--follow``."""

_WIDTH = 120
"""Length of a line in characters, if there is no terminal."""


@click.command()
@registration_option("Registration to print; not needed if there is only one.")
@option("--since POSITION", "Only events after this position.")
@option("--seek DURATION", "Only events of the last hours or days, as in -PT2H (2 hours).")
@flag("--latest", "Only events from now on; for --follow.")
@option("--limit N", "Print at most this many events.", click.IntRange(1))
@flag("--follow", "Wait for new events and print them, until Ctrl-C.")
@calls_service
def command(call: ServiceCall, registration: str | None, **options: Any) -> None:
    """Print the journal of a registration, oldest events first.

    \b
    flowsim journal
    flowsim journal --latest --follow --json
    """
    status = call.status()
    id_ = chosen(status, registration)["registration_id"]
    path = _path(status["installation"], id_)
    position = None
    with contextlib.suppress(KeyboardInterrupt):
        for entry in _entries(call.client, path, **options):
            position = entry["position"]
            call.show(entry, map(_line, [entry["event"]]))
    if not call.as_json:
        following = f"next: {_next(position or '', registration and id_[:8])}"
        say(following if position else "no events", is_exact=True)


def _next(position: str, registration: str | None) -> str:
    named = ("--registration", registration) if registration else ()
    return next_command("journal", *named, "--since", position)


def _path(own: dict[str, str], registration_id: str) -> str:
    org, credential = own["org"], own["credential_id"]
    return f"/events/organizations/{org}/integrations/{credential}/{registration_id}"


def _entries(
    client: ServiceClient, path: str, *, latest: bool, limit: int | None, follow: bool, **since: Any
) -> Iterator[dict[str, Any]]:
    """Yield events page by page, until there are no more, or ``limit`` of them."""
    from ..runtime.clock import sleep

    asked = {**since, "latest": "true" if latest else None, "limit": limit}
    given = {name: value for name, value in asked.items() if value is not None}
    query = urlencode(given, errors="surrogateescape")
    address, left = f"{path}?{query}", limit
    while True:
        answer = client.call("GET", address)
        address = answer.links["next"]
        for entry in answer.content["events"] if answer.content else ():
            yield entry
            left = None if left is None else left - 1
            if left == 0:
                return
        if answer.content is None:
            if not follow:
                return
            sleep(_LOOK_EVERY)


def _line(event: dict[str, Any]) -> str:
    """Return the id of an event, its type if it has one, and the beginning of its other members."""
    from ..core import json_writing

    rest = {
        name: value
        for name, value in event.items()
        if name not in ("event_id", "eventid", "recipient_client_id", "recipientclientid")
    }
    id_ = event.get("eventid") or event.get("event_id") or "no event id"
    head = printable(" ".join(map(str, filter(None, [id_, event.get("type")]))))
    text = json_writing.one_line(rest)
    room = max(20, (terminal_width() or _WIDTH) - len(head) - 1)
    shown = text if len(text) <= room else f"{text[: room - 1]}…"
    return f"{head} {click.style(shown, dim=True)}"
