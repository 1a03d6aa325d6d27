"""A door: click. One file is one command; the order here is the order of ``--help``."""

from __future__ import annotations

import errno
import importlib
import os
import sys

import click

from .. import __version__
from ..errors import FlowsimError, ScenarioError, UnreachableError

COMMANDS = (
    *("replay", "show", "receive"),
    *("up", "register", "trigger", "status", "traces", "journal", "redeliver", "advance"),
    *("exec", "env"),
    *("scenarios", "validate", "schema", "keys", "certs"),
)


class _Commands(click.Group):
    """Imports a command's file when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f".{cmd_name}", __name__).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f"Did you mean {near[0]}?" if near else f"Commands are {', '.join(COMMANDS)}."
            raise click.UsageError(f"{error.message} {hint}", ctx) from None

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except FlowsimError as error:
            head = "" if isinstance(error, ScenarioError) else click.style("error: ", fg="red")
            click.echo(f"{head}{error}", err=True)
            ctx.exit(1 if isinstance(error, UnreachableError) else 2)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # click ends quietly when nobody reads any more
            click.echo(f"{click.style('error: ', fg='red')}{error.strerror or error}", err=True)
            ctx.exit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="flowsim")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Send Adobe Experience Platform flow run notifications to your webhook.

    \b
    flowsim replay partial                  to a built-in receiver that verifies them
    flowsim replay partial --target 3000    to your webhook on port 3000
    """
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
