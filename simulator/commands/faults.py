"""``flowsim faults``: what can go wrong on purpose, and what each of it proves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..reports.tables import GAP, WIDEST, definitions
from . import _options
from ._output import print_json, say, terminal_width

if TYPE_CHECKING:
    from ..core.fault import FaultKind


@click.command()
@_options.as_json("Print one JSON object per line.")
def command(as_json: bool) -> None:
    """List the faults that a scenario may name, by the point at which they act.

    Behind the arrow is what a correct webhook does with the event. A fault that names a family
    is for entries of this family only; all entries can have the others.

    \b
    flowsim faults
    flowsim faults --json
    """
    from ..core.fault import POINTS
    from ..families.registry import FAULTS

    if as_json:
        for kind in FAULTS.values():
            print_json(_described(kind))
        return
    room = min(terminal_width() or WIDEST, WIDEST)
    used = [point for point in POINTS if any(kind.point == point for kind in FAULTS.values())]
    for number, point in enumerate(used):
        say(("\n" if number else "") + f"{point}: {POINTS[point]}:")
        rows = [_row(kind) for kind in FAULTS.values() if kind.point == point]
        for line in definitions(rows, room):
            say(GAP + line)


def _row(kind: FaultKind) -> tuple[str, str]:
    name = kind.name
    if kind.argument is not None:
        name = f"{{{kind.name}: {kind.argument.default}}}"
    only = f"{kind.family} only: " if kind.family else ""
    return name, f"{only}{kind.summary} → {kind.expect}: {kind.proves}."


def _described(kind: FaultKind) -> dict[str, Any]:
    argument = kind.argument and {"is": kind.argument.word, "default": kind.argument.default}
    return {
        "name": kind.name,
        "argument": argument,
        "station": kind.point,
        "does": kind.summary,
        "details": kind.details,
        "proves": kind.proves,
        "expect": kind.expect,
        "family": kind.family or None,
    }
