"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ._types import DURATION, FOLDER, HOST_NAME, clock

if TYPE_CHECKING:
    from ..reports.format_table import Command, ReportFormat

F = TypeVar("F", bound=Callable[..., Any])

PORTS = click.IntRange(0, 65_535)


def option(declared: str, help_text: str, kind: Any = None, **more: Any) -> Callable[[F], F]:
    """Add an option as its help declares it, such as ``--rate N``; a default is shown there.

    The name of its parameter stands before it, as in ``own --checks FILE``, if it is another one.
    ``kind`` is a type, or the list of words that are allowed. ``more`` goes to click.
    """
    words, _, metavar = declared.partition("--")
    word, _, metavar = metavar.partition(" ")
    more.setdefault("show_default", "default" in more)
    more["type"] = click.Choice(kind) if isinstance(kind, list) else kind
    return click.option(
        *words.split(), f"--{word}", metavar=metavar or None, help=help_text, **more
    )


def flag(declared: str, help_text: str) -> Callable[[F], F]:
    """Add an option without a value, declared as by ``option``."""
    return click.option(*declared.split(), is_flag=True, help=help_text)


name = option(
    "names --name NAME",
    "Accept requests for this host name too, as in --name consumer; repeatable.",
    HOST_NAME,
    multiple=True,
)
"""Host names for which a server answers, besides those of this machine."""

verbose = flag("--verbose", "Print every attempt, even if many fail in the same way.")

service_clock = option(
    "--clock real|60x|manual",
    "How time passes; a manual clock waits for flowsim advance.",
    clock("real", "60x", "manual"),
    default="real",
)
"""The clock of the events service."""


def added(*options: Callable[[Any], Any]) -> Callable[[F], F]:
    """Return a decorator that adds several options to a command, in this order."""

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def port(default: int) -> Callable[[F], F]:
    """Add ``--port``: the port to listen on."""
    return option("--port PORT", "0 chooses a free port.", PORTS, default=default)


def host(help_text: str = "Address to listen on.") -> Callable[[F], F]:
    """Add ``--host``, the address to listen on, and ``--name``, more host names to answer for."""
    address = option("--host", help_text, default="127.0.0.1")
    return added(address, name)


def wait(help_text: str) -> Callable[[F], F]:
    """Add ``--wait``: seconds until the called server must listen."""
    return option("--wait S", help_text, DURATION, default=0.0, show_default=False)


def as_json(help_text: str) -> Callable[[F], F]:
    """Add ``--json``: output for programs."""
    return flag("as_json --json", help_text)


def save(help_text: str) -> Callable[[F], F]:
    """Add ``--save``: the folder in which requests are kept."""
    return option("--save DIR", help_text, FOLDER)


def trust(of_what: str) -> Callable[[F], F]:
    """Add ``--cacert`` and ``--insecure``; ``of_what`` names the certificates in the help."""
    return added(
        option("--cacert FILE", f"Authority of {of_what}, PEM.", click.Path(path_type=Path)),
        flag("--insecure", "Accept any certificate of a webhook."),
    )


def refuse_both(cacert: Path | None, insecure: bool) -> None:
    """Raise ``UsageError`` if both options of ``trust`` are given."""
    if insecure and cacert is not None:
        raise click.UsageError("--cacert and --insecure exclude each other.")


def formats(command: Command) -> Callable[[F], F]:
    """Add an option for each report format of a command: a flag, or the file to write."""
    from ..reports.format_table import formats_of

    return added(*(_format_option(each, command) for each in formats_of(command)))


def _format_option(offered: ReportFormat, command: Command) -> Callable[[F], F]:
    words, text = (f"report_{offered.name}", f"--{offered.name}"), getattr(offered, command).help
    if not text:
        return lambda function: function
    if not offered.is_saved:
        return click.option(*words, is_flag=True, help=text)
    example = f"--{offered.name} build/flowsim.{offered.ending}"
    file = click.Path(path_type=Path)
    return click.option(*words, metavar="FILE", type=file, help=f"{text}, as in {example}.")


def take_formats(command: Command, arguments: dict[str, Any]) -> tuple[Any, dict[Path, Any]]:
    """Remove the arguments that ``formats`` added to a command.

    Return what its format prints, and what is written to files: a ``ReplayFormat`` or a
    ``CheckFormat`` each. Raises ``UsageError`` if two formats are to be printed, or two are to be
    written to one file.
    """
    from ..reports.format_table import formats_of

    offered = formats_of(command)
    given = [(each, arguments.pop(f"report_{each.name}", None)) for each in offered]
    saved = [(each, path) for each, path in given if path and each.is_saved]
    printed = [each for each, is_asked_for in given if is_asked_for and not each.is_saved]
    if len(printed) > 1:
        raise click.UsageError(f"{_all(printed)} exclude each other.")
    if len({path.absolute() for _, path in saved}) < len(saved):
        number = "two" if len(saved) == 2 else len(saved)
        raise click.UsageError(f"{_all([each for each, _ in saved])} need {number} files.")
    usual = next(each for each in offered if not getattr(each, command).help)
    shown = getattr(printed[0] if printed else usual, command)
    return shown, {path: getattr(each, command) for each, path in saved}


def _all(named: list[ReportFormat]) -> str:
    return " and ".join(f"--{each.name}" for each in named)
