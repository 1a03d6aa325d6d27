"""Words of a command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import click
import pytest
from click.testing import Result

from flowsim.commands import COMMANDS, main

from .text import OPTION, SHOWN

Flowsim = Callable[..., Result]
Run = Callable[..., str]


def options_of(command: click.Command, *before: str) -> Iterator[tuple[str, ...]]:
    """Yield command lines that end with an option which takes a value."""
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), name)
            assert found is not None
            yield from options_of(found, *before, name)
    for each in command.params:
        if isinstance(each, click.Option) and not each.is_flag:
            yield (*before, each.opts[0])


OPTIONS = {name: [each for each in options_of(main) if each[0] == name] for name in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS)
def test_no_message_has_a_raw_option_value(run: Run, command: str) -> None:
    """The command line is refused: by this value, or by the option behind it."""
    for words in OPTIONS[command]:
        output = run(*words, OPTION, "--no-such-option-" + OPTION, shows=False, exit_codes=(2,))
        assert any(each in output for each in SHOWN), words


@pytest.mark.parametrize("command", COMMANDS)
def test_no_message_has_a_raw_surplus_word(run: Run, command: str) -> None:
    if command == "exec":
        run(command, "--", OPTION, exit_codes=(127,))
    else:
        run(command, OPTION, OPTION, OPTION, exit_codes=(1, 2))


def test_no_message_has_a_raw_unknown_command(run: Run) -> None:
    run(OPTION, exit_codes=(2,))
    run(f"--{OPTION}", exit_codes=(2,))


@pytest.mark.parametrize(
    "words",
    [
        ("replay", "partial", "--target"),
        ("replay", "partial", "--at"),
        ("replay", "partial", "--seed"),
        ("replay", "partial", "--client-id"),
        ("replay", "partial", "--set"),
        ("replay", "partial", "--cacert"),
        ("replay",),
        ("show", "partial", "--target"),
        ("show",),
        ("validate",),
        ("diff", "partial"),
        ("diff", "partial", "success", "--ignore"),
        ("check",),
        ("check", "1", "--only"),
        ("check", "1", "--skip"),
        ("check", "1", "--cacert"),
        ("check", "1", "--host"),
        ("receive", "--keys"),
        ("receive", "--respond"),
        ("receive", "--client-id"),
        ("receive", "--host"),
        ("up", "--host"),
        ("up", "--clock"),
        ("up", "--data", ":memory:", "--allow-target"),
        ("exec", "--scenario", OPTION, "--"),
        ("trigger",),
        ("register", "--journal", "--filter"),
        *((name, "--service") for name in ("status", "traces", "journal", "env")),
    ],
    ids=" ".join,
)
def test_no_mistake_names_a_value_raw(run: Run, words: tuple[str, ...]) -> None:
    run(*words, OPTION, exit_codes=(1, 2))
    run(*words, f"a={OPTION}", exit_codes=(1, 2))


def test_no_message_about_processed_has_its_address_raw(run: Run) -> None:
    run("check", "1", "--processed", f"{OPTION}{{event_id}}", exit_codes=(2,))


@pytest.mark.parametrize(
    "setting", ["flow.name", "registration.client_id", "events.0.faults", "at"]
)
def test_no_message_about_a_setting_has_its_raw_value(run: Run, setting: str) -> None:
    run("show", "partial", "--set", f"{setting}={OPTION}", shows=False, exit_codes=(0, 2))
    run("show", "partial", "--set", f'{setting}={{"a": {json.dumps(OPTION)}}}', exit_codes=(2,))
