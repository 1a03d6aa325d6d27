"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ._types import DURATION, HOST_NAME, Folder, clock

if TYPE_CHECKING:
    from ..reports.format_table import Command, ReportFormat

F = TypeVar("F", bound=Callable[..., Any])

PORTS = click.IntRange(0, 65_535)


name = click.option(
    "names",
    "--name",
    metavar="NAME",
    multiple=True,
    type=HOST_NAME,
    help="Accept requests for this host name too, as in --name consumer; repeatable.",
)
"""Under which names, beside those of this machine, a command answers."""

verbose = click.option(
    "--verbose", is_flag=True, help="Print every attempt, even if many fail in the same way."
)

service_clock = click.option(
    "--clock",
    type=clock("real", "60x", "manual"),
    default="real",
    show_default=True,
    metavar="real|60x|manual",
    help="How time passes; a manual clock waits for flowsim advance.",
)
"""How time passes for the events service."""


def added(*options: Callable[[Any], Any]) -> Callable[[F], F]:
    """Return what adds options to a command, in this order."""

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def port(default: int) -> Callable[[F], F]:
    """Add the port on which a command listens."""
    return click.option(
        "--port",
        metavar="PORT",
        default=default,
        show_default=True,
        type=PORTS,
        help="0 chooses a free port.",
    )


def more_port(name: str, help_text: str) -> Callable[[F], F]:
    """Add another port on which a command may listen, such as ``--tls-port``."""
    return click.option(name, metavar="PORT", type=PORTS, help=help_text)


def host(help_text: str = "Address to listen on.") -> Callable[[F], F]:
    """Add the address on which a command listens, and under which names it answers beside it."""
    address = click.option("--host", default="127.0.0.1", show_default=True, help=help_text)
    return added(address, name)


def wait(help_text: str) -> Callable[[F], F]:
    """Add how long to wait, in seconds, for what a command calls."""
    return click.option("--wait", metavar="S", type=DURATION, default=0.0, help=help_text)


def as_json(help_text: str) -> Callable[[F], F]:
    """Add ``--json``, for programs."""
    return click.option("as_json", "--json", is_flag=True, help=help_text)


def save(help_text: str) -> Callable[[F], F]:
    """Add the folder in which requests are kept."""
    return click.option("--save", type=Folder(), metavar="DIR", help=help_text)


def trust(of_what: str) -> Callable[[F], F]:
    """Add which certificates of webhooks are accepted; ``of_what`` names them in the help."""
    return added(
        click.option(
            "--cacert",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help=f"Authority of {of_what}, PEM.",
        ),
        click.option("--insecure", is_flag=True, help="Accept any certificate of a webhook."),
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
    """Take what ``formats`` added out of the arguments of a command.

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
