"""Where commands write: the one place of them that knows ``click.echo``.

A command makes each foreign value of a line printable itself (see ``printable``). What it
forgets cannot harm a terminal, since only our own styles pass here.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterable
from typing import TextIO

import click

from ..core.printable import keep_styles, printable
from ..reports.tables import folded


def say(
    text: str,
    *,
    err: bool = False,
    nl: bool = True,
    color: bool | None = None,
    is_exact: bool = False,
) -> None:
    """Write lines of ours, on standard error with ``err``.

    A terminal that is narrower has them folded between words, unless they ``is_exact``: JSON, and
    commands to copy.
    """
    shown, stream = keep_styles(text), sys.stderr if err else sys.stdout
    if not is_exact and stream.isatty():
        shown = fitted(shown, stream)
    click.echo(shown, stream, nl=nl, color=color)  # by itself click takes ASCII for UTF-8


def print_json(content: object) -> None:
    """Print one JSON value on a line of its own."""
    from ..core import json_writing

    say(json_writing.one_line(content), is_exact=True)


def fitted(text: str, stream: TextIO) -> str:
    """Return lines folded between words to the width of the terminal, as a stream writes them."""
    with contextlib.suppress(UnicodeError):
        # "->" stands for an arrow in ASCII, and is wider than it
        text = text.encode(stream.encoding, stream.errors or "strict").decode(stream.encoding)
    return folded(text, width())


def folded_error(message: str) -> str:
    """Return what click prints behind ``Error: ``, folded where standard error is a terminal."""
    if not sys.stderr.isatty():
        return message
    return fitted(f"{_ERROR}{message}", sys.stderr).removeprefix(_ERROR)


_ERROR = "Error: "
"""What click writes before the message of an error in a command line."""


def say_waiting(text: str) -> None:
    """Say on standard error what is waited for."""
    say(printable(text), err=True)


def say_lines(lines: Iterable[str], *, err: bool = False) -> None:
    """Write lines; those that end in a command to copy are not folded."""
    for line in lines:
        say(line, err=err, is_exact=_COMMAND.match(line) is not None)


_COMMAND = re.compile(r"(next|all attempts)(, [^:]*)?: ")


def width() -> int:
    """Return how many characters a line of the terminal has."""
    import shutil  # it takes longer to load than the rest here

    return shutil.get_terminal_size().columns


def terminal_width() -> int | None:
    """Return how wide standard output is; nothing if it is no terminal."""
    return width() if sys.stdout.isatty() else None


def is_coloured() -> bool | None:
    """Return what the environment says of colours; nothing if it leaves that to the stream.

    ``NO_COLOR`` comes first, then ``FORCE_COLOR``, then a terminal that is ``dumb``.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return False if is_dumb() else None


def is_dumb() -> bool:
    """Tell whether the terminal says of itself that it obeys no control sequence."""
    return os.environ.get("TERM") == "dumb"


def warn(sentences: Iterable[object]) -> None:
    """Write warnings on standard error, a line each."""
    for sentence in sentences:
        say(f"warning: {printable(str(sentence))}", err=True)


def hand_on(text: str) -> None:
    """Write a line that other programs take as it is; on a terminal it is made printable.

    Names of files are written as the system has them, be they text or not.
    """
    click.echo(printable(text) if sys.stdout.isatty() else os.fsencode(text))


def say_meanwhile(text: str) -> None:
    """Write over the last line of standard error, which has to be a terminal.

    One that obeys no control sequence stays as it is.
    """
    if not is_dumb():
        click.echo(f"\r{printable(text)}\x1b[K", nl=False, err=True)
