"""``flowsim trigger``: publish the events of scenarios through the service."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.printable import printable_values
from ._output import beside, terminal_width, warn
from ._service import (
    CONTROL,
    Json,
    ServiceCall,
    calls_service,
    chosen,
    named,
    next_command,
    registration_option,
)
from ._stories import (
    at_option,
    families_of,
    families_option,
    scenarios_argument,
    seed_option,
    set_option,
)

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,254}")
"""What may be an event code of the service."""

if TYPE_CHECKING:
    from ..events_service.client import ServiceClient
    from ..families.registry import Families


@click.command()
@scenarios_argument
@registration_option("Only to this registration, even if it does not subscribe to the event.")
@seed_option
@at_option
@set_option
@families_option
@calls_service
def command(
    call: ServiceCall,
    scenarios: tuple[str, ...],
    registration: str | None,
    families: tuple[Path, ...],
    **options: Any,
) -> int:
    """Publish all events of scenarios at once, to the registrations subscribed to them.

    SCENARIO is a file, a shipped scenario or an event code. All scenarios are read before the
    first is published. Exit code 0: for each scenario, a registration gets an event; 1: for one
    scenario, no registration gets any event. Faults of the scenario act on its deliveries, but
    those at story and key, and some at delivery, act in a replay only and are refused.

    \b
    flowsim trigger partial
    flowsim trigger sources_flow_run_failed
    flowsim trigger partial my.yaml --set flow_run.records.failed=60
    """
    known = families_of(families, scenarios)
    texts = _texts(known)
    bodies = [_body(each, known, **options) | {"families": texts} for each in scenarios]
    status = call.status()
    if registration is not None:
        only = chosen(status, registration)["registration_id"]
        bodies = [body | {"registration": only} for body in bodies]
    for body in bodies if len(bodies) > 1 else ():
        _post(call.client, body | {"dry_run": True})
    are_taken = []
    for scenario, body in zip(scenarios, bodies, strict=True):
        done = _post(call.client, body) | {"scenario": scenario}
        warn(done["warnings"])
        call.show(done, _lines(*printable_values([done, status["registrations"]])))
        are_taken.append(any(each["registrations"] for each in done["events"]))
    return 0 if all(are_taken) else 1


def _body(
    scenario: str,
    families: Families,
    *,
    seed: int | str | None,
    at: str | None,
    settings: tuple[tuple[str, str], ...],
) -> Json:
    changes = [f"{key}={value}" for key, value in settings]
    return {**_story(scenario, families), "seed": seed, "at": at, "set": changes}


def _story(scenario: str, families: Families) -> Json:
    """Return a text to publish, or a name that only the service may know."""
    from ..errors import SettingError
    from ..scenario.files import find, read_text

    try:
        file, text = read_text(scenario, families)
    except SettingError:
        if find(scenario) or not _CODE.fullmatch(scenario):
            raise
        return {"scenario": scenario}
    return {"text": text, "file": file}


def _texts(families: Families) -> list[Json]:
    """Return the texts of family files, for the service to read; warn of files without one."""
    from ..families.sources import texts_of

    texts, reasons = texts_of(families.files.values())
    warn(reasons)
    return [{"file": file, "text": text} for file, text in texts]


def _post(client: ServiceClient, body: Json) -> Json:
    """Publish a scenario and return the result; raises ``MistakesError`` for its mistakes."""
    from ..errors import MistakesError, ServiceError
    from ..events_service.control.bodies import MISTAKEN

    try:
        done: Json = client.post(f"{CONTROL}/trigger", body)
    except ServiceError as error:
        if error.status_code == 413 and (size := _size(body["families"])):
            cause = f"the files of --families are {size / 2**20:.1f} MB of it"
            remedy = "name a folder with fewer or smaller files"
            raise ServiceError(413, f"{error.message}; {cause}: {remedy}") from None
        if error.reason != MISTAKEN:
            raise
        raise MistakesError(error.message) from None
    return done


def _size(families: list[Json]) -> int:
    """Return how many bytes the texts of families are."""
    return sum(len(each["text"].encode()) for each in families)


def _lines(done: Json, known: list[Json]) -> Iterator[str]:
    from ..core.printable import count

    yield f"{click.style(done['scenario'], bold=True)}: {done['description']}".rstrip(": ")
    events = done["events"]
    for each in events:
        yield _line(each, known)
    taken = sum(bool(each["registrations"]) for each in events)
    if not taken:
        yield from _no_taker(events)
        return
    yield f"{count(taken, 'event')} published, seed {done['seed']}, at {done['at']}"
    yield from _journals_only(events, known)


def _line(event: Json, known: list[Json]) -> str:
    code, refused = event["event_code"], named(event["filtered"], known)
    note = f" · refused by the filter of {refused}" if refused else ""
    if event["event_id"] is None:
        return f"{code} → no registration{note}"
    line = f"{code} {event['event_id']} → {named(event['registrations'], known)}{note}"
    return line + beside(line, event["says"], terminal_width())


def _no_taker(events: list[Json]) -> Iterator[str]:
    """Yield why no registration gets any event, and what to type."""
    refusing = next((each["filtered"][0] for each in events if each["filtered"]), None)
    if refusing is not None:
        yield "no registration whose filter lets these events pass"
        show = next_command("registrations", "show", refusing[:8])
        yield f"next, to see a filter: {show}"
    else:
        yield "no registration subscribes to these events"
        codes = {each["event_code"]: None for each in events}
        taker = ["--journal"] if _is_for_journals(codes) else ["--webhook", "3000"]
        yield f"next: {next_command('register', *taker, *_asked_for(codes))}"


def _is_for_journals(codes: Iterable[str]) -> bool:
    """Tell whether Adobe delivers all events with these codes to journals only."""
    from ..families.registry import shipped

    families = [shipped().by_code(code) for code in codes]
    return all(family is not None and family.journal_only for family in families)


def _asked_for(codes: Iterable[str]) -> list[str]:
    """Return the options of ``register`` that ask for codes; none if it asks for them anyway."""
    from ..core.event import USUAL_PROVIDER
    from ..families.registry import shipped

    families = (each for each in shipped().in_python() if each.provider.id == USUAL_PROVIDER)
    usual = {code for family in families for code in family.codes}
    return [word for code in codes if not usual >= {*codes} for word in ("--event", code)]


def _journals_only(events: list[Json], known: list[Json]) -> Iterator[str]:
    """Yield the registrations that get events only in their journal, why, and what to type."""
    from ..core.printable import MOST_LISTED

    reasons: dict[str, str] = {}
    for each in events:
        why = each["journal_only"]
        reasons |= {id_: why[id_] for id_ in each["registrations"] if id_ in why}
    for id_, reason in [*reasons.items()][:MOST_LISTED]:
        yield f"{named([id_], known)}: only its journal gets them, since {reason}"
        if (remedy := _REMEDIES.get(reason)) is not None:
            yield f"next: {next_command('registrations', remedy, id_[:8])}"
    if (more := len(reasons) - MOST_LISTED) > 0:
        yield f"… and {more:,} more get them in their journals only"


_REMEDIES = {"it is DISABLED": "challenge", "it is switched off": "enable"}
"""Reason why nothing is delivered → the subcommand of ``registrations`` that ends it."""
