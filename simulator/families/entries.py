"""Entries of a scenario as their family gets them, and what tells their events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from ..core.event import Notification
from ..files.document import Path

Json = dict[str, Any]

MOST_ON_TRIAL = 2_000_000
"""What may be spent (see ``Passage``) to find what cannot be told; the rest is not tried."""


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
