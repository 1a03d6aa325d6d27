"""What is known about an event code: its family, its fields, an example and a scenario to copy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from ..core.event import Event
from ..core.payload import Payload, journal_element
from ..core.shell_words import quoted
from ..core.spec_values import RegistrationSpec
from ..errors import ScenarioError
from ..families.base import EventCode, Family
from ..families.data.data_family import DataFamily
from ..families.event_line import event_line
from ..families.fields.conformity import compare
from ..families.fields.table import Field
from ..families.registry import Families
from ..files import yaml_writing
from ..files.document import Document
from ..files.yaml_documents import parse_text
from ..story.opening import story_of

_SEED, _AT = 7, "2026-01-15T09:30:00Z"

_SCENARIO = f"""\
description: {{summary}}
seed: {_SEED}
at: {_AT}
events:
  - {{entry}}
"""


@dataclass(frozen=True)
class EventGuide:
    """One event code of a family.

    ``families`` are those that its scenario may use.
    """

    family: Family
    code: EventCode
    families: Families

    @property
    def fields(self) -> list[Field]:
        """The fields that events with this code may have."""
        return self.family.fields().of_code(self.code.code)

    def bodies_of(self, field: Field) -> str:
        """Return the bodies that have a field, if not all of this code have it."""
        bodies = self.family.fields().bodies.get(self.code.code, ())
        having = [each for each in bodies if each in field.bodies]
        return ", ".join(having) if field.bodies and len(having) < len(bodies) else ""

    @property
    def scenario(self) -> str:
        """A scenario, as YAML, whose story has an event with this code."""
        return self.scenario_of(self.code.example)

    @cached_property
    def example(self) -> Any:
        """The payload of the first event with this code in the story of ``scenario``.

        Raises ``ScenarioError`` if the story cannot be told; None if it has no such event.
        """
        return self.examples[0].payload if self.examples else None

    @cached_property
    def examples(self) -> list[Example]:
        """An event with this code of each structure that its example and variants have.

        Raises ``ScenarioError`` if a story cannot be told, with places in the family's file.
        """
        try:
            return [*_examples(self)]
        except ScenarioError as error:
            family = self.family
            found = family.mistakes_of_examples() if isinstance(family, DataFamily) else []
            raise ScenarioError(found or error.problems) from None

    def scenario_of(self, said: Any) -> str:
        """Return a scenario, as YAML, of one entry of the family."""
        summary = yaml_writing.scalar(self._summary)
        entry = f"{self.family.name}: {yaml_writing.flow(said)}"
        return _SCENARIO.format(summary=summary, entry=entry)

    def document_of(self, said: Any) -> Document:
        """Return what ``scenario_of`` says, without reading YAML: that takes long for many."""
        value = {
            "description": self._summary,
            "seed": _SEED,
            "at": _AT,
            "events": [{self.family.name: said}],
        }
        code, text = self.code.code, partial(self.scenario_of, said)
        return Document(code, value, with_places=lambda: parse_text(text(), code))

    @property
    def _summary(self) -> str:
        return self.code.summary or self.code.label

    def words(self) -> Iterator[str]:
        """Yield the texts in which a search looks."""
        family, code = self.family, self.code
        yield from (code.code, code.label, code.summary)
        yield from (family.name, family.label, family.summary)
        yield from (family.provider.id, family.provider.label)


@dataclass(frozen=True, slots=True)
class Example:
    """A payload with one event of a code, and the command that delivers its story.

    ``parts`` are the command and its options. ``body`` is the name of the event's body, empty if
    that is not known, and ``line`` is what the event says. ``payload`` is parsed JSON: what a
    webhook gets, or what a journal has of an event that Adobe delivers to journals only.
    """

    parts: tuple[str, ...]
    body: str
    line: str
    payload: Any
    event: Event

    @property
    def command(self) -> str:
        """The whole command, for a shell."""
        return " ".join(self.parts)

    @property
    def named(self) -> str:
        """The event in a few words."""
        return ": ".join(filter(None, (self.body, self.line)))


def _examples(guide: EventGuide) -> Iterator[Example]:
    code, seen = guide.code.code, set()
    for variant, said in zip(({}, *guide.code.variants), guide.code.entries(), strict=True):
        document = guide.document_of(said)
        for each in story_of(code, document, families=guide.families).payloads():
            event = each.events[0]
            if event.code != code:
                continue
            body = _body_of(guide, event.content)
            form = body, frozenset(_paths(event.content))
            if form not in seen:
                seen.add(form)
                line = event_line(guide.families, code, event.content)
                command = tuple(_command(guide, variant))
                yield Example(command, body, line, _payload(guide.family, each), event)


def _payload(family: Family, carried: Payload) -> Any:
    """Return what carries one event: the body of a delivery, or an entry of a journal."""
    if family.journal_only:
        return json.loads(journal_element(carried.events[0], RegistrationSpec()))
    return json.loads(carried.body)


def _body_of(guide: EventGuide, content: Any) -> str:
    table, code = guide.family.fields(), guide.code.code
    bodies = table.described(code)
    if len(bodies) < 2:
        return "".join(bodies)
    return compare(table, code, content).body


def _paths(value: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of all that is in a value; elements of a list share one."""
    yield path
    inner: Iterable[tuple[str, Any]] = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        inner = (("", each) for each in value)
    for key, each in inner:
        yield from _paths(each, f"{path}/{key}")


def _command(guide: EventGuide, variant: Mapping[str, Any]) -> Iterator[str]:
    """Yield the parts of the command that delivers the example as it is in a variant."""
    changes = {f"{guide.family.name}.{key}": value for key, value in variant.items()}
    return command_parts(guide, "replay", changes)


def command_parts(guide: EventGuide, verb: str, changes: Mapping[str, Any]) -> Iterator[str]:
    """Yield the parts of a command on the example; ``changes`` are those of ``--set``."""
    yield f"flowsim {verb} {guide.code.code}"
    yield from families_parts(guide)
    for key, value in changes.items():
        yield f"--set {quoted(f'{key}={_spelled(value)}')}"


def families_parts(guide: EventGuide) -> Iterator[str]:
    """Yield the option that a command on the family needs; none for a shipped one."""
    files = guide.families.files
    if guide.family.name in files:
        yield f"--families {quoted(str(Path(files[guide.family.name]).parent))}"


def _spelled(value: Any) -> str:
    """Return a value as YAML, durations without quotes."""
    is_plain = isinstance(value, str) and re.fullmatch("[0-9]+(ms|[smhd])", value)
    return value if is_plain else yaml_writing.flow(value)


def guides(families: Families, text: str = "") -> list[EventGuide]:
    """Return all event codes by family, or those in whose texts ``text`` stands, in any case."""
    every = (
        EventGuide(family, code, families)
        for family in families.readable()[0]
        for code in family.codes.values()
    )
    return [each for each in every if any(text.lower() in word.lower() for word in each.words())]


def guides_of(families: Families, name: str) -> list[EventGuide]:
    """Return the event codes of a family.

    Raises ``KeyError`` for an unknown name, and ``ScenarioError`` for mistakes of its file.
    """
    family = families[name]
    return [EventGuide(family, code, families) for code in family.codes.values()]


def guide_of(families: Families, code: str) -> EventGuide | None:
    """Return the guide of an event code, if a family has it."""
    family = families.by_code(code)
    return None if family is None else EventGuide(family, family.codes[code], families)
