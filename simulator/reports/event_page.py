"""The page about all events, in Markdown: docs/events.md is that of the shipped families.

It is an index: each family has a page of its own, see ``family_page``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from ..families.base import Family
from ..families.data.mistakes import GRADES
from ..families.fields.envelope import FORMATS
from ..families.registry import Families
from . import event_guide
from .event_gaps import WEAK, gap_count, left_out, lines_of_no_family, weak_fields, weak_parts
from .event_guide import EventGuide
from .event_markdown import cell, code, table

_HEAD = """\
# Events

All events that flowsim knows: their families, and their event codes. Each family has a page with \
its codes, what an entry may say, when its events come, the fields, and an example of each body. \
`flowsim events CODE` shows the same about one event. This page is made by \
`flowsim events --markdown`, and that of a family by `flowsim events --markdown --family NAME`.

A **family** is a kind of events that belong together, such as the runs of a source. It has a key \
in scenarios, a provider, and event codes. An entry of a scenario, such as \
`segment_job: {outcome: failed}`, tells the story of one run or job: one event or several, each at \
its time. [Scenarios](scenarios.md) explains the entries of `flow_run`, and what all entries \
share. [Event families of your own](family-format.md) says how to describe further families, and \
`flowsim family new` makes one from a captured delivery. [Types for your code](types.md) makes \
classes of an event, in Python and TypeScript.

- [How to read the pages](#how-to-read-the-pages)
- [Families](#families)
- [Event codes](#event-codes)
- [Gaps](#gaps)

## How to read the pages

The commands deliver to a receiver of flowsim; the address of your webhook behind them delivers to \
it. With `show` in the place of `replay`, and `--as body` behind them, they print the bodies \
instead. Of events that have the same body, one is an example; `flowsim events CODE` shows each \
form of an event.

The content of an event is the member `event` of the format `adobe_io`, or the member `data` of \
the format `cloud_events`. That of failed flow runs is in `messages` instead. The tables of fields \
are about the content. A family whose events have other members around it has a table of these too.

A **print** is an example payload in Adobe's documentation: *as printed* means as it stands there. \
Numbers of sources are sections of the facts about events, which are part of \
[What Adobe does](adobe/README.md). A **grade** says how good the evidence is for a code, a \
format, a field or the id of a provider; the facts use [other \
letters](adobe/README.md#what-a-grade-means):

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
    known = [*{each.family.name: each.family for each in every}.values()]
    lines = ["", *_families(known), "", *_codes(every), "", *_gaps(known)]
    return _HEAD + "\n".join(lines) + "\n"


_COLUMNS = [
    "family",
    "key",
    "provider, with the grade of its id",
    "formats, the default first",
    "codes",
    "grades of codes",
    "samples",
    "gaps",
]


def _families(known: Sequence[Family]) -> Iterator[str]:
    yield from ("## Families", "")
    yield "Samples are printed events that an entry of the family reproduces, value for value."
    yield ""
    yield from table(_COLUMNS, map(_family_row, known))
    yield ""
    yield "An entry `payload: …` is of no family of this page: it holds any JSON."


def _family_row(family: Family) -> list[str]:
    provider = family.provider
    return [
        _link(family),
        code(family.name),
        f"{cell(provider.label)}: {code(provider.id)} {provider.grade}",
        ", ".join(f"`{name}` {grade}" for name, grade in family.formats.items()),
        str(len(family.codes)),
        ", ".join(sorted({each.grade for each in family.codes.values()})),
        str(len(family.prints())),
        f"[{count}](events/{family.name}.md#gaps)" if (count := gap_count(family)) else "0",
    ]


def _link(family: Family) -> str:
    return f"[{cell(family.label)}](events/{family.name}.md)"


def _codes(every: Sequence[EventGuide]) -> Iterator[str]:
    yield from ("## Event codes", "")
    yield from table(["event code", "label", "family", "grade", *FORMATS], map(_code_row, every))


def _code_row(guide: EventGuide) -> list[str]:
    family, known = guide.family, guide.code
    formats = (family.formats.get(each, "none") for each in FORMATS)
    return [code(known.code), cell(known.label), _link(family), known.grade, *formats]


def _gaps(known: Sequence[Family]) -> Iterator[str]:
    """Yield what is derived or unknown, by grade, what is left out, and what is of no family."""
    yield "## Gaps"
    kinds: dict[str, Callable[[Family], Iterable[str]]]
    kinds = {f"Grade {each}, {GRADES[each]}": partial(_weak, each) for each in WEAK}
    for title, found_in in (kinds | {"Left out": left_out}).items():
        if found := [f"- {_link(each)}: {gap}" for each in known for gap in found_in(each)]:
            yield from ("", f"{title}:", "", *found)
    yield from ("", "Of no family:", "", *lines_of_no_family())


def _weak(grade: str, family: Family) -> Iterator[str]:
    yield from weak_parts(family, grade)
    if count := len(weak_fields(family, grade)):
        yield f"[{count} field{'s' if count > 1 else ''}](events/{family.name}.md#gaps)"
