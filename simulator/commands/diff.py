"""``flowsim diff``: compare two payloads or two runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.printable import printable
from . import _options
from ._options import option
from ._output import say
from ._stories import families_of, families_option
from ._types import PATH_PATTERN, SCENARIO

if TYPE_CHECKING:
    from ..captures.comparison import Comparison
    from ..captures.json_path import Pattern


@click.command()
@click.argument("left", metavar="A", type=SCENARIO)
@click.argument("right", metavar="B", type=SCENARIO)
@option(
    "ignored --ignore PATH",
    "Ignore values at this path; * stands for one key or index, ** for any number of them.",
    PATH_PATTERN,
    multiple=True,
)
@families_option
@_options.as_json("Print a list of {path, left, right}.")
@click.pass_context
def command(
    ctx: click.Context,
    left: str,
    right: str,
    ignored: tuple[Pattern, ...],
    families: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Compare two payloads, two runs, or an expected and a received one, in two columns.

    A and B are files, - for standard input, scenarios, or captured requests: a .http file, a .har
    file, or a folder that --save made. JSON payloads are compared as JSON, without regard to the
    order of keys; other payloads line by line. Runs are folders of flowsim replay --save, or files
    with the output of --json. They are compared event by event, with their attempts if both have
    them. Exit code 0: equal; 1: different, or a request was left out; 2: could not run.

    \b
    flowsim diff received.json partial --ignore '**.event_id'
    flowsim diff monday.jsonl tuesday.jsonl --json
    """
    from ..captures import operands
    from ..captures.comparison import compare
    from ..errors import SettingError

    if left == right == "-":
        raise click.UsageError("Standard input can be only one of A and B.")
    known = families_of(families, [left, right])
    try:
        found = compare(operands.read(left, known), operands.read(right, known), ignored)
    except ValueError as error:
        raise SettingError(f"cannot compare {left} with {right}: {error}") from None
    _show_json(found) if as_json else _show(found, (left, right), ctx.color)
    ctx.exit(0 if found.is_same else 1)


def _show_json(found: Comparison) -> None:
    """Print the rows; ``left`` or ``right`` is missing if there is no value at that path."""
    from ..captures.comparison import ABSENT
    from ..core.json_writing import spelled
    from ..core.printable import printable_json

    rows = [
        {"path": row.place}
        | {
            name: value
            for name, value in (("left", row.left), ("right", row.right))
            if value is not ABSENT
        }
        for row in found.rows
    ]
    say(printable_json(spelled(rows)), is_exact=True)
    _note(found)


def _show(found: Comparison, names: tuple[str, str], color: bool | None) -> None:
    from ..reports.columns import Columns

    Columns(lambda line: say(line, color=color), color).show(found, names)
    count = len(found.rows)
    same = "the same" if found.is_same else "the same, except for what is ignored"
    say(same if not count else f"{count} difference{'s' if count > 1 else ''}")
    _note(found)


def _note(found: Comparison) -> None:
    for note in found.notes:
        say(f"note: {printable(note)}", err=True)
    for sentence in found.unread:
        say(f"warning: {printable(sentence)}; it is left out", err=True)
