"""The command line: one file a command, in the order of ``--help``; delivers nothing itself."""

from __future__ import annotations

import click

from ..runtime.version import __version__
from ._groups import Commands

COMMANDS = {
    "replay": "Deliver the notifications of scenarios to a webhook.",
    "check": "Check whether a webhook does right by all that Adobe I/O Events may send.",
    "show": "Print the notifications of scenarios without sending them.",
    "receive": "Receive notifications as a sound webhook would, and print what came.",
    "diff": "Show two payloads, two runs, or expected beside received, in two columns.",
    "up": "Run a local Adobe I/O Events: registrations, journal, deliveries and their retries.",
    "register": "Create a registration; a webhook has to answer the challenge.",
    "registrations": "List registrations, or show, edit, enable, disable, challenge or delete one.",
    "trigger": "Publish every event of scenarios, at once, to the registrations that ask for it.",
    "status": "Show the service, its clock and its registrations.",
    "traces": "Print the last 100 successes and 100 errors of a registration, oldest first.",
    "journal": "Print the journal of a registration, oldest events first.",
    "redeliver": "Deliver an event again to the registrations that have it in their journals.",
    "advance": "Let time pass on the service's clock, and wait until all of it is played.",
    "reset": "Forget what happened and what is registered, for the next test.",
    "exec": "Run a command beside an events service of its own, reached as if it were Adobe's.",
    "env": "Print what flowsim exec would set, for a service with a TLS port and a proxy.",
    "scenarios": "List the shipped scenarios with their descriptions.",
    "faults": "List the faults that a scenario may name, by the point at which they act.",
    "validate": "Check scenario files and report every mistake with its place.",
    "schema": "Print the JSON Schema of scenario files, for editors.",
    "keys": "Show, rotate or serve the two signing keys.",
    "certs": "Print the path of the service's certificate authority, for clients to trust.",
}
"""Each command and what its own help begins with: to list them, none has to be imported."""


@click.group(
    cls=Commands,
    summaries=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="flowsim")
def main() -> None:
    """Send Adobe Experience Platform flow run notifications to your webhook.

    \b
    flowsim replay partial                  to a built-in receiver that verifies them
    flowsim replay partial --target 3000    to your webhook on port 3000
    """
