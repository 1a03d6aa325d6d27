"""``flowsim redeliver``: deliver an event again."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import click

from ..core.printable import brief, printable_values
from ..files.yaml_documents import scalar
from ._service import CONTROL, ServiceCall, calls_service, chosen, named, registration_option


@click.command()
@click.argument("event_id")
@registration_option("Only to this registration.")
@click.option(
    "--fault",
    "faults",
    metavar="NAME[=ARGUMENT]",
    multiple=True,
    help="A fault that acts on each attempt, as in a scenario.",
)
@calls_service
def command(
    call: ServiceCall, event_id: str, registration: str | None, faults: tuple[str, ...]
) -> None:
    """Deliver an event again to the registrations that have it in their journals.

    The event id stays the same, as in Adobe's duplicates. The beginning of the id is enough, as
    flowsim traces prints it. Faults at payload, body, signature, headers and wire can act; flowsim
    faults lists them.

    \b
    flowsim redeliver 933cf9f4
    flowsim redeliver 933cf9f4 --fault tampered-body
    flowsim redeliver 933cf9f4 --fault slow-body=2s
    """
    status = call.status()
    only = chosen(status, registration)["registration_id"] if registration else None
    path = f"{CONTROL}/redeliver/{quote(event_id, '', errors='surrogateescape')}"
    body = {"faults": [_fault(each) for each in faults]} if faults else None
    done = call.client.post(path, body, registration=only)
    known, shown = printable_values([status["registrations"], done])
    call.show(done, [f"{shown['event_id']} → {named(shown['registrations'], known)}"])


def _fault(text: str) -> Any:
    """Return a fault as a scenario names it; the argument is YAML, as in a scenario."""
    name, equals, argument = text.partition("=")
    return {name: scalar(argument, brief(f"--fault {text}"))} if equals else name
