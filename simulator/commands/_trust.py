"""The options that say which certificates of webhooks are accepted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def trust_options(of_what: str) -> Callable[[F], F]:
    """Return what adds the options; ``of_what`` names the certificates in the help."""
    options = [
        click.option(
            "--cacert",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help=f"Authority of {of_what}, PEM.",
        ),
        click.option("--insecure", is_flag=True, help="Accept any certificate of a webhook."),
    ]

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def refuse_both(cacert: Path | None, insecure: bool) -> None:
    """Raise ``UsageError`` if both options are given."""
    if insecure and cacert is not None:
        raise click.UsageError("--cacert and --insecure exclude each other.")
