"""The command line, one file for each command; no delivery is made here."""

from __future__ import annotations

import click

from ..runtime.version import __version__
from ._groups import Commands

COMMANDS = {
    "replay": "Deliver the notifications of scenarios to a webhook.",
    "check": "Check whether a webhook handles everything that Adobe I/O Events may send.",
    "show": "Print the notifications of scenarios without sending them.",
    "receive": "Receive notifications as a correct webhook would, and print them.",
    "diff": "Compare two payloads, two runs, or an expected and a received one, in two columns.",
    "up": "Run Adobe I/O Events locally: registrations, journals, deliveries and their retries.",
    "register": "Create a registration; its webhook must answer the challenge.",
    "registrations": "List registrations, or show, edit, enable, disable, challenge or delete one.",
    "trigger": "Publish all events of scenarios at once, to the registrations subscribed to them.",
    "status": "Show the service, its clock and its registrations.",
    "traces": "Print the last 100 successes and 100 errors of a registration, oldest first.",
    "journal": "Print the journal of a registration, oldest events first.",
    "redeliver": "Deliver an event again to the registrations that have it in their journals.",
    "advance": "Move the service's clock forward, and wait until all due deliveries are made.",
    "reset": "Delete the service's events and registrations, for the next test.",
    "exec": "Run a command with its own events service, which answers under Adobe's host names.",
    "env": "Print the variables that flowsim exec sets, for a service with a TLS port and a proxy.",
    "scenarios": "List the shipped scenarios with their descriptions.",
    "faults": "List the faults that a scenario may name, by the point at which they act.",
    "events": "List the families of events that flowsim knows, or show one event with its fields.",
    "family": "Make files of event families, which flowsim can replay.",
    "validate": "Check scenario files and family files, and report every mistake with its place.",
    "conform": "Compare captured events with the documented fields; values are never printed.",
    "schema": "Print the JSON Schema of scenario files, of checks, or of delivered events.",
    "asyncapi": "Print an AsyncAPI 3.0 document of the events that a webhook gets.",
    "keys": "Show, rotate or serve the two signing keys.",
    "certs": "Print the path of the service's certificate authority, for clients to trust.",
}
"""Each command and the first line of its help, so that a list needs no import of commands."""


@click.group(
    cls=Commands, summaries=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="flowsim")
def main() -> None:
    """Send notifications of Adobe Experience Platform to your webhook.

    These are flow runs, alerts and audit events; flowsim events lists all of them.

    \b
    flowsim replay partial                  to a built-in receiver that verifies them
    flowsim replay partial --target 3000    to your webhook on port 3000
    """
