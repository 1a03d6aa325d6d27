"""A door: click. One file is one command; the order here is the order of ``--help``."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator
from typing import IO, Any, NoReturn

import click

from ..errors import (
    ExhaustedError,
    FlowsimError,
    MistakesError,
    ScenarioError,
    exhaustion,
    exit_code_of,
    expect_whole,
)
from ..printable import printable
from ..version import __version__
from . import _last_object, _streams, _threads
from ._output import folded_error, is_coloured, say

COMMANDS = {
    "replay": "Deliver the notifications of scenarios to a webhook.",
    "check": "Check whether a webhook does right by all that Adobe I/O Events may send.",
    "show": "Print the notifications of scenarios without sending them.",
    "receive": "Receive notifications as a sound webhook would, and print what came.",
    "diff": "Show two payloads, two runs, or expected beside received, in two columns.",
    "up": "Run a local Adobe I/O Events: registrations, journal, deliveries and their retries.",
    "register": "Create a registration; a webhook has to answer the challenge.",
    "registrations": "List registrations, or show, edit, enable, disable, challenge or delete one.",
    "trigger": "Publish every event of scenarios, at once, to the registrations that ask for it.",
    "status": "Show the service, its clock and its registrations.",
    "traces": "Print the last 100 successes and 100 errors of a registration, oldest first.",
    "journal": "Print the journal of a registration, oldest events first.",
    "redeliver": "Deliver an event again to the registrations that have it in their journals.",
    "advance": "Let time pass on the service's clock, and wait until all of it is played.",
    "reset": "Forget what happened and what is registered, for the next test.",
    "exec": "Run a command beside an events service of its own, reached as if it were Adobe's.",
    "env": "Print what flowsim exec would set, for a service with a TLS port and a proxy.",
    "scenarios": "List the shipped scenarios with their descriptions.",
    "faults": "List the faults that a scenario may name, by the station at which they act.",
    "validate": "Check scenario files and report every mistake with its place.",
    "schema": "Print the JSON Schema of scenario files, for editors.",
    "keys": "Show, rotate or serve the two signing keys.",
    "certs": "Print the path of the service's certificate authority, for clients to trust.",
}
"""Each command and what its own help begins with: to list them, none has to be imported."""


class _Commands(click.Group):
    """Imports a command's file when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f".{cmd_name}", __name__).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])

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

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        extra.setdefault("color", is_coloured())
        with _explained():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _explained():
            return super().invoke(ctx)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command line; what is wrong is one sentence, wherever it comes to light."""
        _last_object.begin(self, args[0] if args else extra.get("args"))
        try:
            with _threads.watched() as threads:
                try:
                    _streams.prepare(has_json=_last_object.is_asked_for())
                    return super().main(*args, **extra)
                finally:
                    expect_whole([threads])
        except Exception as error:
            told = exhaustion(error) or error
            if not isinstance(told, FlowsimError | OSError):
                raise
            _last_object.write(_plain_sentence(told), exit_code_of(told))
        finally:
            _streams.give_up_output()
        if isinstance(told, ExhaustedError):
            return _end_without_means(f"error: {told}\n")
        return _end(_sentence(told), exit_code_of(told))


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Let what ends a command line be one printable sentence, and the last object of its JSON.

    What click says of a command line repeats words as they were typed.
    """
    try:
        yield
    except KeyboardInterrupt:
        _last_object.write(_Stopped.WORD, _Stopped.exit_code)
        raise _Stopped from None
    except BrokenPipeError:  # the reader of standard output has left: no verdict of a webhook
        raise click.exceptions.Exit(_OUTPUT_ENDED) from None
    except click.ClickException as error:
        error.message = printable(error.message)  # type: ignore[misc]
        message = error.format_message()
        _last_object.write(message, error.exit_code)
        error.format_message = lambda: folded_error(message)  # type: ignore[method-assign]
        raise


_OUTPUT_ENDED = 2


class _Stopped(click.ClickException):
    """Ctrl-C, or a signal like it, while a command had nothing to tell of its own."""

    WORD = "stopped"
    exit_code = 130

    def __init__(self) -> None:
        super().__init__(self.WORD)

    def show(self, file: IO[Any] | None = None) -> None:  # noqa: ARG002
        """Say it in one line."""
        say(self.WORD, err=True)


def _sentence(error: FlowsimError | OSError) -> str:
    said = _plain_sentence(error)
    if isinstance(error, ScenarioError | MistakesError):
        return said
    return f"{click.style('error: ', fg='red')}{said}"


def _plain_sentence(error: FlowsimError | OSError) -> str:
    said = str(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        said = f"{place}{(error.strerror or said).lower()}"
    return said


def _end(sentence: str, exit_code: int) -> NoReturn:
    """Say why the command ends, if standard error can take it, and end it."""
    with contextlib.suppress(OSError):
        say(sentence, err=True, color=is_coloured())
    sys.exit(exit_code)


def _end_without_means(sentence: str) -> NoReturn:
    """End a command that lacks memory: a line in colour would take more than there may be."""
    with contextlib.suppress(OSError, MemoryError):
        sys.stderr.write(sentence)
        sys.stderr.flush()
    sys.exit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="flowsim")
def main() -> None:
    """Send Adobe Experience Platform flow run notifications to your webhook.

    \b
    flowsim replay partial                  to a built-in receiver that verifies them
    flowsim replay partial --target 3000    to your webhook on port 3000
    """
