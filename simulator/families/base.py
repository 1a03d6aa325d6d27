"""What a family of events is: the questions that scenarios, stories, service and reports ask it.

A family is a folder with ``family.py`` (flow runs, raw payloads) or a YAML file (all others, see
``data/``). Its name is its key in a scenario.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path as FilePath
from typing import Any, Protocol

from ..core.event import Notification
from ..core.fault import FaultKind
from ..errors import Problem
from ..files.document import Document, Path
from ..runtime.chance import Chance
from .fields.table import FieldTable
from .settings import Setting, settings_of

Json = dict[str, Any]

MOST_ON_TRIAL = 2_000_000
"""What may be spent (see ``Passage``) to find what cannot be told; the rest is not tried."""


@dataclass(frozen=True, slots=True)
class FamilyProvider:
    """Who emits the events: the provider metadata id and the label in the Console.

    ``id`` is also the value of the header ``x-adobe-provider``, if a scenario states none.
    ``group`` is the product above it in the Console, as ``Experience Cloud``; empty: not known.
    """

    id: str
    label: str
    group: str = ""


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
class Entry:
    """One entry of ``events`` in a scenario, as its family gets it.

    ``said`` is what stands under the family's key: an instance of its model. Entries with the
    same ``label`` are about the same thing. ``override`` is a JSON merge patch.
    """

    said: Any
    label: str | None = None
    event_code: str | None = None
    override: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntryAt:
    """An entry with its place: the number in ``events`` from 0, and the family's key there.

    ``time`` is when the entry begins, in seconds of story time since the beginning.
    """

    index: int
    key: str
    entry: Entry
    time: float

    @property
    def path(self) -> Path:
        """Where the document holds what the entry says."""
        return ("events", self.index, self.key)


@dataclass(slots=True)
class Passage:
    """One pass through the entries of a story: what was told in it so far.

    Later passes have a ``suffix`` in all names of draws, and so other values. ``labels`` holds
    for each label what its entries leave for later ones: name → value. ``spent`` counts what
    families in YAML files have computed: values, parts of expressions, hundreds of characters.
    """

    suffix: str = ""
    labels: dict[str, Json] = field(default_factory=dict)
    spent: int = 0

    def name(self, entry: Entry, number: str) -> str:
        """Return the name by which an entry draws: that of its label, or its own ``number``."""
        return f"run/{number}" if entry.label is None else f"label{self.suffix}/{entry.label}"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event that an entry tells, and its moment."""

    time: datetime
    notification: Notification


class PreparedEntry(Protocol):
    """An entry ready to be told, as often as it repeats."""

    @property
    def offsets(self) -> Sequence[float]:
        """When its events come, in seconds after the entry begins, in order of time."""

    def tell(self, number: str, begin: datetime, passage: Passage) -> Iterable[Occurrence]:
        """Return the events of one repetition, as many as there are ``offsets``.

        ``number`` names the repetition, as ``0.2``; the suffix of the pass is part of it.
        """


class Teller(Protocol):
    """The part of one story that a family tells."""

    def prepared(self, entry: Entry) -> PreparedEntry:
        """Return an entry ready to be told; raises ``ScenarioError`` if it cannot be."""


@dataclass(frozen=True, slots=True)
class Entity:
    """What a link in a notification leads to: an object that the service answers with.

    ``keys`` are further names by which it is found: kind → id, as ``{"flow": "…"}``.
    """

    id: str
    document: Json
    keys: Mapping[str, str] = field(default_factory=dict)


class Entities(Protocol):
    """The entities of a family in the notifications that a service has published."""

    def find(self, entity_id: str) -> Json | None:
        """Return the entity with this id, as its latest notification has it."""

    def latest(self, kind: str, key: str) -> Json | None:
        """Return the entity that came last of those with this key."""

    def newest_first(self, kind: str | None = None, key: str | None = None) -> Iterator[Json]:
        """Yield all entities, or those with a key; the one with the latest event comes first."""


@dataclass(frozen=True, slots=True)
class PlatformRequest:
    """A GET request to a path of a family: values in the path, query, and our address."""

    values: Mapping[str, str]
    query: Mapping[str, Sequence[str]]
    base_url: str


@dataclass(frozen=True, slots=True)
class PlatformAnswer:
    """The answer: an object for JSON, or ``bytes`` for a file."""

    content: Json | bytes


@dataclass(frozen=True, slots=True)
class PlatformPath:
    """A path that the service answers for a family, as ``/data/…/runs/<run_id>``.

    ``answer`` raises ``ApiError`` for what does not exist.
    """

    rule: str
    answer: Callable[[Entities, PlatformRequest], PlatformAnswer]


class Family(ABC):
    """A family of events; ``name`` is its key in a scenario.

    ``formats`` are its delivery formats, each with the grade of the evidence; the first is the
    default. ``defaults_key`` is a key at the top of a scenario with defaults for all of its
    entries, or empty. ``has_labels``: whether entries may have ``run`` and ``override``.
    ``may_refuse``: whether an entry whose values are all correct can still fail to be told.
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
        return [*settings_of(self.model())]

    def draws(self) -> Mapping[str, str]:
        """Return what is drawn, unless the entry says it: name → expression."""
        return {}

    def steps(self) -> Sequence[str]:
        """Return when the events of an entry come, in order: a sentence for each.

        Moments, conditions and codes stand in backticks, as in Markdown.
        """
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

    def rules_of_entries(self, document: Document, entries: Sequence[EntryAt]) -> Iterable[Problem]:
        """Return broken rules between the entries of the family in a scenario, in order."""
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

    def fields(self) -> FieldTable:
        """Return the fields of its events."""
        return FieldTable()

    def entities_of(self, notification: Notification) -> Iterable[Entity]:
        """Return the entities in a notification, for the service to answer with.

        Its content may have any shape, since anything can be published; this never fails.
        """
        return ()

    def platform_paths(self) -> Iterable[PlatformPath]:
        """Return the paths that the service answers with these entities."""
        return ()

    def checks(self) -> FilePath | None:
        """Return the file with the checks of consumers of this family, if there is one."""
        return None
