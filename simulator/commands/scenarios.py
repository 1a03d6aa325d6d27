"""``flowsim scenarios``: what can be replayed, and which words a scenario may use."""

from __future__ import annotations

import click


@click.command()
@click.option("--sources", is_flag=True, help="List the source catalogue instead.")
@click.option("--errors", is_flag=True, help="List the error catalogue instead.")
def command(sources: bool, errors: bool) -> None:
    """List the shipped scenarios with their descriptions.

    \b
    flowsim scenarios
    flowsim scenarios --errors
    """
    from .. import catalogues

    if sources:
        rows = [
            (name, f"{each.label} ({each.kind}) {each.connection_spec}".rstrip())
            for name, each in catalogues.sources().items()
        ]
    elif errors:
        rows = [
            (code, f"{each.stage}, {each.level}: {each.message}")
            for code, each in catalogues.run_errors().items()
        ]
    else:
        rows = _shipped()
    formatter = click.HelpFormatter(width=100)
    formatter.write_dl(rows)
    click.echo(formatter.getvalue(), nl=False)


def _shipped() -> list[tuple[str, str]]:
    from ..scenario_files import read, shipped

    return [(name, str(read(str(path)).value["description"])) for name, path in shipped().items()]
