"""``flowsim trigger``: publish the events of a scenario through the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..printable import printable_values
from ._options import ScenarioName, Seed, Setting
from ._output import say, warn
from ._service import (
    CONTROL,
    chosen,
    connected,
    print_json,
    registration_option,
    service_options,
    status_of,
)

if TYPE_CHECKING:
    from ..service_client import ServiceClient


@click.command()
@click.argument("scenario", type=ScenarioName())
@registration_option("Only to this registration, whatever it asks for.")
@click.option("--seed", type=Seed(), metavar="N|random", help="Another seed, or random.")
@click.option("--at", metavar="TIME", help="The clock of the story, as in 2026-01-15T09:30:00Z.")
@click.option(
    "settings",
    "--set",
    multiple=True,
    type=Setting(),
    help="Change the story, as in flow_run.records.failed=60.",
)
@service_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    scenario: str,
    registration: str | None,
    service: str,
    wait: float,
    as_json: bool,
    **options: Any,
) -> None:
    """Publish every event of a scenario, at once, to the registrations that ask for it.

    Exit code 0: somebody gets it; 1: nobody asks for any of its events.

    \b
    flowsim trigger partial
    flowsim trigger my.yaml --set flow_run.records.failed=60
    """
    body = _body(scenario, **options)
    with connected(service, wait) as client:
        status = status_of(client)
        if registration is not None:
            body["registration"] = chosen(status, registration)["registration_id"]
        done = _post(client, body) | {"scenario": scenario}
    warn(done["warnings"])
    if as_json:
        print_json(done)
    else:
        status, shown = printable_values([status, done])
        names = {each["registration_id"]: each["name"] for each in status["registrations"]}
        for line in _lines(shown, names):
            say(line)
    ctx.exit(0 if any(each["registrations"] for each in done["events"]) else 1)


def _body(
    scenario: str, *, seed: int | str | None, at: str | None, settings: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    from ..reading.scenario_files import read_text

    file, text = read_text(scenario)
    changes = [f"{key}={value}" for key, value in settings]
    return {"text": text, "file": file, "seed": seed, "at": at, "set": changes}


def _post(client: ServiceClient, body: dict[str, Any]) -> dict[str, Any]:
    """Return what was published; mistakes of the scenario are printed as other commands do."""
    from ..core.management.control import MISTAKEN
    from ..errors import MistakesError, ServiceError

    try:
        done: dict[str, Any] = client.post(f"{CONTROL}/trigger", body)
    except ServiceError as error:
        if error.reason != MISTAKEN:
            raise
        raise MistakesError(error.message) from None
    return done


def _lines(done: dict[str, Any], names: dict[str, str]) -> list[str]:
    from ..reports.terminal import count

    head = f"{click.style(done['scenario'], bold=True)}: {done['description']}".rstrip(": ")
    events = done["events"]
    taken = sum(bool(each["registrations"]) for each in events)
    lines = [head, *(_line(each, names) for each in events)]
    if not taken:
        return [*lines, "nobody asks for these events; flowsim register --webhook URL does"]
    return [*lines, f"{count(taken, 'event')} published, seed {done['seed']}, at {done['at']}"]


def _line(event: dict[str, Any], names: dict[str, str]) -> str:
    code = event["event_code"]
    refused = [names.get(each, each) for each in event["filtered"]]
    note = f" · refused by the filter of {', '.join(refused)}" if refused else ""
    if event["event_id"] is None:
        return f"{code} → nobody{note}"
    takers = ", ".join(names.get(each, each) for each in event["registrations"])
    return f"{code} {event['event_id']} → {takers}{note}"
