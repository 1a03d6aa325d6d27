"""A family whose entries tell one event only: the first with an event code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..runtime.chance import Chance
from .base import Entry, Family, Occurrence, Passage, PreparedEntry, Teller


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

    def merged(self, defaults: Any, said: Any) -> Any:
        return self._family.merged(defaults, said)

    def teller(self, chance: Chance, defaults: Any) -> Teller:
        return _SingleTeller(self._family.teller(chance, defaults), self._code)


@dataclass(frozen=True, slots=True)
class _SingleTeller:
    teller: Teller
    code: str

    def prepared(self, entry: Entry) -> PreparedEntry:
        return _SingleEntry(self.teller.prepared(entry), self.code)


@dataclass(frozen=True, slots=True)
class _SingleEntry:
    prepared: PreparedEntry
    code: str
    offsets: Sequence[float] = (0.0,)

    def tell(self, number: str, begin: datetime, passage: Passage) -> tuple[Occurrence]:
        """Return the event; if none has the code, the first one."""
        first, *others = self.prepared.tell(number, begin, passage)
        found = (each for each in (first, *others) if each.notification.event_code == self.code)
        lead: timedelta = next(found, first).time - begin
        told = [*self.prepared.tell(number, begin - lead, passage)]
        return (next(each for each in told if each.time == begin),)
