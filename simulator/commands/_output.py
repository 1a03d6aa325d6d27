"""Where commands write: the one place of them that knows ``click.echo``.

A command makes each foreign value of a line printable itself (see ``printable``). What it
forgets cannot harm a terminal, since only our own styles pass here.
"""

from __future__ import annotations

import os
import sys

import click

from ..printable import keep_styles, printable


def say(text: str, *, err: bool = False, nl: bool = True, color: bool | None = None) -> None:
    """Write lines of ours, on standard error with ``err``."""
    click.echo(keep_styles(text), err=err, nl=nl, color=color)


def hand_on(text: str) -> None:
    """Write a line that other programs take as it is; on a terminal it is made printable.

    Names of files are written as the system has them, be they text or not.
    """
    click.echo(printable(text) if sys.stdout.isatty() else os.fsencode(text))


def say_meanwhile(text: str) -> None:
    """Write over the last line of standard error, which has to be a terminal."""
    click.echo(f"\r{printable(text)}\x1b[K", nl=False, err=True)
