"""A family of a user's own: parcels, which are sent and later lost or delivered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flowsim.core.event import Notification
from flowsim.core.spec_values import SpecModel
from flowsim.errors import ApiError
from flowsim.events_service.service import ServiceOptions
from flowsim.families.base import EventCode, Family, FamilyProvider
from flowsim.families.entities import (
    Entities,
    Entity,
    PlatformAnswer,
    PlatformPath,
    PlatformRequest,
)
from flowsim.families.entries import Entry, Occurrence, Passage
from flowsim.families.registry import Families, shipped
from flowsim.runtime.chance import Chance

SENT, LOST = "com.example.parcel.sent", "com.example.parcel.lost"
PROVIDER = "example_parcels"


class ParcelSpec(SpecModel):
    """What an entry says; a lost parcel has a second event, an hour later."""

    number: int = 1
    order: str = "o"
    lost: bool = False


@dataclass(frozen=True)
class PreparedParcel:
    said: ParcelSpec

    @property
    def offsets(self) -> Sequence[float]:
        return (0.0, 3600.0) if self.said.lost else (0.0,)

    def tell(self, number: str, begin: datetime, _: Passage) -> Iterable[Occurrence]:
        assert number
        content = {"parcel": f"p{self.said.number}", "order": self.said.order}
        for offset, code in zip(self.offsets, (SENT, LOST), strict=False):
            told = Notification(code, "event", {**content, "is": code}, PROVIDER, "cloud_events")
            yield Occurrence(begin + timedelta(seconds=offset), told)


class ParcelTeller:
    def prepared(self, entry: Entry) -> PreparedParcel:
        return PreparedParcel(entry.said)


def one(parcels: Entities, asked: PlatformRequest) -> PlatformAnswer:
    found = parcels.find(asked.values["parcel"])
    if found is None:
        raise ApiError(404, "Not Found", "no such parcel")
    link = f"{asked.base_url}/parcels?order={found['order']}"
    return PlatformAnswer({**found, "others": link})


def label(parcels: Entities, asked: PlatformRequest) -> PlatformAnswer:
    (order,) = asked.query["order"]
    names = [each["parcel"] for each in parcels.newest_first("order", order)]
    return PlatformAnswer(" ".join(names).encode())


class ParcelFamily(Family):
    name = "parcel"
    label = "Parcels"
    summary = "A parcel was sent or lost."
    provider = FamilyProvider(PROVIDER, "Parcels of Example", "Example Cloud")
    formats: Mapping[str, str] = {"cloud_events": "C", "adobe_io": "gap"}
    codes: Mapping[str, EventCode] = {
        SENT: EventCode(SENT, "Parcel sent", "A parcel leaves the shop.", "C"),
        LOST: EventCode(LOST, "Parcel lost", "A parcel does not arrive.", "C", {"lost": True}),
    }

    def model(self) -> Any:
        return ParcelSpec

    def teller(self, chance: Chance, defaults: Any) -> ParcelTeller:
        assert (chance.ids, defaults) == (chance.ids, None)
        return ParcelTeller()

    def entities_of(self, notification: Notification) -> Iterable[Entity]:
        content = notification.content
        if isinstance(content, dict) and {"parcel", "order"} <= content.keys():
            yield Entity(content["parcel"], content, {"order": content["order"]})

    def platform_paths(self) -> Iterable[PlatformPath]:
        return PlatformPath("/parcels/<parcel>", one), PlatformPath("/parcels", label)


PARCELS = ParcelFamily()


def with_parcels() -> ServiceOptions:
    """Return the options of a service that knows the shipped families, and parcels."""
    known = shipped()
    loaders = {name: (lambda name=name: known[name]) for name in known.known}
    return ServiceOptions(families=Families({**loaders, "parcel": lambda: PARCELS}, dict))
