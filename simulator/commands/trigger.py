"""``flowsim trigger``: publish the events of scenarios through the service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from ..core.printable import printable_values
from . import _service
from ._output import print_json, say_lines, warn
from ._stories import at_option, scenarios_argument, seed_option, set_option

if TYPE_CHECKING:
    from ..events_service.client import ServiceClient


@click.command()
@scenarios_argument
@_service.registration_option(
    "Only to this registration, even if it does not subscribe to the event."
)
@seed_option
@at_option
@set_option
@_service.service_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    scenarios: tuple[str, ...],
    registration: str | None,
    service: str,
    wait: float,
    as_json: bool,
    **options: Any,
) -> None:
    """Publish all events of scenarios at once, to the registrations subscribed to them.

    All scenarios are read before the first is published. Exit code 0: for each scenario, a
    registration gets an event; 1: for one scenario, no registration gets any event.

    \b
    flowsim trigger partial
    flowsim trigger partial my.yaml --set flow_run.records.failed=60
    """
    bodies = [_body(scenario, **options) for scenario in scenarios]
    with _service.connected(service, wait) as client:
        status = _service.status_of(client)
        if registration is not None:
            only = _service.chosen(status, registration)["registration_id"]
            bodies = [body | {"registration": only} for body in bodies]
        for body in bodies if len(bodies) > 1 else ():
            _post(client, body | {"dry_run": True})
        are_taken = []
        for scenario, body in zip(scenarios, bodies, strict=True):
            done = _post(client, body) | {"scenario": scenario}
            warn(done["warnings"])
            _report(done, status["registrations"], as_json)
            are_taken.append(any(each["registrations"] for each in done["events"]))
    ctx.exit(0 if all(are_taken) else 1)


def _body(
    scenario: str, *, seed: int | str | None, at: str | None, settings: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    from ..scenario.files import read_text

    file, text = read_text(scenario)
    changes = [f"{key}={value}" for key, value in settings]
    return {"text": text, "file": file, "seed": seed, "at": at, "set": changes}


def _post(client: ServiceClient, body: dict[str, Any]) -> dict[str, Any]:
    """Return what was published; mistakes of the scenario are printed as other commands do."""
    from ..errors import MistakesError, ServiceError
    from ..events_service.control.bodies import MISTAKEN

    try:
        done: dict[str, Any] = client.post(f"{_service.CONTROL}/trigger", body)
    except ServiceError as error:
        if error.reason != MISTAKEN:
            raise
        raise MistakesError(error.message) from None
    return done


def _report(done: dict[str, Any], known: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json(done)
        return
    shown, known = printable_values([done, known])
    names = {each["registration_id"]: each["name"] for each in known}
    say_lines(_lines(shown, names))


def _lines(done: dict[str, Any], names: dict[str, str]) -> Iterator[str]:
    from ..reports.attempt_lines import count

    yield f"{click.style(done['scenario'], bold=True)}: {done['description']}".rstrip(": ")
    events = done["events"]
    for each in events:
        yield _line(each, names)
    taken = sum(bool(each["registrations"]) for each in events)
    if not taken:
        yield from _no_taker(events)
        return
    yield f"{count(taken, 'event')} published, seed {done['seed']}, at {done['at']}"
    yield from _journals_only(events, names)


def _line(event: dict[str, Any], names: dict[str, str]) -> str:
    from ..core.printable import listed

    code = event["event_code"]
    refused = [names.get(each, each) for each in event["filtered"]]
    note = f" · refused by the filter of {listed(refused)}" if refused else ""
    if event["event_id"] is None:
        return f"{code} → nobody{note}"
    takers = listed([names.get(each, each) for each in event["registrations"]])
    return f"{code} {event['event_id']} → {takers}{note}"


def _no_taker(events: list[dict[str, Any]]) -> Iterator[str]:
    """Yield why no registration takes any event, and what to type."""
    refusing = next((each["filtered"][0] for each in events if each["filtered"]), None)
    if refusing is not None:
        yield "no registration whose filter lets these events pass"
        show = _service.next_command("registrations", "show", refusing[:8])
        yield f"next, to see a filter: {show}"
    else:
        yield "no registration subscribes to these events"
        yield f"next: {_service.next_command('register', '--webhook', '3000')}"


def _journals_only(events: list[dict[str, Any]], names: dict[str, str]) -> Iterator[str]:
    """Yield which registrations are sent none of these events, why, and what to type."""
    from ..core.printable import MOST_LISTED

    reasons: dict[str, str] = {}
    for each in events:
        why = each["journal_only"]
        reasons |= {id_: why[id_] for id_ in each["registrations"] if id_ in why}
    for id_, reason in [*reasons.items()][:MOST_LISTED]:
        yield f"{names.get(id_, id_)}: only its journal gets them, since {reason}"
        if (remedy := _REMEDIES.get(reason)) is not None:
            yield f"next: {_service.next_command('registrations', remedy, id_[:8])}"
    if (more := len(reasons) - MOST_LISTED) > 0:
        yield f"… and {more:,} more get them in their journals only"


_REMEDIES = {"it is DISABLED": "challenge", "it is switched off": "enable"}
"""Why a registration is sent nothing, and the subcommand of registrations that changes that."""
