"""The headers of a request or an answer, each with what it means and where that is known from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...core.masking import masked_header
from ...core.printable import printable

_LONGEST = 2_000
_MOST = 200


@dataclass(frozen=True, slots=True)
class ExplainedHeader:
    """One header: printable name and value, ``cut`` characters of the value left out.

    ``means`` and ``source`` are empty for a header that is not known.
    """

    name: str
    value: str
    cut: int
    means: str
    source: str


def explained(headers: Iterable[tuple[str, str]]) -> list[ExplainedHeader]:
    """Return headers in their order with explanations; at most 200, secrets masked.

    ``headers`` are pairs of name and value. Never fails.
    """
    lines = [line for line, _ in zip(headers, range(_MOST), strict=False)]
    return [_explained(name, value) for name, value in lines]


def _explained(name: str, value: str) -> ExplainedHeader:
    means, source = _MEANINGS.get(name.lower(), ("", ""))
    shown = masked_header(name, value)
    return ExplainedHeader(
        printable(name[:_LONGEST]),
        printable(shown[:_LONGEST]),
        max(0, len(shown) - _LONGEST),
        means,
        source,
    )


_MEANINGS = {
    "host": ("Host of the webhook.", "io-events-protocol.md 1.2"),
    "content-length": ("Size of the body in bytes.", "io-events-protocol.md 1.2"),
    "user-agent": ("Sender: Adobe/1.0 in events and in challenges.", "io-events-protocol.md 1.2"),
    "accept-encoding": ("Encodings in which the answer may come.", "io-events-protocol.md 1.2"),
    "content-type": (
        "Type of the body. CloudEvents have a type of their own, so a parser for "
        "application/json alone does not read them.",
        "io-events-protocol.md 1.3",
    ),
    "x-adobe-delivery-id": (
        "Id of this request; another one in each attempt.",
        "io-events-protocol.md 1.4",
    ),
    "x-adobe-event-id": (
        "Id of the event, the same in all attempts: by it, duplicates are recognised. "
        "It is not the id of the CloudEvent.",
        "io-events-protocol.md 1.4",
    ),
    "x-adobe-event-code": ("Event code; the type of the CloudEvent.", "io-events-protocol.md 1.4"),
    "x-adobe-provider": (
        "Provider of the event, by its internal name.",
        "io-events-protocol.md 1.4",
    ),
    "x-adobe-retry-count": (
        "How many retries there were, this attempt included; absent from the first attempt.",
        "io-events-protocol.md 1.4",
    ),
    "x-adobe-digital-signature-1": (
        "Signature of the exact body by key 1: RSA with SHA-256, in base64.",
        "io-events-protocol.md 2.1",
    ),
    "x-adobe-digital-signature-2": (
        "Signature of the same body by key 2. One signature that fits is enough.",
        "io-events-protocol.md 2.1",
    ),
    "x-adobe-public-key1-path": (
        "Path of public key 1 on the key host.",
        "io-events-protocol.md 2.2",
    ),
    "x-adobe-public-key2-path": (
        "Path of public key 2 on the key host.",
        "io-events-protocol.md 2.2",
    ),
    "x-adobe-signature": (
        "Old HMAC signature; Adobe no longer sends it.",
        "io-events-protocol.md 1.8",
    ),
    "x-request-id": ("Id of a request to a Runtime action.", "io-events-protocol.md 1.2"),
    "retry-after": (
        "When the webhook wants the next attempt. No document says that Adobe reads it.",
        "io-events-protocol.md 4.2",
    ),
    "location": ("Where a redirect leads; it is not followed.", "io-events-protocol.md 1.1"),
}
"""Header → what it means, and the section that says it."""
