"""What commands print about flowsim itself: help, lists and schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click
import pytest

from flowsim.commands import main

from .recording import unchanged

Shown = Callable[..., str]

TEXTS = {
    "checks.txt": "check --list",
    "checks.json": "check --list --json",
    "errors.txt": "scenarios --errors",
    "faults.json": "faults --json",
    "faults.txt": "faults",
    "scenario.schema.json": "schema",
    "scenarios.txt": "scenarios",
    "sources.txt": "scenarios --sources",
}
"""File → the command whose output it is."""


def commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of a command and of all its subcommands."""
    yield words
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found
            yield from commands(found, (*words, name))


def test_help_of_every_command_is_unchanged(shown: Shown) -> None:
    """Commands that --help does not list count too."""
    found = [shown(*words, "--help") for words in commands(main)]
    assert len(found) > 25
    unchanged("help.txt", "\n".join(found), "flowsim COMMAND --help")


@pytest.mark.parametrize("file", TEXTS)
def test_texts_of_commands_about_flowsim_are_unchanged(shown: Shown, file: str) -> None:
    """All texts of the checks and faults are among it, word for word."""
    unchanged(file, shown(*TEXTS[file].split()), f"COLUMNS=80 flowsim {TEXTS[file]}")
