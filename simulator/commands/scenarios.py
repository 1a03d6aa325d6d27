"""``flowsim scenarios``: what can be replayed, and which words a scenario may use."""

from __future__ import annotations

import click

from ..reports.tables import WIDEST, definitions
from ._options import flag
from ._output import say, terminal_width


@click.command()
@flag("--sources", "List the source catalogue instead.")
@flag("--errors", "List the error catalogue instead.")
def command(sources: bool, errors: bool) -> None:
    """List the shipped scenarios with their descriptions.

    \b
    flowsim scenarios
    flowsim scenarios --errors
    """
    if sources or errors:
        from ..families.registry import shipped as families

        kind = "sources" if sources else "errors"
        rows = [row for family in families().in_python() for row in family.words(kind).items()]
    else:
        from ..scenario.files import read, shipped

        rows = [(name, str(read(str(at)).value["description"])) for name, at in shipped().items()]
    for line in definitions(rows, min(terminal_width() or WIDEST, WIDEST)):
        say(line)
