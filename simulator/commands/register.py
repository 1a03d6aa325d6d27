"""``flowsim register``: subscribe a webhook, or a journal, to events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from . import _saving
from ._options import flag, option
from ._service import Json, ServiceCall, calls_service, next_command

if TYPE_CHECKING:
    from ..events_service.client import ServiceClient


@click.command()
@_saving.webhook_option
@flag("--batch", "Deliver batches of at most 20 events.")
@flag("--journal", "No webhook: events are read with flowsim journal.")
@_saving.events_option(
    "default: those of flow runs, sources_flow_run_failed and sources_flow_run_success."
)
@_saving.saving_options
@option("--name NAME", "Name of the registration; default: the webhook's address.")
@option("--client-id ID", "Client id of the recipient; default: the service's own.")
@calls_service
def command(call: ServiceCall, **options: Any) -> int:
    """Create a registration; its webhook must answer the challenge.

    Exit code 0: it gets events from now on, or as soon as its validation URL is opened; 1: the
    webhook did not answer the challenge.

    \b
    flowsim register --webhook 3000/hook
    flowsim register --journal --name reader --event sources_flow_run_failed
    """
    if options["journal"] == (options["webhook"] is not None):
        raise click.UsageError("Exactly one of --webhook and --journal is needed.")
    if options["journal"] and options["batch"]:
        raise click.UsageError("--batch and --journal exclude each other.")
    own = call.status()["installation"]
    asked = _saving.interests(call.client, own["org"], options["codes"])
    body = _body(options, own["client_id"], asked)
    place = f"/events/{own['org']}/{own['project']}/{own['workspace']}/registrations"
    with _saving.delivered_as(call.client, options["delivery_format"]):
        made = _create(call.client, place, body, options)
    hint = "" if options["codes"] else _OTHERS
    return 0 if _saving.report(call, made, hint) else 1


_OTHERS = "--event CODE asks for others of flowsim events"
"""What is said about the event codes of a registration if none were named."""


def _body(options: Json, own_client_id: str, asked: list[_saving.Interest]) -> Json:
    from ..core.targets import parse_target

    url = parse_target(options["webhook"]) if options["webhook"] is not None else None
    kind = "journal" if url is None else "webhook_batch" if options["batch"] else "webhook"
    body = {
        "client_id": options["client_id"] or own_client_id,
        "name": options["name"] or (url or "journal").removeprefix("http://"),
        "webhook_url": url,
        "delivery_type": kind,
        "enabled": True,
        "events_of_interest": asked,
    }
    if options["filter_file"] is not None:
        body["subscriber_filters"] = [_saving.filter_body(options["filter_file"])]
    return {key: value for key, value in body.items() if value is not None}


def _create(client: ServiceClient, place: str, body: Json, options: Json) -> Json:
    """Create the registration; if its name is taken, the error contains a command to change it."""
    from ..errors import ServiceError

    try:
        made: Json = client.post(place, body)
    except ServiceError as error:
        if not error.conflicting_id:
            raise
        other = client.get(f"{place}/{error.conflicting_id}")
        remedy = _save_again(other, body, options)
        raise ServiceError(error.status_code, f"{error.message}; {remedy}") from None
    return made


def _save_again(other: Json, body: Json, options: Json) -> str:
    """Return the command that makes the existing registration what was asked for."""
    id_, words = other["registration_id"][:8], _differences(other, body, options)
    if words:
        return f"to change it: {next_command('registrations', 'edit', id_, *words)}"
    if "webhook_url" not in body:
        return f"it is as you want it: {next_command('registrations', 'show', id_)}"
    return f"to challenge it again: {next_command('registrations', 'challenge', id_)}"


def _differences(other: Json, body: Json, options: Json) -> list[str]:
    """Return the options of ``registrations edit`` that remove the differences."""
    words = []
    if body.get("webhook_url", other.get("webhook_url")) != other.get("webhook_url"):
        words += ["--webhook", body["webhook_url"]]
    if body["delivery_type"] != other["delivery_type"]:
        words += ["--delivery-type", body["delivery_type"]]
    for code in options["codes"]:
        words += ["--event", code]
    if options["filter_file"] is not None:
        words += ["--filter", str(options["filter_file"])]
    if options["delivery_format"] is not None:
        words += ["--delivery-format", options["delivery_format"]]
    return words
