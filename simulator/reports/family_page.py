"""The page about one family, in Markdown; those of shipped families are in docs/events."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

from ..core import json_writing
from ..core.printable import printable
from ..families.base import Family
from ..families.data.mistakes import GRADES
from ..families.fields.envelope import envelope_of
from ..families.fields.table import Field
from ..families.fields.tree import FieldNode
from ..families.registry import shipped
from .event_gaps import WEAK, left_out, weak_fields, weak_parts
from .event_guide import EventGuide, Example
from .event_markdown import cell, code, codes, table

_SECTIONS = re.compile(r"(event-families|flow-run-payloads)\.md [0-9.]+(, [0-9.]+)*")
"""Sections of one file of facts; those of other files have no anchors."""

_OF_JOURNAL = (
    "Each example is an event as a journal has it. The command beside it sends the event to a "
    "webhook all the same, in the envelope of its format."
)

_MOST_FIELDS = 500
"""The most fields that a page lists; more of them are no longer read there."""


def family_page(guides: Sequence[EventGuide]) -> str:
    """Return the page about a family, of which these are all event codes; ends with a line feed."""
    first = guides[0]
    family = first.family
    lines = [
        f"# {cell(family.label)}",
        "",
        f"{cell(family.summary)} The key of an entry is {code(family.name)}. This page is made by "
        f"`flowsim events --markdown --family {family.name}`; [Events](../events.md) says how to "
        "read it, and lists the other families.",
        "",
        *_head(family),
        *_codes(guides),
        *_says(family),
        *_story(family),
        *_envelope(family),
        *_fields(family),
        *_examples(guides),
        *_scenario(first),
        *_gaps(family),
    ]
    return "\n".join(lines) + "\n"


def _head(family: Family) -> Iterator[str]:
    formats = ", ".join(f"`{name}` ({grade})" for name, grade in family.formats.items())
    provider = family.provider
    yield f"- provider: {cell(provider.label)}, {code(provider.id)} ({provider.grade})"
    yield f"- formats, the default first: {formats}"
    if family.journal_only:
        yield "- delivered to journals only, to no webhook"
    if family.prints():
        yield f"- printed samples that an entry reproduces: {', '.join(_prints(family))}"


def _prints(family: Family) -> Iterator[str]:
    """Yield the names of printed samples; those of flowsim are links."""
    for each in family.prints():
        is_shipped = family.name in shipped().known
        link = f"[{each.rpartition('/')[2]}](../adobe/samples/families/{each})"
        yield link if is_shipped else code(each)


def _codes(guides: Sequence[EventGuide]) -> Iterator[str]:
    yield from ("", "## Event codes", "")
    rows = (
        [
            code(each.code.code),
            cell(each.code.label),
            each.code.grade,
            cell(each.code.summary),
            codes(each.family.fields().bodies.get(each.code.code, ())),
            code(each.code.scenario or ""),
        ]
        for each in guides
    )
    yield from table(["event code", "label", "grade", "summary", "bodies", "scenario"], rows)


def _says(family: Family) -> Iterator[str]:
    if settings := family.settings():
        yield from ("", "## What an entry may say", "")
        rows = [
            [code(each.name), cell(each.type), code(each.default), cell(each.about)]
            for each in settings
        ]
        yield from table(["key", "type", "default", "meaning"], rows)
    if draws := family.draws():
        named = ", ".join(f"{code(name)} {code(source)}" for name, source in draws.items())
        yield from ("", f"What is drawn, unless the entry says it: {named}.")


def _story(family: Family) -> Iterator[str]:
    if steps := family.steps():
        yield from ("", "## Story", "")
        yield from (f"{number}. {printable(each)}" for number, each in enumerate(steps, 1))
    if names := family.step_names():
        yield from ("", "Names in this story that no entry says:", "")
        yield from (f"- {code(name)}: {printable(said)}" for name, said in names.items())


def _envelope(family: Family) -> Iterator[str]:
    """Yield the members around the content, if the producer writes other ones than the usual."""
    own = family.fields().envelope
    if own is None:
        return
    yield from ("", "## Members around the content")
    if own.is_bare_in_journal:
        yield from ("", "A journal holds the content as it is, with no ids around it.")
    for format_ in own.members:
        root, content = envelope_of("event", format_, own=own)
        yield from ("", f"In `{format_}`, in the order in which they are written:", "")
        rows = _member_rows(family, root, content)
        yield from table(["member", "type", "meaning", "source", "grade"], rows)


def _member_rows(
    family: Family, node: FieldNode, content: FieldNode, path: str = ""
) -> Iterator[list[str]]:
    """Yield a row for each member, and below it those in it; the content is another table."""
    for name, each in node.members.items():
        place = f"{path}{name}"
        if each is content:
            yield [code(place), "", "The content.", "", ""]
            continue
        said = each.said or Field(place, each.types)
        row = _field_row(family, replace(said, path=place, optional=not each.is_required))
        yield [*row[:3], *row[4:]]
        yield from _member_rows(family, each, content, f"{place}.")


def _fields(family: Family) -> Iterator[str]:
    yield from ("", "## Fields of the content", "")
    fields = family.fields().fields
    if len(fields) > _MOST_FIELDS:
        first = code(f"flowsim events {next(iter(family.codes))}")
        yield f"Its events have {len(fields):,} fields in all. {first} lists those of one event."
    elif fields:
        rows = (_field_row(family, each) for each in fields)
        yield from table(["path", "type", "meaning", "bodies", "source", "grade"], rows)
    else:
        yield "The family describes no fields: the content may be any JSON."


def _field_row(family: Family, field: Field) -> list[str]:
    return [
        code(field.path) + (", optional" if field.optional else ""),
        cell(" or ".join(field.types) + (f", {field.unit}" if field.unit else "")),
        " ".join(filter(None, (cell(field.means), _values(field)))),
        codes(sorted(field.bodies)) or "all",
        _source(family, field),
        field.grade,
    ]


def _values(field: Field) -> str:
    """Return the documented values of a field, as a sentence."""
    values = codes(map(str, field.values))
    return values and f"{'One of' if len(field.values) > 1 else 'Always'} {values}."


def _source(family: Family, field: Field) -> str:
    """Return where a field is known from; sections of the facts of flowsim are links."""
    named = family.fields().source_of(field)
    if family.name not in shipped().known or not _SECTIONS.fullmatch(named):
        return cell(field.source)
    file, _, numbers = named.partition(" ")
    links = (f"[{each}](../adobe/{file}#section-{each})" for each in numbers.split(", "))
    return ", ".join(links)


def _examples(guides: Sequence[EventGuide]) -> Iterator[str]:
    """Yield what a webhook gets: one event of each body, below the command that delivers it."""
    yield from ("", "## Examples")
    if guides[0].family.journal_only:
        yield from ("", _OF_JOURNAL)
    for guide, each in _one_of_each_body(guides):
        yield from ("", f"`{printable(each.command)}`")
        lines = json_writing.indented(each.payload).splitlines()
        summary = f"<summary>{_html(guide, each)}</summary>"
        yield from ("", "<details>", summary, "", "```json", *lines, "```", "", "</details>")


def _one_of_each_body(guides: Sequence[EventGuide]) -> Iterator[tuple[EventGuide, Example]]:
    """Yield the first example of each body; codes that have no other body are not told."""
    seen: set[str] = set()
    for guide in guides:
        bodies = guide.family.fields().described(guide.code.code) or [guide.code.code]
        for each in guide.examples if {*bodies} - seen else ():
            if (body := each.body or guide.code.code) not in seen:
                seen.add(body)
                yield guide, each


def _html(guide: EventGuide, example: Example) -> str:
    named = f"<code>{escape(guide.code.code)}</code>"
    body = f"{named}, body <code>{escape(example.body)}</code>" if example.body else named
    return f"{body}: {escape(printable(example.line))}" if example.line else body


def _scenario(guide: EventGuide) -> Iterator[str]:
    yield from ("", f"A scenario with {code(guide.code.code)}:", "")
    yield from ("```yaml", *guide.scenario.splitlines(), "```")


def _gaps(family: Family) -> Iterator[str]:
    """Yield what is derived or unknown, by grade, and what is left out."""
    yield from ("", "## Gaps", "")
    found = [f"- {GRADES[grade]}: {each}" for grade in WEAK for each in _weak(family, grade)]
    found += [f"- left out: {each}" for each in left_out(family)]
    yield from found or ["None is known."]


def _weak(family: Family, grade: str) -> Iterator[str]:
    yield from weak_parts(family, grade)
    if fields := weak_fields(family, grade):
        yield f"the fields {codes(fields)}"
