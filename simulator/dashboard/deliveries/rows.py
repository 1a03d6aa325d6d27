"""What the list of deliveries shows, and by what it is filtered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from urllib.parse import urlencode

RESULTS = {
    "success": "success",
    "partial": "partial",
    "failed": "failed",
}
"""What an event may say → the word of its badge."""

STATES = {
    "waiting": "under way",
    "delivered": "delivered",
    "dropped": "dropped",
}
"""State of a delivery → the words for it."""

VERDICTS = {
    "delivered": "verified",
    "dropped": "refused",
}
"""The same for a receiver: whether it verified the delivery, whatever it has answered."""

STATUS_CLASSES = {
    "2xx": "2xx accepted",
    "3xx": "3xx redirected",
    "4xx": "4xx refused",
    "5xx": "5xx failed",
    "6xx": "6xx no answer",
}
"""Class of a status → the words for it."""


@dataclass(frozen=True, slots=True)
class AttemptMark:
    """One attempt in the list: its number from 1, and the status that it got.

    ``status_code`` is 0 if a receiver gave no answer on purpose. ``ending`` is ``delivered``,
    ``retry`` or ``dropped``.
    """

    number: int
    status_code: int
    ending: str

    @property
    def status_class(self) -> str:
        """The class of the status, as ``5xx``."""
        return f"{self.status_code // 100}xx"


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery in the list.

    ``number`` identifies it. ``at`` is the service's time at which it was added, ``wall`` the
    real time, both in UTC. ``says`` is what its event says in a few words, ``result`` a key of
    ``RESULTS`` or empty. ``events`` is above 1 for a batch; then ``result`` is the worst one, and
    ``results`` are those of all its events. ``registration`` is a name, of a
    receiver the path. ``state`` is a key of ``STATES``. ``latency_ms`` is that of the last attempt,
    ``next`` what happens next. ``fault`` names its faults, ``is_again`` marks a redelivery.
    """

    number: int
    at: datetime
    wall: datetime | None
    event_id: str
    event_code: str
    family: str
    says: str
    result: str
    events: int
    registration: str
    registration_id: str
    state: str
    marks: Sequence[AttemptMark]
    latency_ms: float | None
    next: str
    fault: str = ""
    is_again: bool = False
    results: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which deliveries are listed; an empty member lets all pass.

    ``registration`` is an id, ``text`` is looked for in ids, codes and contents.
    """

    registration: str = ""
    family: str = ""
    code: str = ""
    result: str = ""
    state: str = ""
    status: str = ""
    text: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> ListFilter:
        """Return the filter in the query of an address."""
        return cls(**{each.name: query.get(each.name, "").strip() for each in fields(cls)})

    @property
    def chosen(self) -> dict[str, str]:
        """The members that are not empty, by name."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in found.items() if value}

    @property
    def query(self) -> str:
        """The filter as the query of an address, without the question mark."""
        return urlencode(self.chosen)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter, and its words."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What may be chosen in the filters."""

    registrations: Sequence[Choice]
    families: Sequence[Choice]
    codes: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """A page of the list, the newest delivery first.

    ``older`` is the number before which the next page begins, None on the last one. ``newer``
    counts deliveries that came after the list was opened, and are not shown. ``is_cut`` says
    that the search ended before the oldest delivery.
    """

    rows: Sequence[DeliveryRow]
    older: int | None
    newer: int = 0
    is_cut: bool = False
