"""``python -m bench [--only NAME] [--full]``: the figures of flowsim as a table."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator

import click
from rich.console import Console
from rich.table import Table

from . import dashboard, delivering, in_process, plugin, serving, showing, starting, storing
from .measure import Extent, Row, home

MEASURES: dict[str, Callable[[Extent], Iterator[Row]]] = {
    "single": delivering.single,
    "loop": delivering.over_a_loop,
    "batch": delivering.batches,
    "show": showing.show,
    "families": showing.families,
    "memory": showing.memory,
    "help": starting.help_,
    "demo": starting.demo,
    "flight": delivering.in_flight,
    "published": serving.published,
    "day": serving.a_day,
    "crowd": serving.a_crowd,
    "stored": storing.stored,
    "dashboard": dashboard.dashboard,
    "in-process": in_process.replays,
    "plugin": plugin.empty_run,
}


@click.command()
@click.option("--only", multiple=True, type=click.Choice([*MEASURES]), help="Only this one.")
@click.option("--full", is_flag=True, help="A million events where 200,000 would do.")
@click.option("--rounds", type=click.IntRange(1), help="How often to measure, for the median.")
def main(only: tuple[str, ...], full: bool, rounds: int | None) -> None:
    """Measure flowsim on this machine, and print what came out beside what is aimed for.

    \b
    python -m bench --only help --only demo
    """
    table = Table("name", "what", "figure", "compared with", "ratio", "aim")
    with home():
        for name in only or MEASURES:
            click.echo(f"measuring {name}", err=True)
            for row in MEASURES[name](Extent(full, rounds)):
                cells = row.what, row.figure, row.compared_with, row.ratio, row.aim
                table.add_row(name, *cells)
    console = Console()
    console.width = max(console.width, 140)
    console.print(table)
    versions = f"{platform.system()}, Python {platform.python_version()}"
    click.echo(f"{os.cpu_count()} processors, {versions}; medians of interleaved runs")


if __name__ == "__main__":
    main()
