"""All events as one HTML file that needs no server, no script and nothing from outside."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from flask import Flask
from markupsafe import Markup

from ...families.fields.envelope import ENVELOPE_IDS
from ...families.registry import Families
from ...families.settings import Setting
from ...reports.event_guide import EventGuide, guides
from ...runtime.version import __version__
from .. import pages
from . import catalogue
from .catalogue import CatalogueFamily
from .commands import ExampleCommand, commands_of
from .example import CHOSEN, ChosenOptions, ExampleStory, example_of
from .options import ID_NAMES, NAMES_FIELD, settings_of
from .partial_ingestion import FAMILY, PartialIngestion, steps_around

_FOLDER = Path(__file__).parents[1]
_STYLES = ("pico.min.css", "dashboard.css")

RECORDS, THRESHOLD = 1_000, 5
"""The run whose steps the file lists, in records and percent."""


@dataclass(frozen=True, slots=True)
class FileExample:
    """An example in the file: what makes it differ from the usual one, and its command."""

    says: str
    story: ExampleStory
    command: ExampleCommand


@dataclass(frozen=True, slots=True)
class FileEvent:
    """An event code in the file; ``about`` is as the page of the code has it."""

    about: dict[str, Any]
    examples: tuple[FileExample, ...]


@dataclass(frozen=True, slots=True)
class FileFamily:
    """A family in the file; ``settings`` are what an entry may say."""

    family: CatalogueFamily
    settings: tuple[Setting, ...]
    events: tuple[FileEvent, ...]


@dataclass(frozen=True, slots=True)
class NamedIds:
    """The members with ids in each format: those of the envelope, for one setting of names."""

    names: str
    members: tuple[tuple[str, tuple[str, ...]], ...]


def event_file(families: Families) -> str:
    """Return the file about all families that can be read; the same bytes each time.

    Raises ``ScenarioError`` for an example that is not a correct scenario.
    """
    app = Flask(__name__, template_folder=str(_FOLDER / "templates"))
    pages.prepare_templates(app)
    every = guides(families)
    text = app.jinja_env.get_template("events_file.html").render(
        styles=Markup("\n".join(map(_style, _STYLES))),
        version=__version__,
        families=[*_families(every, families)],
        steps=_steps(families),
        records=RECORDS,
        threshold=THRESHOLD,
        ids=[*_named_ids(every)],
    )
    return text.rstrip() + "\n"


def _style(name: str) -> str:
    return (_FOLDER / "assets" / name).read_text("utf-8")


def _families(every: Sequence[EventGuide], families: Families) -> Iterator[FileFamily]:
    shown = {each.name: each for each in catalogue.catalogue(families).families}
    for name, group in groupby(every, key=lambda each: each.family.name):
        own = [*group]
        settings = tuple(settings_of(own[0].family))
        yield FileFamily(shown[name], settings, tuple(map(_event, own)))


def _event(guide: EventGuide) -> FileEvent:
    return FileEvent(catalogue.about(guide), tuple(_examples(guide)))


def _examples(guide: EventGuide) -> Iterator[FileExample]:
    for variant, said in zip(({}, *guide.code.variants), guide.code.entries(), strict=True):
        choices = ChosenOptions.of_entry(said)
        words = ", ".join(f"{name}: {value}" for name, value in variant.items())
        yield FileExample(words, example_of(guide, choices), next(commands_of(guide, choices)))


def _steps(families: Families) -> list[PartialIngestion]:
    is_there = FAMILY in families
    return [*steps_around(RECORDS, THRESHOLD, families=families)] if is_there else []


def _named_ids(every: Sequence[EventGuide]) -> Iterator[NamedIds]:
    """Yield the members that hold ids, for each setting of names, from the first event."""
    for guide in every[:1]:
        texts = ChosenOptions.of(guide, {}).texts
        for names in ID_NAMES:
            query = {CHOSEN: "1", **texts, NAMES_FIELD: names}
            (event, *_) = example_of(guide, ChosenOptions.of(guide, query)).events
            yield NamedIds(names, tuple((each.name, _ids(each.text)) for each in event.formats))


def _ids(text: str) -> tuple[str, ...]:
    return tuple(name for name in json.loads(text) if name in ENVELOPE_IDS)
