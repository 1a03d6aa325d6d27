"""An attempt as the bytes that a transport writes for it."""

from __future__ import annotations

from ..core import headers, wire
from ..core.delivery import Attempt
from ..core.wire import raw_request


def of_attempt(attempt: Attempt) -> bytes:
    """Return the whole request, as faults write it if any do."""
    return _request(attempt, wire.of_attempt(attempt))


def whole(attempt: Attempt) -> bytes:
    """Return the request without a fault that cuts its body off or states another length.

    A captured request stays as it was: the rest of its body is not known.
    """
    if attempt.delivery.headers is not None:
        return of_attempt(attempt)
    how = wire.of_attempt(attempt)
    return _request(attempt, how if how is not None and how.is_whole else None)


def _request(attempt: Attempt, how: wire.Wire | None) -> bytes:
    delivery = attempt.delivery
    own, body = headers.of_attempt(attempt), delivery.signed.payload.body
    return raw_request(delivery.url, own, body, how)
