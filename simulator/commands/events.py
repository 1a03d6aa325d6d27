"""``flowsim events``: the events that flowsim knows."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..reports.tables import WIDEST
from . import _options
from ._options import flag, option
from ._output import print_json, say, terminal_width
from ._stories import families_of, families_option, warn_of_own
from ._types import EVENT_CODE

if TYPE_CHECKING:
    from ..families.registry import Families
    from ..reports.event_guide import EventGuide


@click.command()
@click.argument("text", metavar="[CODE|TEXT]", default="", type=EVENT_CODE)
@families_option
@option("--family NAME", "Show only this family.")
@flag("--markdown", "Print docs/events.md, or the page of a family.")
@_options.as_json("Print one JSON object per line; that of a CODE has fields and example too.")
def command(
    text: str, families: tuple[Path, ...], family: str | None, markdown: bool, as_json: bool
) -> None:
    """List the families of events that flowsim knows, or show one event with its fields.

    With TEXT, events whose code, label, family, provider or summary has it are listed. With an
    event code, its fields are shown, what an entry may say, when its events come, an example,
    and a scenario to copy. Family files with mistakes are named on standard error, and left out.

    \b
    flowsim events
    flowsim events segment
    flowsim events --family segment_job
    flowsim events sources_flow_run_failed
    """
    from ..reports import event_guide, event_json

    if markdown and (text or as_json):
        raise click.UsageError("--markdown excludes CODE, TEXT and --json.")
    if family and text:
        raise click.UsageError("--family excludes CODE and TEXT.")
    known = families_of(families)
    warn_of_own(known)
    if markdown:
        _show_page(known, family)
        return
    found = event_guide.guide_of(known, text)
    every = [found] if found else event_guide.guides(known, text)
    every = _of_family(known, family) if family else every
    if not every:
        raise _none_of(known, text)
    if as_json:
        for each in every:
            print_json(event_json.described(each, whole=found is not None))
    elif found:
        _show(found, families)
    else:
        _list(every, is_whole=not (text or family))


def _width() -> int:
    return min(terminal_width() or WIDEST, WIDEST)


def _list(found: list[EventGuide], *, is_whole: bool) -> None:
    from ..reports.event_lines import family_lines, list_lines

    for line in (family_lines if is_whole else list_lines)(found, _width()):
        say(line)


def _show(found: EventGuide, folders: tuple[Path, ...]) -> None:
    from ..reports import event_lines

    shown = [*event_lines.example_lines(found)]  # before anything is printed: this may fail
    for line in event_lines.detail_lines(found, _width()):
        say(line)
    for line in event_lines.variant_lines(found, _width()):
        say(line, is_exact=True)
    say("")
    for line in shown:
        say(line, is_exact=True)
    say("")
    for line in event_lines.scenario_lines(found, [*map(str, folders)]):
        say(line, is_exact=True)


def _of_family(known: Families, name: str) -> list[EventGuide]:
    from ..reports import event_guide

    if found := [each for each in event_guide.guides(known) if each.family.name == name]:
        return found
    raise _no_family(known, name)


def _show_page(known: Families, name: str | None) -> None:
    from ..reports.event_page import page
    from ..reports.family_page import family_page

    text = family_page(_of_family(known, name)) if name else page(known)
    say(text, nl=False, is_exact=True)


def _none_of(families: Families, text: str) -> Exception:
    known = [*families.event_codes(), *_readable(families)]
    return _unknown(families, text, "event with", known, "a code or a text")


def _no_family(families: Families, name: str) -> Exception:
    return _unknown(families, name, "family", _readable(families), "a family")


def _readable(families: Families) -> list[str]:
    return [family.name for family in families.readable()[0] if family.codes]


def _unknown(
    families: Families, text: str, what: str, known: Collection[str], wanted: str
) -> Exception:
    """Return the error for a text: its file has mistakes, or the nearest names."""
    from ..core.printable import brief
    from ..errors import SettingError
    from ..families import unknown_code

    if text in families and text not in [family.name for family in families.readable()[0]]:
        return SettingError(f"{text}: the file of the family {text} has mistakes; mend it first")
    own = "" if families.files else unknown_code.YOUR_OWN
    every = f"{wanted} that `flowsim events` shows"
    near = unknown_code.remedy(text, known, every=every, own=own)
    return SettingError(f"no {what} {brief(text)!r}; {near}")
