"""``flowsim validate``: check scenario files, send nothing."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.printable import printable
from ._output import say, warn
from ._stories import families_of, families_option
from ._types import SCENARIO


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=SCENARIO)
@families_option
@click.pass_context
def command(ctx: click.Context, files: tuple[str, ...], families: tuple[Path, ...]) -> None:
    """Check scenario files and report every mistake with its place.

    \b
    flowsim validate scenarios/*.yaml
    """
    from ..errors import FlowsimError
    from ..story.opening import open_story

    mistaken, known = False, families_of(families)
    for name in files:
        try:
            story = open_story(name, families=known)
        except FlowsimError as error:
            mistaken = True
            say(str(error), err=True)
        else:
            warn(story.warnings)
            say(f"{printable(name)}: ok, {story.event_count} event(s)")
    ctx.exit(2 if mistaken else 0)
