"""Turns rows of the store into a delivery, signed and with its address."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from ...core import payload
from ...core.delivery import Delivery
from ...core.event import Event
from ...core.payload import Batch, Payload
from ...core.signature import SignedPayload
from ...core.spec_values import RegistrationSpec
from ...delivery.signers import Signer
from ..database.database import once_possible
from ..publishing.directory import form_of_stored
from ..publishing.table import Events
from ..registrations.model import Registration
from ..service import Service
from .table import StoredDelivery

_KEPT, _KEPT_BYTES = 2_000, 64 * 1024
"""How many payloads are kept for their next attempts, and how large one of them may be."""


@dataclass(order=True, slots=True)
class StoredPending:
    """Deliveries of one registration that are sent in one request: one, or a batch.

    ``order`` is the number of its first row, ``number`` is the number of the next attempt.
    ``left`` are rows that did not fit into the batch.
    """

    due: datetime
    order: int
    rows: list[StoredDelivery] = field(compare=False)
    load: Load = field(compare=False)
    number: int = field(compare=False)
    begun: datetime | None = field(compare=False)
    left: list[StoredDelivery] = field(compare=False, default_factory=list)

    async def prepare(self) -> Delivery | None:
        return await self.load(self)

    @property
    def registration(self) -> int:
        return self.rows[0].registration

    @property
    def is_new(self) -> bool:
        """Tell whether no attempt was made, so that others may join it in a batch."""
        return self.number == 1 and self.rows[0].batch is None


Load = Callable[[StoredPending], Awaitable[Delivery | None]]
"""Return the signed delivery; nothing if there is none to send (``Loading.load``)."""

Parts = list[tuple[Event, RegistrationSpec]]
"""Events, each with the form in which it is delivered."""


class Loading:
    """Makes deliveries for one event loop; ``abandon`` takes those that cannot be made."""

    def __init__(
        self, service: Service, signer: Signer, abandon: Callable[[StoredPending], None]
    ) -> None:
        self._service = service
        self._directory = service.directory
        self._events = Events(service.database)
        self._signer = signer
        self._abandon = abandon
        self._kept: OrderedDict[int, tuple[SignedPayload, str]] = OrderedDict()

    async def load(self, pending: StoredPending) -> Delivery | None:
        """Return the delivery; nothing if its webhook or its event is deleted."""
        find = partial(self._directory.registration, pending.registration)
        registration = await once_possible(find)
        if registration is not None and registration.webhook_url is not None:
            made = self._kept.get(pending.order) or await self._make(pending, registration)
            if made is not None:
                url = registration.webhook_url
                is_again = any(row.is_again for row in pending.rows)
                return Delivery(
                    pending.order, made[0], pending.due, url, made[1], is_again=is_again
                )
        self._abandon(pending)
        return None

    def forget(self, number: int) -> None:
        """Keep nothing of a delivery that ended."""
        self._kept.pop(number, None)

    async def _make(
        self, pending: StoredPending, registration: Registration
    ) -> tuple[SignedPayload, str] | None:
        """Return the signed payload and the name of its provider, and keep them for retries."""
        parts = await once_possible(partial(self._parts, pending, registration))
        if not parts:
            return None
        signed = await self._signer.sign(_payload(pending, parts))
        made = signed, payload.provider_of(*parts[0])
        if len(made[0].payload.body) <= _KEPT_BYTES:
            self._kept[pending.order] = made
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made

    def _parts(self, pending: StoredPending, registration: Registration) -> Parts:
        names = self._service.options.names
        return [
            (stored.event, form_of_stored(self._directory, registration, stored, names))
            for stored in self._events.find([row.seq for row in pending.rows])
        ]


def _payload(pending: StoredPending, parts: Parts) -> Payload:
    """Return the body; rows that do not fit into a batch, from the first on, become ``left``.

    A batch has one content type, so an event in another delivery format does not fit. A batch
    stays one in its retries, even if its registration takes single events by now.
    """
    first_event, first_form = parts[0]
    if first_form.delivery_type == "webhook" and len(parts) == 1:
        return payload.single(first_event, first_form)
    batch = Batch()
    for event, form in parts:
        element = payload.element(event, form)
        is_other = form.event_delivery_format != first_form.event_delivery_format
        if (is_other and pending.is_new) or not batch.fits(element):
            break
        batch.add(event, element)
    fitting = len(batch.events)
    pending.rows, pending.left = pending.rows[:fitting], pending.rows[fitting:]
    return batch.payload(first_form)
