"""``flowsim registrations``: list registrations, show, change, challenge or delete one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click
from click.core import ParameterSource

from ..core.printable import printable, printable_values
from . import _saving
from ._groups import Subcommands
from ._output import print_json, say, say_lines
from ._registration_lines import registration_lines, registration_table
from ._service import chosen, connected, next_command, service_options, status_of

if TYPE_CHECKING:
    from ..events_service.client import ServiceClient

Json = dict[str, Any]

_SERVICE = ("service", "wait", "as_json")
"""The parameters that may stand before a subcommand or behind it."""


class _Registrations(Subcommands):
    """Says what to type where a registration stands in the place of a subcommand."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            show = next_command("registrations", "show", args[0])
            hint = f"Commands are {', '.join(self.commands)}. To see a registration: {show}"
            raise click.UsageError(f"{error.message} {hint}", ctx) from None


@click.group(cls=_Registrations, invoke_without_command=True)
@service_options
@click.pass_context
def command(ctx: click.Context, service: str, wait: float, as_json: bool) -> None:
    """List registrations, or show, edit, enable, disable, challenge or delete one.

    One is named by its id, the beginning of it, or its name; the only one need not be named.

    \b
    flowsim registrations
    flowsim registrations edit e50438b5 --webhook 3000/hook
    """
    if ctx.invoked_subcommand is not None:
        return
    with connected(service, wait) as client:
        status = status_of(client)
    known = status["registrations"]
    if as_json:
        for each in known:
            print_json(each)
    elif known:
        for line in registration_table(printable_values(known), status["clock"]["now"]):
            say(line)
    else:
        say("no registration")
        say(f"next: {next_command('register', '--webhook', '3000')}", is_exact=True)


def _of_one(*, required: bool = False) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a subcommand about one registration, called with a ``_One``."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        @wraps(function)
        @click.pass_context
        def call(ctx: click.Context, /, registration: str | None, **options: Any) -> None:
            place = _place(ctx)
            for name in _SERVICE:
                del options[name]
            with connected(place["service"], place["wait"]) as client:
                known = chosen(status_of(client), registration, "behind the command")
                is_right = function(_One(client, known, place["as_json"]), **options)
            ctx.exit(0 if is_right else 1)

        metavar = "ID|NAME" if required else "[ID|NAME]"
        named = click.argument("registration", metavar=metavar, required=required)
        made = command.command()(named(service_options(call)))
        made.params.sort(key=lambda each: each.name in _SERVICE)  # they come last in every help
        return made

    return decorate


def _place(ctx: click.Context) -> Json:
    """Return where the service is: as the words behind the subcommand say, or those before it."""
    assert ctx.parent is not None
    found = {}
    for name in _SERVICE:
        is_before = _is_given(ctx.parent, name) and not _is_given(ctx, name)
        found[name] = (ctx.parent if is_before else ctx).params[name]
    return found


def _is_given(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE


class _One:
    """One registration of a running service: it is changed as Adobe's API has it."""

    def __init__(self, client: ServiceClient, glance: Json, as_json: bool) -> None:
        self.client = client
        self.glance = glance
        self.as_json = as_json
        place = (glance[name] for name in ("consumer_id", "project_id", "workspace_id"))
        steps = "/".join(quote(step, "", errors="surrogateescape") for step in place)
        self.path = f"/events/{steps}/registrations/{glance['registration_id']}"

    def read(self) -> Json:
        document: Json = self.client.get(self.path)
        return document

    def patch(self, operations: list[Json]) -> bool:
        """Save it with changes, or without; return false if it then fails its challenge."""
        saved = self.client.patch(self.path, operations)
        return _saving.report(self.client, saved, self.as_json)


@_of_one()
def show(one: _One) -> bool:
    """Print everything about a registration.

    \b
    flowsim registrations show e50438b5
    """
    state = one.client.get(f"/_flowsim/registrations/{one.glance['registration_id']}")
    if one.as_json:
        print_json(one.read() | {"flowsim": state["registration"], "challenge": state["challenge"]})
        return True
    say_lines(registration_lines(one.read(), state))
    return True


@_of_one()
@_saving.webhook_option
@click.option(
    "--delivery-type",
    type=click.Choice(["webhook", "webhook_batch", "journal"]),
    help="Single events, batches of at most 20, or none; a journal keeps the webhook's URL.",
)
@click.option("--name", metavar="NAME", help="The new name.")
@click.option("--description", metavar="TEXT", help="The new description.")
@_saving.events_option("; replaces all earlier ones; repeatable.")
@_saving.saving_options
@click.option("--no-filter", is_flag=True, help="Remove the filter.")
def edit(one: _One, **options: Any) -> bool:
    """Change a registration; its webhook is challenged again.

    Exit code 0: saved; 1: saved, but the webhook did not answer the challenge.

    \b
    flowsim registrations edit e50438b5 --webhook 3000/hook
    flowsim registrations edit orders --event sources_flow_run_failed --description 'Failures.'
    """
    if options["no_filter"] and options["filter_file"] is not None:
        raise click.UsageError("--filter and --no-filter exclude each other.")
    changes = _saving.operations(one.client, one.read(), options)
    if not changes and options["delivery_format"] is None:
        raise click.UsageError("Nothing to change: name a change, as in --webhook 3000/hook.")
    with _saving.delivered_as(one.client, options["delivery_format"]):
        saved = one.client.patch(one.path, changes)
    return _saving.report(one.client, saved, one.as_json)


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

    glance = one.glance
    if glance["webhook_url"] is None:
        raise SettingError(f"{glance['name']} has no webhook to challenge")
    if glance["delivery_type"] == "journal":
        words = (glance["registration_id"][:8], "--delivery-type", "webhook")
        again = next_command("registrations", "edit", *words)
        raise SettingError(f"{glance['name']} is a journal; to deliver to its webhook: {again}")
    return one.patch([])


@_of_one(required=True)
def delete(one: _One) -> bool:
    """Delete a registration; deliveries under way and their retries go on.

    \b
    flowsim registrations delete e50438b5
    """
    one.client.call("DELETE", one.path)
    if one.as_json:
        print_json({"registration_id": one.glance["registration_id"], "deleted": True})
    else:
        say(f"{printable(one.glance['name'])} {one.glance['registration_id']} is deleted")
    return True
