"""Makes the request of a delivery from rows of the store: to send it, and to show it again."""

from __future__ import annotations

from collections.abc import Sequence

from ...core import payload
from ...core.delivery import Attempt, Delivery, attempt
from ...core.event import Event
from ...core.payload import Batch, Payload
from ...core.signature import SignedPayload, digest, sign_both
from ...core.spec_values import RegistrationSpec
from ...installation import keys
from ..publishing.directory import form_of_stored
from ..publishing.table import Events
from ..registrations.model import Registration
from ..service import Service
from . import delivery_faults
from .table import Deliveries, StoredDelivery

Part = tuple[StoredDelivery, Event, RegistrationSpec]
"""A row with its event, and the form in which that is delivered."""


def parts_of(
    service: Service, rows: Sequence[StoredDelivery], registration: Registration
) -> list[Part]:
    """Return what is delivered together, in the order of the rows; deleted events are left out."""
    directory, names = service.directory, service.options.names
    stored = {each.seq: each for each in Events(service.database).find([row.seq for row in rows])}
    return [
        (
            row,
            delivery_faults.with_faults(found.event, row, service.chance),
            form_of_stored(directory, registration, found, names),
        )
        for row in rows
        if (found := stored.get(row.seq)) is not None
    ]


def payload_of(parts: Sequence[Part], *, is_new: bool) -> Payload:
    """Return the body of as many parts as fit into it, from the first on.

    A batch has one content type, so an event in another delivery format does not fit. A batch
    stays one in its retries (not ``is_new``), even if its registration takes single events by now.
    """
    _, first_event, first_form = parts[0]
    if first_form.delivery_type == "webhook" and len(parts) == 1:
        return payload.single(first_event, first_form)
    batch = Batch()
    for _, event, form in parts:
        element = payload.element(event, form)
        is_other = form.event_delivery_format != first_form.event_delivery_format
        if (is_other and is_new) or not batch.fits(element):
            break
        batch.add(event, element)
    return batch.payload(first_form)


def provider_of(parts: Sequence[Part]) -> str:
    """Return what ``x-adobe-provider`` names."""
    _, event, form = parts[0]
    return payload.provider_of(event, form)


def attempt_of(service: Service, number: int, attempt_number: int = 1) -> Attempt | None:
    """Return an attempt at a delivery as it is sent: address, headers and the signed bytes.

    ``number`` is that of the delivery. The delivery may have ended, and the attempt may still be
    to come. Registration, settings and keys are those of now: what was sent before one of them
    was changed is in its trace. None if the delivery, its webhook or one of its events is deleted.
    """
    rows = Deliveries(service.database).of_number(number)
    registration = service.directory.registration(rows[0].registration) if rows else None
    if registration is None or registration.webhook_url is None:
        return None
    parts = parts_of(service, rows, registration)
    if len(parts) < len(rows):
        return None
    delivery = Delivery(
        *(number, _signed(service, payload_of(parts, is_new=False)), rows[0].due),
        *(registration.webhook_url, provider_of(parts)),
        is_again=any(row.is_again for row in rows),
    )
    return attempt(delivery, attempt_number, service.chance)


def _signed(service: Service, undisturbed: Payload) -> SignedPayload:
    built = delivery_faults.changed_payload(undisturbed)
    private = [keys.parse_private(each.private_pem) for each in service.pair]
    signatures = sign_both(digest(built.body), private)
    signed = SignedPayload(built, signatures, keys.paths(service.pair))
    return delivery_faults.changed_signature(signed)
