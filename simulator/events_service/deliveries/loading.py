"""From rows of the store to a delivery, signed and addressed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ...core import payload
from ...core.delivery import Delivery
from ...core.event import Event
from ...core.payload import Batch, Payload
from ...core.signature import SignedPayload
from ...core.spec_values import RegistrationSpec
from ...delivery.signers import Signer
from ..database.patience import patiently
from ..publishing.envelopes import form_of_stored
from ..publishing.table import Events
from ..registrations.model import Registration
from ..service import Service
from .agenda import StoredPending

_KEPT, _KEPT_BYTES = 2_000, 64 * 1024
"""How many payloads are kept for their next attempts, and how large one of them may be."""


@dataclass(frozen=True, slots=True)
class _Part:
    """An event and the form in which it is delivered."""

    event: Event
    form: RegistrationSpec


class Loading:
    """Makes deliveries for one event loop."""

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
        """Return the delivery; nothing if it has no address or no event any more."""
        find = partial(self._directory.registration, pending.registration)
        registration = await patiently(find)
        if registration is not None and registration.webhook_url is not None:
            made = self._kept.get(pending.order) or await self._make(pending, registration)
            if made is not None:
                return Delivery(
                    pending.order, made[0], pending.due, registration.webhook_url, made[1]
                )
        self._abandon(pending)
        return None

    def forget(self, number: int) -> None:
        """Keep nothing of a delivery that ended."""
        self._kept.pop(number, None)

    async def _make(
        self, pending: StoredPending, registration: Registration
    ) -> tuple[SignedPayload, str] | None:
        parts = await patiently(partial(self._parts, pending, registration))
        if not parts:
            return None
        made = await self._signer.sign(_payload(pending, parts)), parts[0].form.provider
        if len(made[0].payload.body) <= _KEPT_BYTES:
            self._kept[pending.order] = made
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made

    def _parts(self, pending: StoredPending, registration: Registration) -> list[_Part]:
        parts = []
        for stored in self._events.find([row.seq for row in pending.rows]):
            names = self._service.manner.names
            form = form_of_stored(self._directory, registration, stored, names)
            parts.append(_Part(stored.event, form))
        return parts


def _payload(pending: StoredPending, parts: list[_Part]) -> Payload:
    """Return the body; what does not fit into a batch is left for another one.

    A batch stays one, whatever its registration asks for by now.
    """
    if parts[0].form.delivery_type == "webhook" and len(parts) == 1:
        return payload.single(parts[0].event, parts[0].form)
    batch = Batch()
    for part in parts:
        element = payload.element(part.event, part.form)
        if not batch.fits(element):
            break
        batch.add(part.event, element)
    fitting = len(batch.events)
    pending.rows, pending.left = pending.rows[:fitting], pending.rows[fitting:]
    return batch.payload(parts[0].form)
