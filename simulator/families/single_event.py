"""A family whose entries tell one event only: the first with an event code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ..core.event import Notification
from ..runtime.chance import Chance
from .base import Family
from .entities import RunState
from .entries import Entry, Occurrence, Passage, PreparedEntry, Teller


class SingleEvent(Family):
    """Another family, of whose entries only the first event with ``code`` is told.

    It comes when the entry begins: the story of the entry began as long before as it takes.
    """

    def __init__(self, family: Family, code: str) -> None:
        self.name, self.label, self.summary = family.name, family.label, family.summary
        self.provider, self.formats, self.codes = family.provider, family.formats, family.codes
        self.defaults_key, self.has_labels = family.defaults_key, family.has_labels
        self._family = family
        self._code = code

    def model(self) -> Any:
        return self._family.model()

    def state_of(self, notification: Notification) -> RunState | None:
        return self._family.state_of(notification)

    def merged(self, defaults: Any, said: Any) -> Any:
        return self._family.merged(defaults, said)

    def teller(self, chance: Chance, defaults: Any) -> Teller:
        return _SingleTeller(self._family.teller(chance, defaults), self._code)


@dataclass(frozen=True, slots=True)
class _SingleTeller:
    teller: Teller
    code: str

    def prepared(self, entry: Entry) -> PreparedEntry:
        prepared = self.teller.prepared(entry)
        return _SingleEntry(prepared, _place_of(self.code, prepared))


def _place_of(code: str, prepared: PreparedEntry) -> int:
    """Return which event of an entry is the first with a code; 0 if none has it.

    Codes do not depend on chance or date, so the entry is told once, apart from its story.
    """
    if len(prepared.offsets) == 1:
        return 0
    told = prepared.tell("0.0", _ANY_BEGINNING, Passage())
    places = (n for n, each in enumerate(told) if each.notification.event_code == code)
    return next(places, 0)


_ANY_BEGINNING = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _SingleEntry:
    prepared: PreparedEntry
    place: int
    offsets: Sequence[float] = (0.0,)

    def tell(self, number: str, begin: datetime, passage: Passage) -> tuple[Occurrence]:
        """Return the event, at the moment at which the entry begins."""
        lead = timedelta(milliseconds=round(self.prepared.offsets[self.place] * 1000))
        told = [*self.prepared.tell(number, begin - lead, passage)]
        return (told[self.place],)
