"""``flowsim scenarios``: what can be replayed, and which words a scenario may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..reports.tables import WIDEST, definitions
from ._options import flag
from ._output import say, terminal_width

if TYPE_CHECKING:
    from ..families.flow_run.catalogue import Source


@click.command()
@flag("--sources", "List the source catalogue instead.")
@flag("--errors", "List the error catalogue instead.")
def command(sources: bool, errors: bool) -> None:
    """List the shipped scenarios with their descriptions.

    \b
    flowsim scenarios
    flowsim scenarios --errors
    """
    from ..families.flow_run import catalogue

    if sources:
        rows = [
            (name, f"{each.label} ({each.kind}){_ids(each)}; copy errors: {_copy_errors(each)}")
            for name, each in catalogue.sources().items()
        ]
    elif errors:
        rows = [
            (code, f"{each.stage}, {each.level}, {each.grade}: {each.message}")
            for code, each in catalogue.run_errors().items()
        ]
    else:
        from ..scenario.files import read, shipped

        rows = [(name, str(read(str(at)).value["description"])) for name, at in shipped().items()]
    for line in definitions(rows, min(terminal_width() or WIDEST, WIDEST)):
        say(line)


def _ids(source: Source) -> str:
    """Return the ids of Flow Service, as far as public documents give them."""
    ids = {"connection spec": source.connection_spec, "flow spec": source.flow_spec}
    return "".join(f", {name} {id_}" for name, id_ in ids.items() if id_)


def _copy_errors(source: Source) -> str:
    """Return the error groups of a source's failed copies, each with its grade of evidence."""
    from ..families.flow_run.catalogue import copy_errors

    errors = {each.name: each.grade for each in copy_errors()[source.errors]}
    return ", ".join(f"{name} ({grade})" for name, grade in errors.items())
