"""Tells the entries of one story: their events, with the fields that are subscribed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ...core.event import Notification
from ...core.json_writing import compact, merge_patch
from ...errors import Problem, ScenarioError
from ...runtime.chance import Chance
from ..entries import Entry, Occurrence, Passage
from .codes import CommerceEvent, code_of
from .default_fields import DEFAULT_FIELDS
from .drawing import Drawing
from .happenings import Happening, happenings_of
from .memory import memory_of
from .order_records import Record
from .records import ShopChange, record_of
from .schemas import ORIGINAL, documented, schema_of
from .spec import CommerceSpec
from .values import chosen_of, value_of
from .wire import digits

MOST_BYTES = 64 * 1024
"""The largest event in bytes; Commerce does not create a larger one (event-families.md 9)."""


@dataclass(frozen=True, slots=True)
class CommerceTeller:
    """The part of a story that Commerce tells; ``provider`` is an id of provider metadata."""

    provider: str
    format: str
    chance: Chance

    def prepared(self, entry: Entry) -> PreparedCommerceEntry:
        """Return an entry ready to be told."""
        return PreparedCommerceEntry(self, entry, entry.said, happenings_of(entry.said))


@dataclass(frozen=True, slots=True)
class PreparedCommerceEntry:
    """An entry and the events that come of it."""

    teller: CommerceTeller
    entry: Entry
    said: CommerceSpec
    happenings: Sequence[Happening]

    @property
    def offsets(self) -> Sequence[float]:
        """When its events come, in seconds after the entry begins."""
        return [each.offset for each in self.happenings]

    def tell(self, number: str, begin: datetime, passage: Passage) -> list[Occurrence]:
        """Return the events; raises ``ScenarioError`` for one that Commerce would not create."""
        drawn = Drawing(self.teller.chance, passage.name(self.entry, number))
        memory = memory_of(self.entry.label, passage)
        said = memory.merged(self.said)
        told = []
        for index, each in enumerate(self.happenings):
            now = begin + timedelta(milliseconds=round(each.offset * 1000))
            changed = now - timedelta(seconds=said.delay)
            memory.note(each.step, changed)
            change = ShopChange(
                said, drawn, each.step, changed, memory.times, self._store(each.event)
            )
            told.append(self._occurrence(each.event, now, change, f"{number}/{index}"))
        return told

    def _occurrence(
        self, event: CommerceEvent, now: datetime, change: ShopChange, number: str
    ) -> Occurrence:
        content = self._content(event, change, number)
        is_paas = self.said.edition == "paas"
        code = self.entry.event_code or code_of(event, is_paas=is_paas, app=self.said.app)
        form = self.teller.format
        return Occurrence(now, Notification(code, "event", content, self.teller.provider, form))

    def _store(self, event: CommerceEvent) -> int:
        """Return the id of the store: in print that of products is 0, of orders 1."""
        stated = self.said.store.id
        return int(event.subject in ("order", "customer")) if stated is None else stated

    def _content(self, event: CommerceEvent, change: ShopChange, number: str) -> Any:
        key = Drawing(self.teller.chance, f"run/{number}").uuid("key")
        source = f"{self.said.merchant}.{self.said.stage}"
        value = _value(self.said, event, change)
        content: Any = {"key": key, "value": value, "source": source}
        if self.said.metadata == "present":
            content["_metadata"] = _metadata(self.said, change.store)
        if self.entry.override:
            content = merge_patch(content, self.entry.override)
        _expect_small(event, content)
        return content


def fields_of(said: CommerceSpec, event: CommerceEvent) -> tuple[str, ...]:
    """Return the fields that are sent of an event, those that an entry states or the usual."""
    stated = said.fields or {}
    found = stated.get(event.name, stated.get(""))
    names = DEFAULT_FIELDS[event.body] if found is None else found
    return (*names, ORIGINAL) if said.orig_data and ORIGINAL not in names else names


def _value(said: CommerceSpec, event: CommerceEvent, change: ShopChange) -> Record | list[Any]:
    """Return the fields of an event; without a documented field, that is an empty list."""
    if not documented(event.body):
        return []
    chosen = chosen_of(fields_of(said, event))
    return value_of(schema_of(event.body), record_of(event.body, change), chosen)


def _metadata(said: CommerceSpec, store: int) -> Record:
    """Return what sent the event; the ids of the store are those of the change."""
    website, group = said.store.website, said.store.group
    return {
        "commerceEdition": said.versions.edition,
        "commerceVersion": said.versions.commerce,
        "eventsClientVersion": said.versions.client,
        "storeId": digits(store),
        "websiteId": digits(store if website is None else website),
        "storeGroupId": digits(store if group is None else group),
    }


def _expect_small(event: CommerceEvent, content: Any) -> None:
    """Raise ``ScenarioError`` for an event that is too large."""
    size = len(compact(content))
    if size > MOST_BYTES:
        found = f"{event.name} of {size:,} bytes, which Commerce does not create"
        raise ScenarioError([Problem("", 0, 0, "", found, f"at most {MOST_BYTES:,}: fewer fields")])
