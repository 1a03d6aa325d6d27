"""Tells the entries of a family of a YAML file: when events come, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from ...core.event import Notification
from ...core.json_writing import merge_patch
from ...core.spec_values import SpecModel
from ...errors import Nearest, Problem, ScenarioError
from ...runtime.chance import Chance
from ..entries import Entry, Occurrence, Passage
from . import budget
from .computing import Computation, each_of
from .draws import SOURCE, DrawSource
from .envelope_reading import EnvelopeTemplates
from .refusals import RefusedSettings
from .rendering import Template
from .says import ENTRY, Said
from .steps import Step, Steps

Json = dict[str, Any]

EARLIER = "the label (run) of an earlier entry"
"""What a setting that names an entry expects."""

BEGINNINGS = (
    datetime(2026, 1, 15, 9, 30, tzinfo=UTC),
    datetime(2061, 7, 4, 21, 17, 31, 357_000, tzinfo=UTC),
)
"""Two moments at which an entry may begin: its steps must come equally long after both."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What tells the entries of a family.

    ``known`` are the values among ``values`` that need no chance; steps may use only these.
    ``event_draws`` are drawn anew for each event.
    """

    model: type[SpecModel]
    says: tuple[Said, ...]
    draws: Computation
    values: Computation
    known: Computation
    steps: Steps
    bodies: Mapping[str, Template]
    refusals: RefusedSettings = field(default_factory=RefusedSettings)
    envelope: EnvelopeTemplates | None = None
    tables: Mapping[str, Any] = field(default_factory=dict)
    event_draws: Computation = field(default_factory=lambda: Computation(()))


@dataclass(frozen=True, slots=True)
class DataTeller:
    """Tells the entries of a family in one story; ``provider`` is an id of provider metadata."""

    family: str
    provider: str
    format: str
    parts: Parts
    chance: Chance

    def prepared(self, entry: Entry) -> PreparedDataEntry:
        """Return an entry ready to be told.

        Raises ``ScenarioError`` if its settings contradict each other, or if its steps cannot be
        placed in time.
        """
        said = settings_of(self.parts, entry.said)
        expect_allowed(self.parts, said)
        stated = _stated(self.parts, entry.said)
        return PreparedDataEntry(self, entry, said, stated, steps_of(self.parts, said))


def settings_of(parts: Parts, said: Any) -> Json:
    """Return what an entry says, by name, and the tables of the family."""
    return {**parts.tables, **{each.name: getattr(said, each.name) for each in parts.says}}


def _stated(parts: Parts, said: Any) -> Json:
    """Return the draws that a scenario states."""
    drawn = (*parts.draws.parts, *parts.event_draws.parts)
    found = {each.name: getattr(said, each.name) for each in drawn}
    return {name: value for name, value in found.items() if value is not None}


def expect_allowed(parts: Parts, said: Json) -> None:
    """Raise ``ScenarioError`` if the family refuses what an entry says."""
    scope = {**said, "begin": BEGINNINGS[0]}
    with budget.opened():
        parts.refusals.check({**scope, **parts.known.run(scope)})


def steps_of(parts: Parts, said: Json) -> list[tuple[float, Step]]:
    """Return the steps of an entry with their seconds after its beginning.

    Raises ``ScenarioError`` if none happens, or if a moment cannot be computed.
    """
    with budget.opened():
        first, second = (_steps_from(parts, said, begin) for begin in BEGINNINGS)
    if first != second:
        step = next(
            (one for one, two in zip(first, second, strict=False) if one != two),
            first[0] if first else second[0],
        )[1]
        found = "a step that depends on the date on which the entry begins"
        raise ScenarioError([step.node.problem(found, "seconds after begin only")])
    if not first:
        node = parts.steps.parts[0].node
        raise ScenarioError([node.problem("no step that happens", "settings with which one does")])
    return first


def _steps_from(parts: Parts, said: Json, begin: datetime) -> list[tuple[float, Step]]:
    scope = {**said, "begin": begin}
    return parts.steps.offsets({**scope, **parts.known.run(scope)}, begin)


@dataclass(frozen=True, slots=True)
class PreparedDataEntry:
    """An entry whose steps are known; ``said`` and ``stated`` are what the scenario says."""

    teller: DataTeller
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
        with budget.opened() as taken:
            try:
                return self._told(number, begin, passage)
            finally:
                passage.spent += taken.spent

    def _told(self, number: str, begin: datetime, passage: Passage) -> list[Occurrence]:
        scope = self._scope(number, begin, passage)
        label = self.entry.label
        if label is not None:
            passage.labels[label] = {**passage.labels.get(label, {}), **self._left(scope)}
        return each_of(
            partial(self._occurrence, scope, begin, offset, step) for offset, step in self.steps
        )

    def _scope(self, number: str, begin: datetime, passage: Passage) -> Json:
        parts = self.teller.parts
        source = DrawSource(
            self.teller.chance, passage.name(self.entry, number), self.teller.family
        )
        scope = {**self.said, **self._entries(passage), "begin": begin, SOURCE: source}
        scope |= parts.draws.run(scope)
        scope |= self.stated
        return scope | parts.values.run(scope)

    def _entries(self, passage: Passage) -> Json:
        """Return what the entries that this one names have left."""
        found: Json = {}
        for each in self.teller.parts.says:
            label = self.said[each.name] if each.kind == ENTRY else None
            if label is None:
                continue
            if label not in passage.labels:
                near = Nearest(label, passage.labels)
                name = f"{self.teller.family}.{each.name}"
                text = f"{name}: {label[:60]!r}, under which nothing is left"
                raise ScenarioError([Problem("", 0, 0, "", text, EARLIER, near)])
            found[each.name] = passage.labels[label]
        return found

    def _left(self, scope: Json) -> Json:
        """Return what an entry leaves under its label for later ones: all but other entries."""
        kinds = {each.name for each in self.teller.parts.says if each.kind == ENTRY}
        left = {SOURCE, "begin", *kinds}
        return {name: value for name, value in scope.items() if name not in left}

    def _occurrence(self, scope: Json, begin: datetime, offset: float, step: Step) -> Occurrence:
        now = begin + timedelta(milliseconds=round(offset * 1000))
        names = {**scope, **self._of_event(scope, step), "now": now}
        code = self.entry.event_code or step.code_in(names)
        names, parts = {**names, "code": code}, self.teller.parts
        content = parts.bodies[step.body].render(names)
        if self.entry.override:
            content = merge_patch(content, self.entry.override)
        envelope = None if parts.envelope is None else parts.envelope.render(names)
        said = (self.teller.provider, self.teller.format, envelope)
        return Occurrence(now, Notification(code, "event", content, *said))

    def _of_event(self, scope: Json, step: Step) -> Json:
        """Return what is known of one event only: its item, and what is drawn for it."""
        parts = self.teller.parts
        names = {**parts.steps.loop_names, **step.names}
        if not parts.event_draws.parts:
            return names
        source = replace(scope[SOURCE], event=step.key)
        drawn = parts.event_draws.run({**scope, **names, SOURCE: source})
        return {
            **names,
            **drawn,
            **{name: each for name, each in self.stated.items() if name in drawn},
        }
