"""An attempt as the bytes that a transport writes for it."""

from __future__ import annotations

from . import headers, wire
from .delivery import Attempt
from .http_request import raw_request


def of_attempt(attempt: Attempt) -> bytes:
    """Return the whole request, as faults write it if any do."""
    delivery = attempt.delivery
    own, body = headers.of_attempt(attempt), delivery.signed.payload.body
    return raw_request(delivery.url, own, body, wire.of_attempt(attempt))
