"""Events in lines to read: families, codes, or one with fields, example and a scenario to copy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from ..core import json_writing
from ..core.printable import printable
from ..core.shell_words import quoted
from ..families.base import Family
from ..families.data.mistakes import GRADES
from ..families.fields.table import Field
from ..families.settings import Setting
from .event_guide import EventGuide
from .styles import bold, dim
from .tables import GAP, definitions, folded


def family_lines(found: Sequence[EventGuide], width: int) -> Iterator[str]:
    """Yield what each family is about, and how to see more; no line is longer than ``width``."""
    counts = Counter(each.family.name for each in found)
    families = {each.family.name: each.family for each in found}
    rows = [
        (name, printable(f"{each.label}, {_counted(counts[name])}: {each.summary}"))
        for name, each in families.items()
    ]
    yield from definitions(rows, width)
    yield ""
    yield from folded(_MORE.format(codes=sum(counts.values())), width).splitlines()


_MORE = (
    "{codes} event codes. flowsim events FAMILY lists those of a family, flowsim events TEXT those "
    "with a text, and flowsim events CODE shows one with its fields and an example."
)


def _counted(codes: int) -> str:
    return f"{codes} code" if codes == 1 else f"{codes} codes"


def list_lines(found: Sequence[EventGuide], width: int) -> Iterator[str]:
    """Yield a line for each event, below its family; no line is longer than ``width``."""
    for number, (_, group) in enumerate(groupby(found, key=lambda each: each.family.name)):
        events = [*group]
        if number:
            yield ""
        yield from folded(_family_line(events[0].family), width).splitlines()
        rows = [(printable(each.code.code), _event_text(each)) for each in events]
        for line in definitions(rows, width - len(GAP)):
            yield GAP + line
    used = {each.code.grade for each in found}
    used |= {grade for each in found for grade in each.family.formats.values()}
    yield ""
    yield from map(dim, folded(_legend(used), width).splitlines())


def _family_line(family: Family) -> str:
    formats = ", ".join(f"{name} {grade}" for name, grade in family.formats.items())
    named = f"{bold(family.name)}: {printable(family.label)}"
    return f"{named} ({printable(family.provider.id)}; {formats})"


def _event_text(guide: EventGuide) -> str:
    code = guide.code
    summary = f": {code.summary}" if code.summary else ""
    return printable(f"{code.grade}, {code.label}{summary}")


def _legend(grades: set[str]) -> str:
    named = ", ".join(f"{grade}: {words}" for grade, words in GRADES.items() if grade in grades)
    return f"grades of evidence: {named}"


def detail_lines(guide: EventGuide, width: int) -> Iterator[str]:
    """Yield what is known about an event, before its example."""
    family, code = guide.family, guide.code
    yield from folded(f"{bold(code.code)}: {printable(code.label)}", width).splitlines()
    rows = {
        "summary": code.summary,
        "grade": f"{code.grade}: {GRADES[code.grade]}",
        "family": f"{family.name}: {family.label}",
        "provider": f"{family.provider.id}: {family.provider.label}",
        "formats": _formats(family.formats),
        "delivered": "to journals only, to no webhook" if family.journal_only else "",
        "shown by": f"flowsim show {code.scenario}" if code.scenario else "",
    }
    stated = [(name, printable(text)) for name, text in rows.items() if text]
    yield from definitions(stated, width)
    yield from _says(family, width)
    yield from _story(family, width)
    yield ""
    if not guide.fields:
        yield f"the fields of {family.name} are not known"
        return
    yield bold(f"fields of {_content(guide)}")
    yield from folded(dim(_FIELDS), width).splitlines()
    rows_of_fields = [(printable(each.path), _field_text(guide, each)) for each in guide.fields]
    for line in definitions(rows_of_fields, width - len(GAP)):
        yield GAP + line


def _says(family: Family, width: int) -> Iterator[str]:
    """Yield what an entry of a scenario may say, and what is drawn unless it says it."""
    if settings := family.settings():
        yield ""
        yield bold(f"what an entry of {family.name} may say")
        yield from folded(dim("key; type, default: meaning"), width).splitlines()
        rows = [(printable(each.name), _setting_text(each)) for each in settings]
        yield from (GAP + line for line in definitions(rows, width - len(GAP)))
    if draws := family.draws():
        yield ""
        yield bold("what is drawn, unless the entry says it")
        rows = [(printable(name), printable(source)) for name, source in draws.items()]
        yield from (GAP + line for line in definitions(rows, width - len(GAP)))


def _setting_text(setting: Setting) -> str:
    cut = setting.default[: _LONGEST_DEFAULT - 1] + "…"
    default = setting.default if len(setting.default) <= _LONGEST_DEFAULT else cut
    default = f", default {default}" if default else ""
    meaning = f": {setting.about}" if setting.about else ""
    return printable(f"{setting.type}{default}{meaning}")


def _story(family: Family, width: int) -> Iterator[str]:
    """Yield when the events of an entry come, and what the names in that are."""
    if steps := family.steps():
        yield ""
        yield bold(f"story of an entry of {family.name}")
        rows = [(f"{number}.", _plain(each)) for number, each in enumerate(steps, 1)]
        yield from (GAP + line for line in definitions(rows, width - len(GAP)))
    if names := family.step_names():
        yield from folded(
            dim("names in it: how each is computed, and its meaning"), width
        ).splitlines()
        rows = [(printable(name), _plain(said)) for name, said in names.items()]
        yield from (GAP + line for line in definitions(rows, width - len(GAP)))


def _plain(sentence: str) -> str:
    """Return a sentence without the marks of code."""
    return printable(sentence.replace("`", ""))


_LONGEST_DEFAULT = 40
"""The most characters of a default; the page has all of it."""

_FIELDS = "path; type, unit: meaning [source, grade of evidence]"


def _formats(formats: Mapping[str, str]) -> str:
    usual = next(iter(formats))
    remarks = {usual: "; the default"} if len(formats) > 1 else {}
    shown = (
        f"{name} ({grade}: {GRADES[grade]}{remarks.get(name, '')})"
        for name, grade in formats.items()
    )
    return ", ".join(shown)


def _content(guide: EventGuide) -> str:
    """Return where each format keeps the content; a journal may hold it alone."""
    table = guide.family.fields()
    if table.envelope is not None and table.envelope.is_bare_in_journal:
        return "an entry of a journal"
    bodies = table.bodies.get(guide.code.code, ())
    member = next((table.member_of(each) for each in bodies), "event")
    data = "data" if member == "event" else f"data.{member}"
    named = {"adobe_io": f"{member} in adobe_io", "cloud_events": f"{data} in cloud_events"}
    return ", ".join(named[each] for each in guide.family.formats)


def _field_text(guide: EventGuide, field: Field) -> str:
    parts = [" or ".join(field.types), field.unit, "optional" if field.optional else ""]
    bodies = guide.bodies_of(field)
    parts.append(f"only in {bodies}" if bodies else "")
    only = "One of" if len(field.values) > 1 else "Always"
    values = f" {only} {', '.join(map(str, field.values))}." if field.values else ""
    evidence = ", ".join(filter(None, (field.source, field.grade)))
    meaning = f": {field.means}" if field.means else ""
    return printable(f"{', '.join(filter(None, parts))}{meaning}{values} [{evidence}]")


def example_lines(guide: EventGuide) -> Iterator[str]:
    """Yield the payload of the example; its lines are exact, and may be long."""
    if guide.example is None:
        yield "no example: the scenario below has no such event"
    else:
        holder = "a journal has" if guide.family.journal_only else "a webhook gets"
        yield bold(f"example: what {holder}")
        yield from json_writing.indented(guide.example).splitlines()


def variant_lines(guide: EventGuide, width: int) -> Iterator[str]:
    """Yield the commands that deliver events with the code which look different; none if all do.

    Commands to copy are exact; long ones go on behind a backslash.
    """
    commands: dict[tuple[str, ...], list[str]] = {}
    for each in guide.examples:
        commands.setdefault(each.parts, []).append(each.named)
    if len(guide.examples) < 2:
        return
    yield ""
    title = f"events with {printable(guide.code.code)}, and what delivers them"
    yield from folded(bold(title), width).splitlines()
    for parts, events in commands.items():
        for event in events:
            yield from folded(GAP + printable(event), width).splitlines()
        whole = GAP * 2 + " ".join(parts)
        yield from (
            [whole]
            if len(whole) <= width
            else (GAP * 2 + f" \\\n{GAP * 3}".join(parts)).split("\n")
        )


def scenario_lines(guide: EventGuide, families: Sequence[str]) -> Iterator[str]:
    """Yield the scenario; ``families`` are the folders that replaying it needs."""
    folders = "".join(f" --families {quoted(each)}" for each in families)
    yield bold("scenario to copy")
    yield dim(f"# save it as my.yaml: flowsim replay my.yaml{folders}")
    yield from guide.scenario.splitlines()
