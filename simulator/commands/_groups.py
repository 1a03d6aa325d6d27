"""Groups of commands, and the one sentence with which a command line that fails ends."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator, Mapping
from typing import IO, Any, NoReturn

import click

from ..core.printable import printable
from ..errors import ExhaustedError, FlowsimError, MistakesError, ScenarioError, exit_code_of
from ..runtime.breakdowns import exhaustion, expect_whole
from . import _last_object, _streams
from ._output import folded_error, is_coloured, say
from ._serving import watched

_WHOLE = 1_000
"""Longer than the first sentence of any command, in characters."""


class Subcommands(click.Group):
    """Lists its commands in the order of their definition, each with its whole first sentence."""

    def summaries(self) -> Mapping[str, str]:
        """Return the commands, each with what its own help begins with."""
        return {name: each.get_short_help_str(_WHOLE) for name, each in self.commands.items()}

    def hint(self, word: str) -> str:
        """Return a hint for a word that is no command: the nearest command, or all of them."""
        from difflib import get_close_matches

        near = get_close_matches(word, self.summaries(), 1)
        return (
            f"Did you mean {near[0]}?" if near else f"Commands are {', '.join(self.summaries())}."
        )

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return [*self.summaries()]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([*self.summaries().items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(f"{error.message} {self.hint(args[0])}", ctx) from None


class Commands(Subcommands):
    """Imports a command's file when it is asked for.

    ``summaries`` holds each command and what its own help begins with.
    """

    def __init__(self, *args: Any, summaries: Mapping[str, str], **extra: Any) -> None:
        super().__init__(*args, **extra)
        self._summaries = summaries

    def summaries(self) -> Mapping[str, str]:
        return self._summaries

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self._summaries:
            return None
        command: click.Command = importlib.import_module(f".{cmd_name}", __package__).command
        return command

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        extra.setdefault("color", is_coloured())
        with _explained():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _explained():
            return super().invoke(ctx)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command line; an error at any point ends it with one sentence."""
        _last_object.begin(self, args[0] if args else extra.get("args"))
        try:
            with watched() as threads:
                try:
                    _streams.prepare(has_json=_last_object.is_asked_for())
                    return super().main(*args, **extra)
                finally:
                    expect_whole([threads])
        except Exception as error:
            known = exhaustion(error) or error
            if not isinstance(known, FlowsimError | OSError):
                raise
            _last_object.write(_plain_sentence(known), exit_code_of(known))
        finally:
            _streams.give_up_output()
        if isinstance(known, ExhaustedError):
            return _end_without_memory(f"error: {known}\n")
        return _end(_sentence(known), exit_code_of(known))


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Turn errors of a command line into one printable sentence, and the last object of its JSON.

    The messages of click repeat words as they were typed, so they are made printable.
    """
    try:
        yield
    except KeyboardInterrupt:
        _last_object.write(_Stopped.WORD, _Stopped.exit_code)
        raise _Stopped from None
    except BrokenPipeError:  # the reader of standard output has left: not 1, which judges a webhook
        raise click.exceptions.Exit(_OUTPUT_ENDED) from None
    except click.ClickException as error:
        error.message = printable(f"{error.message}{_hint_of(error)}")  # type: ignore[misc]
        message = error.format_message()
        _last_object.write(message, error.exit_code)
        error.format_message = lambda: folded_error(message)  # type: ignore[method-assign]
        raise


_OUTPUT_ENDED = 2


def _hint_of(error: click.ClickException) -> str:
    """Return what to type instead of a word too many: a webhook's address may be an option."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None or not error.message.startswith("Got unexpected extra argument"):
        return ""
    options = [name for each in context.command.params for name in each.opts]
    return ". --webhook names the address of a webhook." if "--webhook" in options else ""


class _Stopped(click.ClickException):
    """Ctrl-C or SIGTERM, where the command itself prints nothing about its end."""

    WORD = "stopped"
    exit_code = 130

    def __init__(self) -> None:
        super().__init__(self.WORD)

    def show(self, file: IO[Any] | None = None) -> None:  # noqa: ARG002
        """Print the word on standard error."""
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
    """Print why the command ends, if standard error can be written to, and end the process."""
    with contextlib.suppress(OSError):
        say(sentence, err=True, color=is_coloured())
    sys.exit(exit_code)


def _end_without_memory(sentence: str) -> NoReturn:
    """End a process that lacks memory; the line has no colour, which would need more memory."""
    with contextlib.suppress(OSError, MemoryError):
        sys.stderr.write(sentence)
        sys.stderr.flush()
    sys.exit(2)
