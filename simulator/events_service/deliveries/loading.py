"""Turns rows of the store into a delivery, signed and with its address."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from operator import attrgetter

from ...core.delivery import Delivery
from ...core.signature import SignedPayload
from ...delivery.signers import Signer
from ..database.database import once_possible
from ..registrations.model import Registration
from ..service import Service
from . import delivery_faults
from .delivery_request import Part, parts_of, payload_of, provider_of
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

    def join(self, others: Iterable[StoredPending]) -> None:
        """Take in the rows of others, so that all are sent in one request, in their order."""
        rows = [*self.rows, *(row for each in others for row in each.rows)]
        self.rows = sorted(rows, key=attrgetter("number"))
        self.order = self.rows[0].number

    @property
    def batch(self) -> int | None:
        """The number of the batch's first row; None if there is one row only."""
        return self.order if len(self.rows) > 1 else None

    @property
    def is_new(self) -> bool:
        """Tell whether no attempt was made, so that others may join it in a batch.

        What faults act on travels alone.
        """
        first = self.rows[0]
        return self.number == 1 and first.batch is None and first.faults is None


Load = Callable[[StoredPending], Awaitable[Delivery | None]]
"""Return the signed delivery; nothing if there is none to send (``Loading.load``)."""


class Loading:
    """Makes deliveries for one event loop; ``abandon`` takes those that cannot be made."""

    def __init__(
        self, service: Service, signer: Signer, abandon: Callable[[StoredPending], None]
    ) -> None:
        self._service = service
        self._directory = service.directory
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
        parts = await once_possible(partial(parts_of, self._service, pending.rows, registration))
        if not parts:
            return None
        built = payload_of(parts, is_new=pending.is_new)
        _leave(pending, parts[len(built.events) :])
        signed = await self._signer.sign(delivery_faults.changed_payload(built))
        made = delivery_faults.changed_signature(signed), provider_of(parts)
        if len(made[0].payload.body) <= _KEPT_BYTES:
            self._kept[pending.order] = made
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made


def _leave(pending: StoredPending, parts: list[Part]) -> None:
    """Let the rows of parts that did not fit into a batch become ``left``."""
    if parts:
        pending.left = [row for row, _, _ in parts]
        numbers = {row.number for row in pending.left}
        pending.rows = [row for row in pending.rows if row.number not in numbers]
