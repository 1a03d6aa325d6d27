"""A family that a YAML file describes: tells its entries, and answers what other code asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from ...errors import Nearest, Problem, ScenarioError
from ...files.document import Document, Path
from ...runtime.chance import Chance
from ..base import EventCode, Family
from ..entries import MOST_ON_TRIAL, Entry, EntryAt, Passage
from ..fields.table import FieldTable
from ..settings import Setting
from . import budget
from .computing import Named
from .descriptions import explained_of, sentence_of, setting_of
from .event_result import ResultOfEvent
from .expressions import Expression
from .head import Head
from .line import Line
from .refusals import RefusedEntryError
from .says import ENTRY
from .telling import (
    BEGINNINGS,
    EARLIER,
    DataTeller,
    Parts,
    PreparedDataEntry,
    settings_of,
    steps_of,
)


class DataFamily(Family):
    """A family of events that a file describes; see ``Family`` for what is asked of it."""

    may_refuse = True

    def __init__(
        self,
        name: str,
        head: Head,
        parts: Parts,
        table: FieldTable,
        line: Line | None,
        result: ResultOfEvent | None = None,
    ) -> None:
        self.name = name
        self.label, self.summary = head.label, head.summary
        self.provider = head.provider
        self.formats, self.codes = head.formats, head.codes
        self._gaps, self._prints = head.gaps, head.prints
        self.journal_only = head.journal_only
        self.parts = parts
        self._table = table
        self._line = line
        self._result = result

    def model(self) -> Any:
        """Return the pydantic model of what an entry says: ``says`` and ``draws`` of the file."""
        return self.parts.model

    def settings(self) -> Sequence[Setting]:
        """Return what an entry may say: a setting for each name in ``says`` of the file."""
        return [setting_of(each) for each in self.parts.says]

    def draws(self) -> Mapping[str, str]:
        """Return what is drawn, unless the entry says it: name → expression."""
        drawn = (*self.parts.draws.parts, *self.parts.event_draws.parts)
        return {each.name: each.expression.source for each in drawn}

    def steps(self) -> Sequence[str]:
        """Return a sentence for each step."""
        return [sentence_of(each) for each in self.parts.steps.parts]

    def gaps(self) -> Sequence[tuple[str, str]]:
        """Return what is left out, each with the reason."""
        return self._gaps

    def prints(self) -> Sequence[str]:
        """Return the printed samples that an entry reproduces."""
        return self._prints

    def step_names(self) -> Mapping[str, str]:
        """Return the values in ``steps``, and those that these need: name → a sentence about it."""
        parts = self.parts.steps.parts
        used = [each for step in parts for each in (step.at, step.when, step.each) if each]
        return {each.name: explained_of(each) for each in self._values_in(used)}

    def _values_in(self, expressions: Iterable[Expression]) -> list[Named]:
        """Return the values that expressions use, those first that use others of them."""
        names = {name for each in expressions for name in each.names}
        found = []
        for each in reversed(self.parts.known.parts):
            if each.name in names:
                found.append(each)
                names |= each.expression.names
        return found

    def offsets(self, said: Any) -> Sequence[float]:
        """Return when the events of an entry come, in seconds after it begins, in order.

        Raises ``ScenarioError`` if none comes, or if a moment cannot be computed.
        """
        return [offset for offset, _ in steps_of(self.parts, settings_of(self.parts, said))]

    def rules_of_entry(
        self, document: Document, at: EntryAt, *, is_whole: bool
    ) -> Iterator[Problem]:
        """Yield what is wrong with the moments of the entry's events."""
        if not is_whole:
            return
        try:
            self._on_trial(at.entry)
        except ScenarioError as error:
            yield from _at_entry(document, at, error)

    def warnings_of(self, document: Document, said: Mapping[Path, Any]) -> Iterator[Problem]:
        """Yield a warning for a story whose events Adobe sends to no webhook."""
        for path in [*said][: self.journal_only]:
            found = f"{self.name} events, which Adobe delivers to journals only"
            yield document.problem(path, found, "a reader of the journal; a webhook gets none")

    def rules_of_entries(
        self, document: Document, entries: Sequence[EntryAt], *, is_whole: bool
    ) -> Iterator[Problem]:
        """Yield what goes wrong when entries are told with other random values, and wrong labels.

        Entries are told until ``MOST_ON_TRIAL`` is spent, and only if they are whole. A label is
        wrong if no earlier entry has it.
        """
        yield from self._rules_of_labels(document, entries)
        passage = Passage()
        for at in entries if is_whole else ():
            if passage.spent > MOST_ON_TRIAL:
                break
            if not self._named_entries(at.entry):
                yield from self._rules_of_telling(document, at, passage)

    def _rules_of_telling(
        self, document: Document, at: EntryAt, passage: Passage
    ) -> Iterator[Problem]:
        try:
            prepared = self._on_trial(at.entry)
        except ScenarioError:  # it is reported with the rules of the entry
            return
        try:
            prepared.tell("", BEGINNINGS[0], passage)
        except ScenarioError as error:
            yield from _at_entry(document, at, error)

    def _on_trial(self, entry: Entry) -> PreparedDataEntry:
        return self.teller(Chance("", ""), None).prepared(entry)

    def mistakes_of_examples(self) -> list[Problem]:
        """Return what cannot be told of the examples of event codes, with places in the file.

        Variants are examples too. Those that name other entries are not told, nor any once
        ``MOST_ON_TRIAL`` is spent.
        """
        found: dict[tuple[str, int, int], Problem] = {}
        with budget.opened() as taken:
            for code in self.codes.values():
                if taken.spent > MOST_ON_TRIAL:
                    break
                for said in code.entries():
                    for each in self._mistakes_of_example(code, said):
                        found.setdefault((each.file, each.line, each.column), each)
        return [*found.values()]

    def _mistakes_of_example(self, code: EventCode, said: Any) -> Iterator[Problem]:
        try:
            entry = Entry(self.parts.model.model_validate(said))
        except ValidationError:  # it is a mistake of its own
            return
        try:
            if not self._named_entries(entry):
                self._on_trial(entry).tell("", BEGINNINGS[0], Passage())
        except ScenarioError as error:
            for each in error.problems:
                yield replace(each, found=f"{each.found} (the example of {code.code})")

    def _rules_of_labels(self, document: Document, entries: Sequence[EntryAt]) -> Iterator[Problem]:
        labels = _labels(document)
        for at in entries:
            for name, label in self._named_entries(at.entry).items():
                if labels.get(label, at.index) >= at.index:
                    near = None if label in labels else Nearest(label, labels)
                    found = f"{label[:60]!r}{'' if near else ', which is not before this one'}"
                    yield document.problem((*at.path, name), found, EARLIER, nearest=near)

    def _named_entries(self, entry: Entry) -> dict[str, str]:
        found = {
            each.name: getattr(entry.said, each.name)
            for each in self.parts.says
            if each.kind == ENTRY
        }
        return {name: label for name, label in found.items() if label is not None}

    def teller(self, chance: Chance, defaults: Any) -> DataTeller:
        """Return what tells the entries of one story."""
        form = next(iter(self.formats))
        return DataTeller(self.name, self.provider.id, form, self.parts, chance)

    def line(self, content: Any) -> str:
        """Return what the content of an event says, in at most 200 characters; never fails."""
        return "" if self._line is None else self._line.text(content)

    def result(self, content: Any) -> str:
        """Return the result that the content of an event says, or nothing; never fails."""
        return "" if self._result is None else self._result.of(content)

    def fields(self) -> FieldTable:
        """Return the fields of its events."""
        return self._table


def _at_entry(document: Document, at: EntryAt, error: ScenarioError) -> Iterator[Problem]:
    """Yield the problems of telling an entry at its place.

    Each has that in the family's file too, unless the family refuses the entry.
    """
    for each in error.problems:
        there = f" ({each.file}:{each.line}:{each.column}: {each.path})"
        found = each.found if isinstance(error, RefusedEntryError) else each.found + there
        yield document.problem(at.path, found, each.expected)


def _labels(document: Document) -> dict[str, int]:
    """Return the labels of entries of any family, each with the number of its first entry."""
    value = document.value
    events = value.get("events") if isinstance(value, dict) else None
    found: dict[str, int] = {}
    for index, each in enumerate(events if isinstance(events, list) else []):
        if isinstance(each, dict) and isinstance(each.get("run"), str):
            found.setdefault(each["run"], index)
    return found
