"""The headers of a delivery, in the spelling of the captures (io-events-protocol.md 1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .delivery import Attempt
from .fault import disturb
from .header_lines import HeaderLines
from .signature import header_names

USER_AGENT = "Adobe/1.0"
FIRST_REQUEST = "x-flowsim-first-request"
"""Marks the request with which flowsim finds out whether a server of its own answers."""

ACCEPT_ENCODING = "deflate,compress,identity"


def of_attempt(attempt: Attempt) -> Mapping[str, str]:
    """Return all headers of an attempt, but for host and length.

    The delivery id is new for each attempt; the retry count is absent from the first one and
    a decimal string on the others. A batch is named by its first event: which one Adobe names
    is not documented (1.4).
    """
    if attempt.delivery.headers is not None:
        return _captured(attempt, attempt.delivery.headers)
    signed = attempt.delivery.signed
    first = signed.payload.events[0]
    (path1, signature1), (path2, signature2) = header_names(1), header_names(2)
    headers = {
        "user-agent": USER_AGENT,
        "accept-encoding": ACCEPT_ENCODING,
        "content-type": signed.payload.content_type,
        "x-adobe-delivery-id": attempt.delivery_id,
        "x-adobe-event-id": first.id,
        "x-adobe-event-code": first.notification.event_code,
        "x-adobe-provider": attempt.delivery.provider,
        signature1: signed.signatures[0],
        signature2: signed.signatures[1],
        path1: signed.key_paths[0],
        path2: signed.key_paths[1],
    }
    retries = attempt.number - 1 + attempt.delivery.retries
    if retries:
        headers["x-adobe-retry-count"] = str(retries)
    return disturb("headers", headers, first.faults) if first.faults else headers


def content_type_of(lines: Iterable[tuple[str, str]]) -> str:
    """Return the content type in the headers of a request; empty if there is none."""
    return next((value for name, value in lines if name.lower() == "content-type"), "")


def _captured(attempt: Attempt, headers: HeaderLines) -> HeaderLines:
    """Return headers as captured; a later attempt has its own retry count and delivery id."""
    if attempt.number == 1:
        return headers
    retries = attempt.number - 1 + attempt.delivery.retries
    values = {"x-adobe-retry-count": str(retries)}
    if "x-adobe-delivery-id" in headers:
        values["x-adobe-delivery-id"] = attempt.delivery_id
    return headers.with_values(values)
