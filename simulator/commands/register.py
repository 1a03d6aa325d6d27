"""``flowsim register``: subscribe a webhook, or a journal, to events."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..printable import printable, printable_values
from ._output import say
from ._service import connected, print_json, service_options, status_of
from ._tables import styled_status

if TYPE_CHECKING:
    from ..service_client import ServiceClient

Interest = dict[str, str]


@click.command()
@click.option("--webhook", metavar="URL", help="3000, :3000/hook, localhost:3000/hook or a URL.")
@click.option("--batch", is_flag=True, help="Deliver batches of at most 20 events.")
@click.option("--journal", is_flag=True, help="No webhook: events are read with flowsim journal.")
@click.option(
    "codes",
    "--event",
    metavar="CODE",
    multiple=True,
    help="An event code, or PROVIDER_ID/CODE; default: all flow run notifications.",
)
@click.option(
    "filter_file",
    "--filter",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A subscriber-defined filter, JSON; it needs events in CloudEvents.",
)
@click.option("--name", metavar="NAME", help="Default: where the webhook is.")
@click.option("--client-id", metavar="ID", help="The recipient; default: the service's own.")
@service_options
@click.pass_context
def command(
    ctx: click.Context, /, service: str, wait: float, as_json: bool, **options: Any
) -> None:
    """Create a registration; a webhook has to answer the challenge.

    Exit code 0: it gets events from now on; 1: the webhook did not answer the challenge.

    \b
    flowsim register --webhook 3000/hook
    flowsim register --journal --name reader --event sources_flow_run_failed
    """
    if options["journal"] == (options["webhook"] is not None):
        raise click.UsageError("Exactly one of --webhook and --journal is needed.")
    if options["journal"] and options["batch"]:
        raise click.UsageError("--batch and --journal exclude each other.")
    with connected(service, wait) as client:
        own = status_of(client)["installation"]
        body = _body(options, own["client_id"], _interests(client, own["org"], options["codes"]))
        place = f"/events/{own['org']}/{own['project']}/{own['workspace']}"
        made = client.post(f"{place}/registrations", body)
    _report(made, as_json)
    ctx.exit(0 if _is_active(made) else 1)


def _body(options: dict[str, Any], own_client_id: str, interests: list[Interest]) -> dict[str, Any]:
    from ..core.target import parse

    url = parse(options["webhook"]) if options["webhook"] is not None else None
    kind = "journal" if url is None else "webhook_batch" if options["batch"] else "webhook"
    body = {
        "client_id": options["client_id"] or own_client_id,
        "name": options["name"] or (url or "journal").removeprefix("http://"),
        "webhook_url": url,
        "delivery_type": kind,
        "enabled": True,
        "events_of_interest": interests,
    }
    path: Path | None = options["filter_file"]
    if path is not None:
        body["subscriber_filters"] = [
            {"name": f"from {printable(path.name)}"[:80], "subscriber_filter": _text(path)}
        ]
    return {key: value for key, value in body.items() if value is not None}


def _text(path: Path) -> str:
    from ..errors import SettingError

    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise SettingError(f"--filter {path}: no text in UTF-8; expected a filter, JSON") from None
    except OSError as error:
        raise SettingError(f"--filter {path}: {(error.strerror or str(error)).lower()}") from None


def _interests(client: ServiceClient, org: str, codes: tuple[str, ...]) -> list[Interest]:
    """Return the events of interest that codes name, or all of flow runs."""
    found = client.get(f"/events/{org}/providers", eventmetadata="true")
    known = {
        provider["id"]: [each["event_code"] for each in provider["_embedded"]["eventmetadata"]]
        for provider in found["_embedded"]["providers"]
    }
    if codes:
        return [_interest(known, code) for code in codes]
    from ..core.payload import provider_id

    platform = provider_id("platform_notifications")
    return [{"provider_id": platform, "event_code": code} for code in known[platform]]


def _interest(known: dict[str, list[str]], named: str) -> Interest:
    """Return what one ``--event`` names; raises ``SettingError`` if that is not one thing."""
    from ..errors import SettingError

    provider, _, code = named.rpartition("/")
    found = [each for each, codes in known.items() if code in codes and provider in ("", each)]
    if len(found) == 1:
        return {"provider_id": found[0], "event_code": code}
    if found:
        raise SettingError(
            f"--event {named}: several providers have it; expected one of "
            + ", ".join(f"{each}/{code}" for each in found)
        )
    from difflib import get_close_matches

    every = sorted({each for codes in known.values() for each in codes})
    near = get_close_matches(code, every, 1)
    raise SettingError(f"--event {named}: no such event code; expected {', '.join(near or every)}")


def _is_active(made: dict[str, Any]) -> bool:
    from ..core.management.registration_status import VERIFIED

    return bool(made["webhook_status"] == VERIFIED)


def _report(made: dict[str, Any], as_json: bool) -> None:
    from ..core.management.registration_status import SPELLINGS

    if as_json:
        print_json(made)
        return
    made = printable_values(made)
    status = SPELLINGS[made["webhook_status"]][0]
    say(f"{click.style(made['name'], bold=True)} {made['registration_id']}")
    codes = ", ".join(each["event_code"] for each in made["events_of_interest"])
    say(f"{styled_status(status)}, asks for {codes}")
    if not _is_active(made):
        say("the webhook did not answer the challenge: flowsim traces", err=True)
