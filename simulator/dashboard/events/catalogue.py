"""The catalogue: all event codes by family, and what a page says about one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ...families.data.mistakes import GRADES
from ...families.fields.envelope import FORMATS
from ...families.registry import Families
from ...reports.event_guide import EventGuide, guides
from ...reports.event_json import described, described_field
from .example import ChosenOptions

LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class CatalogueCode:
    """An event code in the catalogue."""

    code: str
    label: str
    summary: str
    grade: str


@dataclass(frozen=True, slots=True)
class CatalogueFamily:
    """A family in the catalogue, with those of its codes that a search found.

    ``formats`` maps each delivery format to its grade, empty if the family does not name it.
    ``gaps`` are what it leaves out, each with the reason.
    """

    name: str
    label: str
    summary: str
    provider: str
    provider_label: str
    formats: Mapping[str, str]
    gaps: tuple[tuple[str, str], ...]
    codes: tuple[CatalogueCode, ...]


@dataclass(frozen=True, slots=True)
class EventCatalogue:
    """The families that a search for ``text`` found; ``found`` of ``total`` event codes."""

    text: str
    families: tuple[CatalogueFamily, ...]
    found: int
    total: int


def catalogue(families: Families, text: str = "") -> EventCatalogue:
    """Return the event codes in whose texts each word of ``text`` stands, in any case.

    All words may stand in path and meaning of one field, too.
    """
    words = text[:LONGEST_SEARCH].lower().split()
    every = guides(families)
    found = [each for each in every if _has(each, words)]
    grouped = groupby(found, key=lambda each: each.family.name)
    shown = tuple(_family([*group]) for _, group in grouped)
    return EventCatalogue(text[:LONGEST_SEARCH], shown, len(found), len(every))


def _has(guide: EventGuide, words: list[str]) -> bool:
    texts = [each.lower() for each in guide.words()]
    if all(any(word in text for text in texts) for word in words):
        return True
    fields = (f"{each.path} {each.means}".lower() for each in guide.fields)
    return any(all(word in text for word in words) for text in fields)


def _family(group: list[EventGuide]) -> CatalogueFamily:
    family = group[0].family
    return CatalogueFamily(
        family.name,
        family.label,
        family.summary,
        family.provider.id,
        family.provider.label,
        {name: family.formats.get(name, "") for name in FORMATS},
        tuple((what, why) for what, why in family.gaps()),
        tuple(
            CatalogueCode(each.code.code, each.code.label, each.code.summary, each.code.grade)
            for each in group
        ),
    )


def about(guide: EventGuide) -> dict[str, Any]:
    """Return what is known about an event code, as JSON has it, without an example."""
    family = guide.family
    return described(guide, whole=False) | {
        "grade_words": GRADES[guide.code.grade],
        "steps": [*family.steps()],
        "step_names": dict(family.step_names()),
        "draws": dict(family.draws()),
        "gaps": [list(each) for each in family.gaps()],
        "fields": [described_field(guide, each) for each in guide.fields],
    }


@dataclass(frozen=True, slots=True)
class EventVariant:
    """A choice of options that makes the event look different, and the query for it."""

    says: str
    query: str


def variants(guide: EventGuide) -> Iterator[EventVariant]:
    """Yield the example of a code and its variants; nothing if there is only one."""
    said = ({}, *guide.code.variants)
    entries = [*guide.code.entries()]
    for variant, entry in zip(said, entries, strict=True) if len(entries) > 1 else ():
        words = ", ".join(f"{name}: {value}" for name, value in variant.items())
        yield EventVariant(words or "the usual one", ChosenOptions.of_entry(entry).query)
