"""What a family of events is: the questions that scenarios, stories, service and reports ask it.

A family is a folder with ``family.py`` (flow runs, raw payloads) or a YAML file (all others, see
``data/``). Its name is its key in a scenario.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from ..core.event import Notification
from ..core.fault import FaultKind
from ..errors import Problem
from ..files.document import Document, Path
from ..runtime.chance import Chance
from .entities import Entity, PlatformPath, RunState
from .entries import EntryAt, Teller
from .fields.table import FieldTable
from .settings import Setting, settings_of

RESULTS = ("success", "partial", "failed")
"""What an event may say about a result; ``partial`` is a success with failed records."""


@dataclass(frozen=True, slots=True)
class FamilyProvider:
    """Who emits the events: the provider metadata id and the label in the Console.

    ``id`` is also the value of the header ``x-adobe-provider``, if a scenario states none.
    ``group`` is the product above it in the Console, as ``Experience Cloud``; empty: not known.
    ``grade`` is that of the evidence for the id; with ``gap``, the id is one of flowsim's own.
    """

    id: str
    label: str
    group: str = ""
    grade: str = "A"


@dataclass(frozen=True, slots=True)
class EventCode:
    """One event code of a family; ``grade`` is that of the evidence: A, B, C or ``gap``.

    ``example`` is what an entry says to get a story that has the code. ``scenario`` names a
    shipped scenario that shows it, if there is one. Each of ``variants`` is what an entry says
    beside the example, to get events with the code that look different.
    """

    code: str
    label: str
    summary: str
    grade: str
    example: Any = field(default_factory=dict)
    scenario: str | None = None
    variants: Sequence[Mapping[str, Any]] = ()

    def entries(self) -> Iterator[Any]:
        """Yield what an entry says: in the example, and in each variant of it."""
        yield self.example
        yield from ({**self.example, **each} for each in self.variants)


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """Checks that a family brings: the group in which they are listed, and the file with them.

    ``about`` says in a few words what they are about, as in ``what flow runs may look like``. The
    entries of the file are those of ``flowsim schema --checks``, without ``group``.
    """

    name: str
    about: str
    file: FilePath


class Family(ABC):
    """A family of events; ``name`` is its key in a scenario.

    ``formats`` are its delivery formats, each with the grade of the evidence; the first is the
    default. ``defaults_key`` is a key at the top of a scenario with defaults for all of its
    entries, or empty. ``has_labels``: whether entries may have ``run`` and ``override``.
    ``may_refuse``: whether an entry whose values are all correct can still fail to be told.
    ``journal_only``: whether Adobe delivers the events to no webhook, and only to journals.
    ``other_codes``: what event codes begin with that are of this family though ``codes`` has them
    not, such as codes of your own; None if there are none.
    """

    name: str
    label: str
    summary: str
    provider: FamilyProvider
    formats: Mapping[str, str]
    codes: Mapping[str, EventCode]
    defaults_key: str = ""
    has_labels: bool = True
    may_refuse: bool = False
    journal_only: bool = False
    other_codes: str | None = None

    @abstractmethod
    def model(self) -> Any:
        """Return the type of what an entry says, for pydantic; ``Any`` allows everything."""

    @abstractmethod
    def teller(self, chance: Chance, defaults: Any) -> Teller:
        """Return what tells the entries of one story; ``defaults`` are those of its scenario."""

    def offsets(self, said: Any) -> Sequence[float]:
        """Return when the events of an entry come, in seconds after it begins, in order.

        They follow from what the entry says alone. Raises ``ScenarioError`` if it has none.
        """
        return (0.0,)

    def merged(self, defaults: Any, said: Any) -> Any:
        """Return what an entry says with the defaults of the scenario."""
        return said

    def settings(self) -> Sequence[Setting]:
        """Return what an entry may say, without what is drawn."""
        return settings_of(self.model())

    def draws(self) -> Mapping[str, str]:
        """Return what is drawn, unless the entry says it: name → expression."""
        return {}

    def steps(self) -> Sequence[str]:
        """Return when the events of an entry come, in order: a sentence for each.

        Moments, conditions and codes stand in backticks, as in Markdown.
        """
        return ()

    def gaps(self) -> Sequence[tuple[str, str]]:
        """Return what Adobe sends and the family leaves out, each with the reason."""
        return ()

    def prints(self) -> Sequence[str]:
        """Return the printed samples that an entry reproduces: names of files of the facts."""
        return ()

    def step_names(self) -> Mapping[str, str]:
        """Return the names in ``steps`` that no entry can say: name → a sentence about it."""
        return {}

    def rules_of_entry(
        self, document: Document, at: EntryAt, *, is_whole: bool
    ) -> Iterable[Problem]:
        """Return broken rules in one entry, whose values are correct and have their defaults.

        ``is_whole`` is false if wrong values were left out before.
        """
        return ()

    def rules_of_entries(
        self, document: Document, entries: Sequence[EntryAt], *, is_whole: bool
    ) -> Iterable[Problem]:
        """Return broken rules between the entries of the family in a scenario, in order.

        ``is_whole`` is false if wrong values were left out before, or whole entries.
        """
        return ()

    def warnings_of(self, document: Document, said: Mapping[Path, Any]) -> Iterable[Problem]:
        """Return warnings about what is valid and probably not intended: place → what is said."""
        return ()

    def words(self, kind: str) -> Mapping[str, str]:
        """Return words that an entry may use, each with what it is.

        ``kind`` is ``sources`` or ``errors``, as the options of ``flowsim scenarios``.
        """
        return {}

    def faults(self) -> Iterable[FaultKind]:
        """Return the faults that only events of this family can have."""
        return ()

    def line(self, content: Any) -> str:
        """Return what the content of an event says, in a few words; never fails."""
        return ""

    def reason(self, content: Any) -> str:
        """Return why the content of an event says a failure, in a few words; never fails.

        It is empty if the event says no failure, or if ``line`` has the reason already.
        """
        return ""

    def result(self, content: Any) -> str:
        """Return what the content of an event says about a result: one of ``RESULTS``.

        It is empty if the event says none, as that of a start or of an alert. Content may have any
        shape; this never fails.
        """
        return ""

    def fields(self) -> FieldTable:
        """Return the fields of its events."""
        return FieldTable()

    def entities_of(self, notification: Notification) -> Iterable[Entity]:
        """Return the entities in a notification, for the service to answer with.

        Its content may have any shape, since anything can be published; this never fails.
        """
        return ()

    def state_of(self, notification: Notification) -> RunState | None:
        """Return what a notification says about a run; ``None`` if it is about none.

        Faults may have changed its content: the values are those that a correct consumer reads.
        """
        return None

    def platform_paths(self) -> Iterable[PlatformPath]:
        """Return the paths that the service answers with these entities."""
        return ()

    def checks(self) -> CheckGroup | None:
        """Return the checks of consumers of this family, if there are any."""
        return None


def to_journals_only(family: Family) -> str:
    """Return a sentence without its full stop: why no webhook gets the events of a family."""
    return f"Adobe sends {family.label} to journals only"
