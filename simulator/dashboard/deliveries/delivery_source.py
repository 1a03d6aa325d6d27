"""Where the page of deliveries gets them: the events service, or a receiver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from ...core.signature import FindKey
from .known_faults import KnownFault
from .rows import DeliveryPage, DeliveryRow, FilterChoices, ListFilter

LIMIT = 100
"""How many deliveries a page has."""


@dataclass(frozen=True, slots=True)
class AttemptDetail:
    """One attempt of a delivery.

    ``at`` is the service's time, ``wall`` the real one, both in UTC. ``ending`` is ``delivered``,
    ``retry`` or ``dropped``, ``cause`` why there was no answer. ``trace`` is its request and answer
    as debug tracing shows them, if they are still kept.
    """

    number: int
    delivery_id: str
    at: datetime
    wall: datetime | None
    status_code: int
    elapsed_ms: float | None
    ending: str
    cause: str | None
    trace: Any = None


@dataclass(frozen=True, slots=True)
class SentRequest:
    """The request of a delivery: exact body, and headers of its last attempt in their order."""

    body: bytes
    headers: Sequence[tuple[str, str]]
    url: str


@dataclass(frozen=True, slots=True)
class DeliveryDetail:
    """Everything about one delivery.

    ``sent`` is None if its event is no longer kept. ``due`` is when the next attempt is due.
    ``client_id`` is the recipient that a correct webhook expects, None if any is accepted.
    ``faults`` are those that are known to act on it.
    """

    row: DeliveryRow
    attempts: Sequence[AttemptDetail]
    sent: SentRequest | None
    due: datetime | None
    client_id: str | None
    faults: Sequence[KnownFault] = ()


class DeliverySource(Protocol):
    """What the pages ask for; a delivery has a number, which is higher than those before it."""

    @property
    def find_key(self) -> FindKey:
        """Returns the public key at a key path."""
        ...

    def version(self) -> str:
        """Return a text that changes whenever the list may have changed; must be cheap."""
        ...

    def day(self) -> int:
        """Return the number of the day on the clock: times of other days have their date."""
        ...

    def choices(self) -> FilterChoices:
        """Return what may be chosen in the filters."""
        ...

    def knows_family(self, label: str) -> bool:
        """Return whether there is an event family with this label or name."""
        ...

    def choices_version(self) -> str:
        """Return a text that changes whenever the choices may have changed; must be cheap."""
        ...

    def page(self, wanted: ListFilter, before: int | None, upto: int | None) -> DeliveryPage:
        """Return up to ``LIMIT`` deliveries, the newest first.

        Only those numbered below ``before``, and at most ``upto``; None does not limit.
        """
        ...

    def newest(self) -> int:
        """Return the number of the newest delivery, 0 if there is none."""
        ...

    def one(self, number: int) -> DeliveryDetail | None:
        """Return a delivery, or None if there is none of this number."""
        ...
