"""``flowsim validate``: check scenario files, send nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.printable import count, printable
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
    from ..families.sources import is_family
    from ..files.yaml_documents import parse_text
    from ..scenario.files import read_text
    from ..story.opening import story_of

    file, text = read_text(name, known)
    document = parse_text(text, file)
    if is_family(document.value):
        return _family(name, file, text)
    story = story_of(name, document, families=known)
    warn(story.warnings)
    return count(story.event_count, "event")


def _family(name: str, file: str, text: str) -> str:
    """Return what a family file without mistakes holds; the family of standard input has no name.

    Raises ``ScenarioError`` for mistakes, those of its name included.
    """
    from ..errors import Problem, ScenarioError
    from ..families.names import mistake_of_name
    from ..families.registry import shipped
    from ..families.sources import family_of, is_shipped

    path, problems, codes = Path(name), list[Problem](), 0
    is_named = name != "-" and not is_shipped(path)
    if is_named and (mistake := mistake_of_name(path.stem, shipped().known)) is not None:
        problems.append(Problem(file, 0, 0, "", *mistake))
    try:
        codes = len(family_of(file, text, "stdin" if problems or name == "-" else path.stem).codes)
    except ScenarioError as error:
        problems += error.problems
    if problems:
        raise ScenarioError(problems)
    family = "a family" if name == "-" else f"the family {path.stem}"
    return f"{family} with {count(codes, 'event code')}"
