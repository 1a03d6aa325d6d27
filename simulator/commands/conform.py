"""``flowsim conform``: compare captured events with what is documented about them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.printable import brief, listed, printable
from . import _options
from ._options import option
from ._output import say, warn
from ._stories import families_of, families_option
from ._types import CAPTURES, EVENT_CODE

if TYPE_CHECKING:
    from ..captures.conformity import JudgedEvent
    from ..families.fields.conformity import Conformity, FieldDifference

MOST_NAMED = 50
"""The most fields of a kind in the line of an event; ``--json`` has all."""


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=CAPTURES)
@option(
    "code --event CODE",
    "The event code of events that say none.",
    EVENT_CODE,
    default="",
    show_default=False,
)
@families_option
@_options.as_json("Print a list with an object for each event.")
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    code: str,
    families: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Compare captured events with the documented fields; values are never printed.

    A FILE is a .http file, a .har file, a folder that --save made, or the body of a request. Each
    event gets a line with its family, its event code, and the fields that are unknown, missing, of
    another type or of a value that is not documented. Paths, types and event codes are all that is
    printed of an event, so the lines can be pasted into a report. Exit code 0: all events conform;
    1: an event differs, or was not judged because no family has its event code or describes its
    fields; 2: a file cannot be read.

    \b
    flowsim conform captures/ incident.har
    flowsim conform body.json --json
    flowsim conform body.json --event sources_flow_run_success
    """
    from ..captures import conformity
    from ..errors import FlowsimError

    known = families_of(families)
    events: list[JudgedEvent] = []
    failed = unread = False
    for name in files:
        try:
            found = conformity.read(name)
        except FlowsimError as error:
            failed = True
            say(str(error), err=True)
            continue
        unread = unread or bool(found.unread)
        warn(f"{each}; it is left out" for each in found.unread)
        for capture in found.captures:
            events += conformity.judge(capture, known, code)
    warn(known.shared_codes({each.code for each in events}))
    _show_json(events) if as_json else _show(events)
    conform = all(each.conforms for each in events) and not unread
    ctx.exit(2 if failed else 0 if conform else 1)


def _show(events: list[JudgedEvent]) -> None:
    for each in events:
        say(f"{printable(each.place)}: {_line(each)}")
    unjudged = sum(each.conformity is None for each in events)
    conform = sum(each.conforms for each in events)
    noun = "event" if len(events) == 1 else "events"
    differ = len(events) - conform - unjudged
    say(f"{len(events)} {noun}: {conform} conform, {differ} differ, {unjudged} not judged")


def _line(event: JudgedEvent) -> str:
    found = event.conformity
    if found is None:
        return f"not judged: {printable(event.reason)}"
    parts = [_counts(found)]
    for kind in dict.fromkeys(each.kind for each in found.differences):
        fields = [_named(each) for each in found.differences if each.kind == kind]
        parts.append(f"{kind}: {listed(fields, MOST_NAMED)}")
    return printable(f"{event.family} {event.code}: {'; '.join(parts)}")


def _counts(found: Conformity) -> str:
    (present, required), (others, optional) = found.required, found.optional
    needed = f"all {required}" if present == required else f"{present} of {required}"
    return f"{needed} required fields of the content present, {others} of {optional} optional"


def _named(difference: FieldDifference) -> str:
    path = brief(difference.path)
    if difference.found and difference.expected:
        return f"{path} ({difference.found}, expected {difference.expected})"
    kind = difference.found or difference.expected
    return path if kind == "any" else f"{path} ({kind})"


def _show_json(events: list[JudgedEvent]) -> None:
    import json
    from dataclasses import asdict

    shown = [
        {
            "place": each.place,
            "event_code": each.code,
            "family": each.family,
            "not_judged": each.reason or None,
            **(asdict(each.conformity) if each.conformity else {}),
        }
        for each in events
    ]
    say(json.dumps(shown, indent=2), is_exact=True)
