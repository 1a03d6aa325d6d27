"""``flowsim registrations``: list registrations, show, change, challenge or delete one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

import click

from ..core.printable import printable, printable_values
from . import _saving
from ._groups import Subcommands
from ._options import flag, option
from ._registration_lines import next_registration, registration_lines, registration_table
from ._service import (
    CONTROL,
    SERVICE_PARAMETERS,
    Json,
    ServiceCall,
    calls_service,
    chosen,
    next_command,
)


class _Registrations(Subcommands):
    """Adds a hint if a registration is typed in the place of a subcommand."""

    def hint(self, word: str) -> str:
        show = next_command("registrations", "show", word)
        return f"Commands are {', '.join(self.commands)}. To see a registration: {show}"


@click.group(cls=_Registrations, invoke_without_command=True)
@calls_service
def command(call: ServiceCall) -> None:
    """List registrations, or show, edit, enable, disable, challenge or delete one.

    One is named by its id, the beginning of it, or its name; the only one need not be named.

    \b
    flowsim registrations
    flowsim registrations edit e50438b5 --webhook 3000/hook
    """
    status = call.status()
    known = status["registrations"]
    rows = registration_table(printable_values(known), status["clock"]["now"])
    call.show(known, rows if known else ["no registration", next_registration()])


def _of_one(*, required: bool = False) -> Callable[[Callable[..., bool]], click.Command]:
    """Make a subcommand about one registration, called with a ``_One``."""

    def decorate(function: Callable[..., bool]) -> click.Command:
        @wraps(function)
        def call(call: ServiceCall, registration: str | None, **options: Any) -> int:
            summary = chosen(call.status(), registration, "after the command")
            return 0 if function(_One(call, summary), **options) else 1

        metavar = "ID|NAME" if required else "[ID|NAME]"
        named = click.argument("registration", metavar=metavar, required=required)
        made = command.command()(named(calls_service(call)))
        made.params.sort(key=lambda each: each.name in SERVICE_PARAMETERS)  # the last in the help
        return made

    return decorate


class _One:
    """One registration of a running service, read and changed through Adobe's API."""

    def __init__(self, call: ServiceCall, summary: Json) -> None:
        self.call = call
        self.summary = summary
        place = (summary[name] for name in ("consumer_id", "project_id", "workspace_id"))
        steps = "/".join(quote(step, "", errors="surrogateescape") for step in place)
        self.path = f"/events/{steps}/registrations/{summary['registration_id']}"

    def read(self) -> Json:
        document: Json = self.call.client.get(self.path)
        return document

    def patch(self, operations: list[Json]) -> bool:
        """Save the registration, changed or not; return false if it fails its challenge."""
        return _saving.report(self.call, self.call.client.patch(self.path, operations))


@_of_one()
def show(one: _One) -> bool:
    """Print everything about a registration.

    \b
    flowsim registrations show e50438b5
    """
    state = one.call.client.get(f"{CONTROL}/registrations/{one.summary['registration_id']}")
    document = one.read()
    everything = document | {"flowsim": state["registration"], "challenge": state["challenge"]}
    one.call.show(everything, registration_lines(document, state))
    return True


@_of_one()
@_saving.webhook_option
@option(
    "--delivery-type",
    "Single events, batches of at most 20, or none; a journal keeps the webhook's URL.",
    ["webhook", "webhook_batch", "journal"],
)
@option("--name NAME", "The new name.")
@option("--description TEXT", "The new description.")
@_saving.events_option("replaces all earlier ones.")
@_saving.saving_options
@flag("--no-filter", "Remove the filter.")
def edit(one: _One, **options: Any) -> bool:
    """Change a registration; its webhook is challenged again.

    Exit code 0: saved; 1: saved, but the webhook did not answer the challenge.

    \b
    flowsim registrations edit e50438b5 --webhook 3000/hook
    flowsim registrations edit orders --event sources_flow_run_failed --description 'Failures.'
    """
    if options["no_filter"] and options["filter_file"] is not None:
        raise click.UsageError("--filter and --no-filter exclude each other.")
    changes = _saving.operations(one.call.client, one.read(), options)
    if not changes and options["delivery_format"] is None:
        raise click.UsageError("Nothing to change: name a change, as in --webhook 3000/hook.")
    with _saving.delivered_as(one.call.client, options["delivery_format"]):
        saved = one.call.client.patch(one.path, changes)
    return _saving.report(one.call, saved)


@_of_one()
def enable(one: _One) -> bool:
    """Switch a registration on; its webhook is challenged again.

    \b
    flowsim registrations enable e50438b5
    """
    return one.patch([{"op": "replace", "path": "/enabled", "value": True}])


@_of_one()
def disable(one: _One) -> bool:
    """Switch a registration off: new events are in its journal only.

    Retries that have begun go on. The service challenges its webhook, as at every save.

    \b
    flowsim registrations disable e50438b5
    """
    one.patch([{"op": "replace", "path": "/enabled", "value": False}])
    return True


@_of_one()
def challenge(one: _One) -> bool:
    """Save a registration unchanged, so that its webhook is challenged again.

    Exit code 0: it is ACTIVE, or waits for its validation URL; 1: it failed the challenge.

    \b
    flowsim registrations challenge e50438b5
    """
    from ..errors import SettingError

    summary = one.summary
    if summary["webhook_url"] is None:
        raise SettingError(f"{summary['name']} has no webhook to challenge")
    if summary["delivery_type"] == "journal":
        words = (summary["registration_id"][:8], "--delivery-type", "webhook")
        again = next_command("registrations", "edit", *words)
        raise SettingError(f"{summary['name']} is a journal; to deliver to its webhook: {again}")
    return one.patch([])


@_of_one(required=True)
def delete(one: _One) -> bool:
    """Delete a registration; deliveries under way and their retries go on.

    \b
    flowsim registrations delete e50438b5
    """
    one.call.client.call("DELETE", one.path)
    id_, name = one.summary["registration_id"], printable(one.summary["name"])
    one.call.show({"registration_id": id_, "deleted": True}, [f"{name} {id_} is deleted"])
    return True
