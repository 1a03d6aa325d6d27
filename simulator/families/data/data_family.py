"""A family that a YAML file describes: tells its entries, and answers what other code asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from ...core.event import Notification
from ...core.json_writing import merge_patch
from ...core.spec_values import SpecModel
from ...errors import Nearest, Problem, ScenarioError
from ...files.document import Document
from ...runtime.chance import Chance
from ..base import (
    Entry,
    EntryAt,
    Family,
    Occurrence,
    Passage,
)
from ..fields import FieldTable
from ..settings import Setting, spelled
from . import budget
from .computing import Computation, Step, Steps
from .draws import SOURCE, DrawSource
from .head import Head
from .line import Line
from .rendering import Template
from .says import ENTRY, Said

Json = dict[str, Any]

_EARLIER = "the label (run) of an earlier entry"

_BEGINNINGS = (
    datetime(2026, 1, 15, 9, 30, tzinfo=UTC),
    datetime(2061, 7, 4, 21, 17, 31, 357_000, tzinfo=UTC),
)
"""Two moments at which an entry may begin: its steps must come equally long after both."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What tells the entries of a family.

    ``known`` are the values among ``values`` that need no chance; steps may use only these.
    """

    model: type[SpecModel]
    says: tuple[Said, ...]
    draws: Computation
    values: Computation
    known: Computation
    steps: Steps
    bodies: Mapping[str, Template]


class DataFamily(Family):
    """A family of events that a file describes; see ``Family`` for what is asked of it."""

    def __init__(
        self, name: str, head: Head, parts: Parts, table: FieldTable, line: Line | None
    ) -> None:
        self.name = name
        self.label, self.summary = head.label, head.summary
        self.provider = head.provider
        self.formats, self.codes = head.formats, head.codes
        self.parts = parts
        self._table = table
        self._line = line

    def model(self) -> Any:
        """Return the model of what an entry says."""
        return self.parts.model

    def settings(self) -> Sequence[Setting]:
        """Return what an entry may say, without what is drawn."""
        return [_setting(each) for each in self.parts.says]

    def draws(self) -> Mapping[str, str]:
        """Return what is drawn, unless the entry says it: name → expression."""
        return {each.name: each.expression.source for each in self.parts.draws.parts}

    def steps(self) -> Sequence[str]:
        """Return a sentence for each step."""
        return [_sentence(each) for each in self.parts.steps.parts]

    def offsets(self, said: Any) -> Sequence[float]:
        """Return when the events of an entry come, in seconds after it begins, in order.

        Raises ``ScenarioError`` if none comes, or if a moment cannot be computed.
        """
        return [offset for offset, _ in _steps(self, _settings(self.parts, said))]

    def rules_of_entry(
        self, document: Document, at: EntryAt, *, is_whole: bool
    ) -> Iterator[Problem]:
        """Yield what goes wrong when an entry is told with other random values."""
        if not is_whole:
            return
        try:
            prepared = self.teller(Chance("", ""), None).prepared(at.entry)
            if not self._named_entries(at.entry):
                prepared.tell("", _BEGINNINGS[0], Passage())
        except ScenarioError as error:
            for each in error.problems:
                found = f"{each.found} ({each.file}:{each.line}:{each.column}: {each.path})"
                yield document.problem(at.path, found, each.expected)

    def rules_of_entries(self, document: Document, entries: Sequence[EntryAt]) -> Iterator[Problem]:
        """Yield settings that name an entry of which no earlier one has the label."""
        labels = _labels(document)
        for at in entries:
            for name, label in self._named_entries(at.entry).items():
                if labels.get(label, at.index) >= at.index:
                    place = (*at.path, name)
                    near = Nearest(label, labels)
                    yield document.problem(place, repr(label[:60]), _EARLIER, nearest=near)

    def _named_entries(self, entry: Entry) -> dict[str, str]:
        found = {
            each.name: getattr(entry.said, each.name)
            for each in self.parts.says
            if each.kind == ENTRY
        }
        return {name: label for name, label in found.items() if label is not None}

    def teller(self, chance: Chance, defaults: Any) -> DataTeller:
        """Return what tells the entries of one story."""
        return DataTeller(self, chance)

    def line(self, content: Any) -> str:
        """Return what the content of an event says, in at most 200 characters; never fails."""
        return "" if self._line is None else self._line.text(content)

    def fields(self) -> FieldTable:
        """Return the fields of its events."""
        return self._table


def _setting(said: Said) -> Setting:
    choices = f"one of {', '.join(map(str, get_args(said.type)))}"
    default = spelled(said.default, is_duration=said.kind == "duration")
    return Setting(said.name, choices if said.kind == "one_of" else said.kind, default, said.about)


def _sentence(step: Step) -> str:
    condition = f", if {_code(step.when.source)}" if step.when else ""
    return f"At {_code(step.at.source)}{condition}: {_code(step.code)}, body {_code(step.body)}."


def _code(text: str) -> str:
    return "`{}`".format(text.replace("`", "'"))


def _labels(document: Document) -> dict[str, int]:
    """Return the labels of entries of any family, each with the number of its first entry."""
    value = document.value
    events = value.get("events") if isinstance(value, dict) else None
    found: dict[str, int] = {}
    for index, each in enumerate(events if isinstance(events, list) else []):
        if isinstance(each, dict) and isinstance(each.get("run"), str):
            found.setdefault(each["run"], index)
    return found


@dataclass(frozen=True, slots=True)
class DataTeller:
    """Tells the entries of a family in one story."""

    family: DataFamily
    chance: Chance

    def prepared(self, entry: Entry) -> PreparedDataEntry:
        """Return an entry ready to be told.

        Raises ``ScenarioError`` if its steps cannot be placed in time.
        """
        said = _settings(self.family.parts, entry.said)
        stated = _stated(self.family.parts, entry.said)
        steps = _steps(self.family, said)
        return PreparedDataEntry(self.family, self.chance, entry, said, stated, steps)


def _settings(parts: Parts, said: Any) -> Json:
    """Return what an entry says, by name."""
    return {each.name: getattr(said, each.name) for each in parts.says}


def _stated(parts: Parts, said: Any) -> Json:
    """Return the draws that a scenario states."""
    found = {each.name: getattr(said, each.name) for each in parts.draws.parts}
    return {name: value for name, value in found.items() if value is not None}


def _steps(family: DataFamily, said: Json) -> list[tuple[float, Step]]:
    """Return the steps of an entry with their seconds after its beginning."""
    with budget.opened():
        first, second = (_steps_from(family.parts, said, begin) for begin in _BEGINNINGS)
    if first != second:
        step = next(
            (one for one, two in zip(first, second, strict=False) if one != two),
            first[0] if first else second[0],
        )[1]
        found = "a step that depends on the date on which the entry begins"
        raise ScenarioError([step.node.problem(found, "seconds after begin only")])
    if not first:
        node = family.parts.steps.parts[0].node
        raise ScenarioError([node.problem("no step that happens", "settings with which one does")])
    return first


def _steps_from(parts: Parts, said: Json, begin: datetime) -> list[tuple[float, Step]]:
    scope = {**said, "begin": begin}
    return parts.steps.offsets({**scope, **parts.known.run(scope)}, begin)


@dataclass(frozen=True, slots=True)
class PreparedDataEntry:
    """An entry whose steps are known; ``said`` and ``stated`` are what the scenario says."""

    family: DataFamily
    chance: Chance
    entry: Entry
    said: Json
    stated: Json
    steps: Sequence[tuple[float, Step]]

    @property
    def offsets(self) -> Sequence[float]:
        """When its events come, in seconds after the entry begins, in order of time."""
        return [offset for offset, _ in self.steps]

    def tell(self, number: str, begin: datetime, passage: Passage) -> list[Occurrence]:
        """Return the events of one repetition.

        Raises ``ScenarioError`` for what cannot be computed: it names the file of the family.
        """
        with budget.opened():
            return self._told(number, begin, passage)

    def _told(self, number: str, begin: datetime, passage: Passage) -> list[Occurrence]:
        scope = self._scope(number, begin, passage)
        label = self.entry.label
        if label is not None:
            passage.labels[label] = {**passage.labels.get(label, {}), **self._left(scope)}
        return [self._occurrence(scope, begin, offset, step) for offset, step in self.steps]

    def _scope(self, number: str, begin: datetime, passage: Passage) -> Json:
        parts = self.family.parts
        source = DrawSource(self.chance, passage.name(self.entry, number), self.family.name)
        scope = {**self.said, **self._entries(passage), "begin": begin, SOURCE: source}
        scope |= parts.draws.run(scope)
        scope |= self.stated
        return scope | parts.values.run(scope)

    def _entries(self, passage: Passage) -> Json:
        """Return what the entries that this one names have left."""
        found: Json = {}
        for each in self.family.parts.says:
            label = self.said[each.name] if each.kind == ENTRY else None
            if label is None:
                continue
            if label not in passage.labels:
                near = Nearest(label, passage.labels)
                name = f"{self.family.name}.{each.name}"
                text = f"{name}: {label[:60]!r}, under which nothing is left"
                raise ScenarioError([Problem("", 0, 0, "", text, _EARLIER, near)])
            found[each.name] = passage.labels[label]
        return found

    def _left(self, scope: Json) -> Json:
        """Return what an entry leaves under its label for later ones: all but other entries."""
        kinds = {each.name for each in self.family.parts.says if each.kind == ENTRY}
        left = {SOURCE, "begin", *kinds}
        return {name: value for name, value in scope.items() if name not in left}

    def _occurrence(self, scope: Json, begin: datetime, offset: float, step: Step) -> Occurrence:
        now = begin + timedelta(milliseconds=round(offset * 1000))
        code = self.entry.event_code or step.code
        content = self.family.parts.bodies[step.body].render({**scope, "now": now, "code": code})
        if self.entry.override:
            content = merge_patch(content, self.entry.override)
        provider, form = self.family.provider.id, next(iter(self.family.formats))
        return Occurrence(now, Notification(code, "event", content, provider, form))
