"""Output of commands: no other module of ``commands`` calls ``click.echo``.

A command makes each value from outside printable itself (see ``printable``). If it forgets one,
no control sequence reaches the terminal: only our own colours pass here.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

import click

from ..core.printable import keep_styles, printable
from ..reports.tables import folded

if TYPE_CHECKING:
    from ..errors import Problem


def say(
    text: str,
    *,
    err: bool = False,
    nl: bool = True,
    color: bool | None = None,
    is_exact: bool = False,
) -> None:
    """Write lines to standard output, or with ``err`` to standard error.

    On a narrow terminal they are folded between words, unless ``is_exact``: JSON, and commands to
    copy, stay as they are.
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
    """Return lines folded between words to the width of the terminal that a stream writes to."""
    encoding = stream.encoding or "utf-8"  # a stream above a progress bar does not say
    with contextlib.suppress(UnicodeError):
        # "->" stands for an arrow in ASCII, and is wider than it
        text = text.encode(encoding, stream.errors or "strict").decode(encoding)
    return folded(text, width())


def folded_error(message: str) -> str:
    """Return a message of click, folded if standard error is a terminal."""
    if not sys.stderr.isatty():
        return message
    return fitted(f"{_ERROR}{message}", sys.stderr).removeprefix(_ERROR)


_ERROR = "Error: "
"""click writes this before the message of an error."""


def say_waiting(text: str) -> None:
    """Write to standard error what the command waits for."""
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
    """Return the width of standard output in characters; None if it is no terminal."""
    return width() if sys.stdout.isatty() else None


def beside(line: str, text: str, columns: int | None) -> str:
    """Return what follows a line to say more, cut to the columns of a terminal; None has room."""
    rest = f" · {text}" if text else ""
    room = len(rest) if columns is None else columns - len(click.unstyle(line))
    if len(rest) <= room:
        return rest
    return f"{rest[: room - 1]}…" if room > _LEAST_BESIDE else ""


_LEAST_BESIDE = 12
"""With less room than this beside a line, nothing more is said."""


def is_coloured() -> bool | None:
    """Return whether the environment asks for colours; None if it does not say.

    ``NO_COLOR`` comes first, then ``FORCE_COLOR``, then a terminal that is ``dumb``.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return False if is_dumb() else None


def is_dumb() -> bool:
    """Return whether the terminal handles no control sequences (``TERM=dumb``)."""
    return os.environ.get("TERM") == "dumb"


def warn(sentences: Iterable[object]) -> None:
    """Write warnings on standard error, a line each."""
    for sentence in sentences:
        say(f"warning: {printable(str(sentence))}", err=True)


def say_error(sentence: str) -> None:
    """Write on standard error what went wrong, where the command goes on."""
    say(f"{click.style('error: ', fg='red')}{printable(sentence)}", err=True)


def warn_of_mistakes(problems: Sequence[Problem]) -> None:
    """Write mistakes of files as warnings: the first ones, and how many more there are."""
    from ..errors import ScenarioError

    warn(str(ScenarioError(problems)).split("\n") if problems else ())


def hand_on(text: str) -> None:
    """Write a line for other programs, byte for byte; on a terminal it is made printable.

    Names of files may hold bytes that are no text.
    """
    click.echo(printable(text) if sys.stdout.isatty() else os.fsencode(text))


def say_meanwhile(text: str) -> None:
    """Overwrite the last line of standard error, which must be a terminal.

    Nothing is written to a terminal without control sequences.
    """
    if not is_dumb():
        click.echo(f"\r{printable(text)}\x1b[K", nl=False, err=True)
