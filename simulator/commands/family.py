"""``flowsim family``: files that tell flowsim a kind of event."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.printable import printable
from ._groups import Subcommands
from ._options import flag, option
from ._output import say, say_lines, warn
from ._types import CAPTURES, EVENT_CODE

if TYPE_CHECKING:
    from ..captures.family_draft import FamilyDraft


@click.group(cls=Subcommands)
def command() -> None:
    """Make files of event families, which flowsim can replay.

    \b
    flowsim family new --from incident/000001.http
    """


@command.command()
@option(
    "source --from CAPTURE",
    "A .http file, a .har file, a folder that --save made, or the body of a request.",
    CAPTURES,
    required=True,
)
@option(
    "--out FILE",
    "The file to write, as in families/order.yaml; - prints it. If left out, it is in families/, "
    "named after the event code.",
    click.Path(path_type=Path),
)
@option(
    "code --event CODE",
    "The event code of a capture that says none.",
    EVENT_CODE,
    default="",
    show_default=False,
)
@flag("everything --all", "Take every POST of an archive, not only those with x-adobe headers.")
@flag("--force", "Replace the file if it exists.")
def new(source: str, out: Path | None, code: str, everything: bool, force: bool) -> None:
    """Write a family file from a captured delivery, to use and to edit.

    Its event is told as it was captured, with ids that are drawn and times that follow from the
    story. All other values stay as they were: look for secrets before you share the file. Of
    several requests or events, the first is taken.

    \b
    flowsim family new --from incident/000001.http
    flowsim family new --from incident.har --out families/order.yaml
    """
    from ..captures import conformity
    from ..captures.family_draft import draft_of
    from ..families.names import refuse_name
    from ..families.registry import shipped

    name = ""
    if out is not None and out != _STANDARD_OUTPUT:
        _refuse_ending(out)
        refuse_name(str(out), out.stem, shipped().known)
        name = out.stem
    captures = conformity.read(source, everything=everything)
    draft = draft_of(captures, name, shipped().known, code)
    path = Path("families", f"{draft.name}.yaml") if out is None else out
    # the file may be one of those shipped as soon as it is written
    notes = [*draft.notes, *_known_code(draft.code), *_hidden_code(draft.code, draft.name)]
    if path == _STANDARD_OUTPUT:
        say(draft.text, nl=False, is_exact=True)
    else:
        _write(path, draft.text, force)
        _report(path, draft)
    warn(notes)
    say(_NOTE, err=True)


def _known_code(code: str) -> Iterator[str]:
    """Yield a note if a shipped family has the event code already."""
    from ..families.fields.conformity import family_of
    from ..families.registry import shipped

    if (family := family_of(code, shipped())) is not None:
        used = "with --families, this file is used instead"
        yield f"flowsim knows {code} already, by the family {family.name}; {used}"


def _hidden_code(code: str, name: str) -> Iterator[str]:
    """Yield a note if a scenario or a file has the name of the event code, and comes before it."""
    from ..captures.files import are_at
    from ..scenario.files import find

    if find(code) is not None or are_at(code):
        entry = f"a scenario with events: [{{{name}: {{}}}}] tells this event"
        yield f"flowsim replay {code} takes the scenario or the file of that name; {entry}"


_NOTE = "note: values of the capture stay as they were; look for secrets before you share the file"


_STANDARD_OUTPUT = Path("-")


def _refuse_ending(path: Path) -> None:
    from ..errors import SettingError
    from ..files.text_files import ENDINGS

    if path.suffix.lower() not in ENDINGS:
        raise SettingError(f"{path}: expected a name that ends in {' or '.join(ENDINGS)}")


def _write(path: Path, text: str, force: bool) -> None:
    """Write a file that its owner alone may read: a capture may be confidential."""
    from ..errors import SettingError
    from ..reports import writing

    writing.expect_writable(path)
    try:
        path.touch(0o600, exist_ok=force)
    except FileExistsError:
        raise SettingError(f"{path}: exists; expected another --out, or --force") from None
    writing.write(path, text)


def _report(path: Path, draft: FamilyDraft) -> None:
    from ..core.shell_words import quoted
    from ..families import sources

    is_shipped = path.resolve().parent == Path(sources.__file__).resolve().parent
    option = "" if is_shipped else f" --families {quoted(str(path.parent))}"
    say(f"{printable(str(path))}: the family {draft.name} with the event {draft.code}")
    say_lines([f"next: flowsim replay {draft.code}{option}"])
