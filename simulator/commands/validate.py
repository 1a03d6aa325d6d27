"""``flowsim validate``: check scenario files, send nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.printable import printable
from ._output import say, warn
from ._stories import families_of, families_option
from ._types import SCENARIO

if TYPE_CHECKING:
    from ..families.registry import Families


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=SCENARIO)
@families_option
@click.pass_context
def command(ctx: click.Context, files: tuple[str, ...], families: tuple[Path, ...]) -> None:
    """Check scenario files and family files, and report every mistake with its place.

    \b
    flowsim validate scenarios/*.yaml
    flowsim validate families/*.yaml
    """
    from ..errors import FlowsimError

    mistaken, known = False, families_of(families, files)
    for name in files:
        try:
            found = _checked(name, known)
        except FlowsimError as error:
            mistaken = True
            say(str(error), err=True)
        else:
            say(f"{printable(name)}: ok, {found}")
    ctx.exit(2 if mistaken else 0)


def _checked(name: str, known: Families) -> str:
    """Return what a file without mistakes holds; print warnings about it."""
    from ..families.registry import shipped
    from ..families.sources import family_in, is_family, refuse_name
    from ..scenario.files import read
    from ..story.opening import story_of

    document = read(name, known)
    if is_family(document.value) and name != "-":
        refuse_name(name, Path(name).stem, shipped().known)
        family = family_in(Path(name))
        return f"the family {family.name} with {len(family.codes)} event code(s)"
    story = story_of(name, document, families=known)
    warn(story.warnings)
    return f"{story.event_count} event(s)"
