"""The page about all events, in Markdown: docs/events.md is that of the shipped families."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from ..core import json_writing
from ..core.printable import printable
from ..families.base import Family
from ..families.data.mistakes import GRADES
from ..families.fields.envelope import FORMATS
from ..families.fields.table import Field
from ..families.registry import Families, shipped
from . import event_guide
from .event_guide import EventGuide, Example

_SECTIONS = re.compile(r"[a-z-]+\.md [0-9.]+(, [0-9.]+)*")
"""Sections of one file of facts."""

_HEAD = """\
# Events

This page is made by `flowsim events --markdown`. `flowsim events CODE` shows the same about one \
event. The commands of this page deliver to a receiver of flowsim; the address of your webhook \
behind them delivers to it. With `show` in the place of `replay`, and `--as body` behind them, \
they print the bodies instead.

A **family** is a kind of events that belong together, such as the runs of a source. It has a key \
in scenarios, a provider, and event codes. An entry of a scenario, such as \
`segment_job: {outcome: failed}`, tells the story of one run or job: one event or several, each at \
its time. [Scenarios](scenarios.md) explains the entries of `flow_run`, and what all entries \
share. [Event families of your own](family-format.md) says how to describe further families, and \
`flowsim family new` makes one from a captured delivery. [Types for your code](types.md) makes \
classes of an event, in Python and TypeScript.

The content of an event is the member `event` of the format `adobe_io`, or the member `data` of \
the format `cloud_events`. That of failed flow runs is in `messages` instead. The tables of fields \
are about the content.

A **print** is an example payload in Adobe's documentation: *as printed* means as it stands there. \
Numbers of sources are sections of the facts about events, which are part of \
[What Adobe does](adobe/README.md). A **grade** says how good the evidence is for a code, a format \
or a field; the facts use [other letters](adobe/README.md#what-a-grade-means):

| grade | meaning |
|---|---|
| A | documented: by Adobe, in Adobe's code, in a print, or in a capture that is part of the facts |
| B | observed: in a payload or a capture that others have published |
| C | derived: from what is known of others, such as a field of a neighbour event |
| gap | unknown: flowsim assumes it |

[Types of fields](family-format.md#types-of-fields) explains `numeric_text`, `epoch_ms` and the \
other types of the tables.

"""


def page(families: Families) -> str:
    """Return the page about all families that can be read; ends with a line feed."""
    every = event_guide.guides(families)
    by_family: dict[str, list[EventGuide]] = {}
    for each in every:
        by_family.setdefault(each.family.name, []).append(each)
    lines = [
        *_table(["event code", "label", "family", "grade", *FORMATS], map(_code_row, every)),
        "",
        "An entry `payload: …` is of no family of this page: it holds any JSON.",
    ]
    for guides in by_family.values():
        lines += ["", *_section(guides)]
    lines += ["", *_gaps(every)]
    return _HEAD + "\n".join(lines) + "\n"


def _code_row(guide: EventGuide) -> list[str]:
    family, code = guide.family, guide.code
    anchor = f"[{_cell(family.label)}](#{family.name})"
    formats = (family.formats.get(each, "none") for each in FORMATS)
    return [_code(code.code), _cell(code.label), anchor, code.grade, *formats]


def _section(guides: Sequence[EventGuide]) -> Iterator[str]:
    first = guides[0]
    family = first.family
    formats = ", ".join(f"`{name}` ({grade})" for name, grade in family.formats.items())
    yield f"## {family.name}"
    yield ""
    yield f"{_cell(family.label)}: {_cell(family.summary)}"
    yield ""
    yield f"- provider: {_code(family.provider.id)}, {_cell(family.provider.label)}"
    yield f"- formats, the default first: {formats}"
    for each in guides:
        shown = f" `flowsim show {each.code.scenario}` shows it." if each.code.scenario else ""
        yield f"- {_code(each.code.code)} ({each.code.grade}): {_cell(each.code.summary)}{shown}"
    yield from _says(family)
    yield from _story(family)
    yield from _fields(first)
    yield from _scenario(first)
    for each in guides:
        yield from _examples(each)


def _says(family: Family) -> Iterator[str]:
    if settings := family.settings():
        yield from ("", "What an entry may say:", "")
        rows = [
            [_code(each.name), _cell(each.type), _code(each.default), _cell(each.about)]
            for each in settings
        ]
        yield from _table(["key", "type", "default", "meaning"], rows)
    if draws := family.draws():
        named = ", ".join(f"{_code(name)} {_code(source)}" for name, source in draws.items())
        yield from ("", f"What is drawn, unless the entry says it: {named}.")


def _story(family: Family) -> Iterator[str]:
    if steps := family.steps():
        yield from ("", "Its story:", "")
        yield from (f"{number}. {printable(each)}" for number, each in enumerate(steps, 1))
    if names := family.step_names():
        yield from ("", "Names in this story that no entry says:", "")
        yield from (f"- {_code(name)}: {printable(said)}" for name, said in names.items())


def _fields(guide: EventGuide) -> Iterator[str]:
    fields = guide.family.fields().fields
    yield ""
    if not fields:
        yield "Its fields are not described as data yet."
        return
    yield from ("Fields of the content:", "")
    rows = [
        [
            _code(each.path) + (", optional" if each.optional else ""),
            _cell(" or ".join(each.types) + (f", {each.unit}" if each.unit else "")),
            " ".join(filter(None, (_cell(each.means), _values(each)))),
            ", ".join(map(_code, sorted(each.bodies))) or "all",
            _source(guide, each),
            each.grade,
        ]
        for each in fields
    ]
    yield from _table(["path", "type", "meaning", "bodies", "source", "grade"], rows)


def _values(field: Field) -> str:
    """Return the documented values of a field, as a sentence."""
    values = ", ".join(_code(str(each)) for each in field.values)
    return values and f"{'One of' if len(field.values) > 1 else 'Always'} {values}."


def _source(guide: EventGuide, field: Field) -> str:
    """Return where a field is known from; sections of the facts of flowsim are links."""
    named = guide.family.fields().source_of(field)
    if guide.family.name not in shipped().known or not _SECTIONS.fullmatch(named):
        return _cell(field.source)
    file, _, numbers = named.partition(" ")
    links = (f"[{each}](adobe/{file}#section-{each})" for each in numbers.split(", "))
    return ", ".join(links)


def _scenario(guide: EventGuide) -> Iterator[str]:
    yield from ("", f"A scenario with {_code(guide.code.code)}:", "")
    yield from ("```yaml", *guide.scenario.splitlines(), "```")


def _examples(guide: EventGuide) -> Iterator[str]:
    """Yield what a webhook gets: each event that looks different, below the command for it."""
    if not guide.examples:
        return
    yield from ("", f"What a webhook gets with {_code(guide.code.code)}:")
    command = ""
    for each in guide.examples:
        if each.command != command:
            yield from ("", f"`{printable(each.command)}`")
        command = each.command
        lines = json_writing.indented(each.payload).splitlines()
        yield from (
            "",
            "<details>",
            f"<summary>{_html(each)}</summary>",
            "",
            "```json",
            *lines,
            "```",
            "",
            "</details>",
        )


def _html(example: Example) -> str:
    body = f"body <code>{escape(example.body)}</code>" if example.body else "the event"
    return f"{body}: {escape(printable(example.line))}" if example.line else body


def _gaps(every: Sequence[EventGuide]) -> Iterator[str]:
    """Yield what is derived or unknown, by grade, and what is left out."""
    yield "## Gaps"
    for grade in ("C", "gap"):
        found = [*dict.fromkeys(_weak(every, grade))]
        if found:
            yield from ("", f"Grade {grade}, {GRADES[grade]}:", "")
        yield from (f"- {each}" for each in found)
    if left_out := [*dict.fromkeys(_left_out(every))]:
        yield from ("", "Left out:", "")
        yield from (f"- {each}" for each in left_out)


def _left_out(every: Sequence[EventGuide]) -> Iterator[str]:
    for guide in every:
        for what, why in guide.family.gaps():
            yield f"{_code(guide.family.name)}: {_cell(what)}; {_cell(why)}"


def _weak(every: Sequence[EventGuide], grade: str) -> Iterator[str]:
    for guide in every:
        family = guide.family
        for name, each in family.formats.items():
            if each == grade:
                yield f"{_code(family.name)}: the format {_code(name)}"
        if guide.code.grade == grade:
            yield f"{_code(family.name)}: the event {_code(guide.code.code)}"
        fields = [_code(each.path) for each in family.fields().fields if each.grade == grade]
        if fields:
            yield f"{_code(family.name)}: the fields {', '.join(fields)}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _code(text: str) -> str:
    """Return text as code in a cell; nothing for no text."""
    shown = printable(text).replace("|", "\\|").replace("`", "'")
    return f"`{shown}`" if shown else ""


def _cell(text: str) -> str:
    """Return text in which nothing is markup."""
    shown = printable(text)
    for mark in "\\|<*_`[]":
        shown = shown.replace(mark, f"\\{mark}")
    return shown
