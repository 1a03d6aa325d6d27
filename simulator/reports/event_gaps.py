"""What flowsim does not know about events, or leaves out: of a family, and of no family."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..families.base import Family
from .event_markdown import cell, code, codes

WEAK = ("C", "gap")
"""Grades of what no source shows."""

OF_NO_FAMILY = (
    (
        "Data Hygiene",
        "event-families.md 5",
        "its provider is listed, but no event code and no payload is published",
    ),
    (
        "Campaign Standard",
        "event-families.md 22",
        "`acs` is a provider of events, but no code is published",
    ),
    (
        "AsyncAPI documents of Adobe",
        "event-families.md 24",
        "none is published, nor a registry of schemas",
    ),
)
"""What no family here has: what it is, where the facts say so, and why."""


def weak_parts(family: Family, grade: str) -> Iterator[str]:
    """Yield the parts of a family with a grade, without its fields, in words."""
    if family.provider.grade == grade:
        yield f"the provider id {code(family.provider.id)}"
    for name, each in family.formats.items():
        if each == grade:
            yield f"the format {code(name)}"
    found = [each.code for each in family.codes.values() if each.grade == grade]
    if len(found) > 1 and len(found) == len(family.codes):
        yield "all of its events"
    elif found:
        yield f"the event{'s' if len(found) > 1 else ''} {codes(found)}"


def weak_fields(family: Family, grade: str) -> list[str]:
    """Return the paths of the fields of a family with a grade, each once."""
    found = (each.path for each in family.fields().fields if each.grade == grade)
    return [*dict.fromkeys(found)]


def left_out(family: Family) -> list[str]:
    """Return what Adobe sends and the family leaves out, each with the reason."""
    return [f"{cell(what)}; {cell(why)}" for what, why in family.gaps()]


def gap_count(family: Family) -> int:
    """Return how many gaps a family has: parts and fields of a weak grade, and what is left out."""
    weak = sum(len([*weak_parts(family, each)]) + len(weak_fields(family, each)) for each in WEAK)
    return weak + len(left_out(family))


def lines_of_no_family() -> Sequence[str]:
    """Return the gaps that are of no family, as items of a list."""
    return [
        f"- {name}: {why} ([section {section}](adobe/{file}#section-{section}))"
        for name, place, why in OF_NO_FAMILY
        for file, section in [place.split(" ")]
    ]
