"""``flowsim faults``: what can go wrong on purpose, and what each of it proves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..reports.tables import GAP, WIDEST, definitions
from . import _options
from ._output import print_json, say, terminal_width

if TYPE_CHECKING:
    from ..faults import Kind


@click.command()
@_options.as_json("One JSON object a line.")
def command(as_json: bool) -> None:
    """List the faults that a scenario may name, by the station at which they act.

    A sound consumer does with the event what stands behind the arrow.

    \b
    flowsim faults
    flowsim faults --json
    """
    from .. import faults
    from ..core.fault import STATIONS

    kinds = [faults.find(name) for name in faults.names()]
    if as_json:
        for kind in kinds:
            print_json(_described(kind))
        return
    room = min(terminal_width() or WIDEST, WIDEST)
    for number, (station, handed) in enumerate(STATIONS.items()):
        say(("\n" if number else "") + f"{station}: {handed}:")
        for line in definitions([_row(kind) for kind in kinds if kind.station == station], room):
            say(GAP + line)


def _row(kind: Kind) -> tuple[str, str]:
    name = kind.name
    if kind.argument is not None:
        name = f"{{{kind.name}: {kind.argument.default}}}"
    return name, f"{kind.summary} → {kind.expect}: {kind.proves}."


def _described(kind: Kind) -> dict[str, Any]:
    argument = kind.argument and {"is": kind.argument.word, "default": kind.argument.default}
    return {
        "name": kind.name,
        "argument": argument,
        "station": kind.station,
        "does": kind.summary,
        "details": kind.details,
        "proves": kind.proves,
        "expect": kind.expect,
    }
