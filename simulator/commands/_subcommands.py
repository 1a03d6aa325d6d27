"""Commands that have commands of their own."""

from __future__ import annotations

import click

_WHOLE = 1_000
"""Longer than the first sentence of any command, in characters."""


class Subcommands(click.Group):
    """Lists its commands in the order of their definition, each with its whole first sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of the commands."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of the commands."""
        rows = [(name, each.get_short_help_str(_WHOLE)) for name, each in self.commands.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
