"""``flowsim validate``: check scenario files, send nothing."""

from __future__ import annotations

import click

from ..core.printable import printable
from ._output import say, warn
from ._types import SCENARIO


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=SCENARIO)
@click.pass_context
def command(ctx: click.Context, files: tuple[str, ...]) -> None:
    """Check scenario files and report every mistake with its place.

    \b
    flowsim validate scenarios/*.yaml
    """
    from ..errors import FlowsimError
    from ..story.opening import open_story

    mistaken = False
    for name in files:
        try:
            story = open_story(name)
        except FlowsimError as error:
            mistaken = True
            say(str(error), err=True)
        else:
            warn(story.warnings)
            say(f"{printable(name)}: ok, {story.event_count} event(s)")
    ctx.exit(2 if mistaken else 0)
