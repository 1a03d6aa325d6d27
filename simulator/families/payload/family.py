"""Raw payloads: an event holds the JSON that a scenario states, whatever that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...core.event import Notification
from ...runtime.chance import Chance
from ..base import EventCode, Family, FamilyProvider
from ..entries import Entry, Occurrence, Passage

CODE = "custom_event"
"""The event code of a payload, if the scenario states none."""


@dataclass(frozen=True, slots=True)
class PreparedPayload:
    """An entry with a payload: one event at its beginning."""

    notification: Notification
    offsets: Sequence[float] = (0.0,)

    def tell(self, number: str, begin: datetime, passage: Passage) -> Iterable[Occurrence]:
        return (Occurrence(begin, self.notification),)


class Payloads:
    """Tells the payloads of a story; nothing is drawn."""

    def prepared(self, entry: Entry) -> PreparedPayload:
        return PreparedPayload(Notification(entry.event_code or CODE, "event", entry.said))


class PayloadFamily(Family):
    """Raw payloads; no event code belongs to them, and no field is known."""

    name = "payload"
    label = "Payloads of your own"
    summary = "Any JSON, as a provider of your own would publish it."
    provider = FamilyProvider("platform_notifications", "Platform notifications")
    formats: Mapping[str, str] = {"adobe_io": "A", "cloud_events": "A"}
    codes: Mapping[str, EventCode] = {}
    has_labels = False

    def model(self) -> Any:
        return Any

    def teller(self, chance: Chance, defaults: Any) -> Payloads:
        return Payloads()


FAMILY = PayloadFamily()
"""The family; the registry finds it by this name."""
