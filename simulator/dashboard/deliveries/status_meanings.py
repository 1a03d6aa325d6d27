"""What the outcome of an attempt means: the status of the answer, or why there was none."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.delivery import is_retried
from ...core.outcome import LABELS, NETWORK, TIMEOUT, TLS, UNEXPECTED

WITHHELD = 0
"""The status of an attempt to which a receiver gave no answer on purpose."""


@dataclass(frozen=True, slots=True)
class StatusMeaning:
    """A status: its class as ``5xx``, its name, what it means to the sender, and what helps.

    ``source`` is the section of a document. ``remedy`` is empty where nothing is wrong.
    """

    status_class: str
    label: str
    means: str
    remedy: str
    source: str


def meaning_of(status: int) -> StatusMeaning:
    """Return what a status means; any number has a meaning."""
    if status == WITHHELD:
        return StatusMeaning("", "no answer", _WITHHELD, "", "")
    label = LABELS.get(status, _NAMES.get(status, ""))
    remedy = _REMEDIES.get(status) or _REMEDIES_OF_CLASS.get(status // 100, "")
    means, source = _means(status)
    return StatusMeaning(f"{status // 100}xx", label, means, remedy, source)


def _means(status: int) -> tuple[str, str]:
    """Return what the sender makes of a status, and the section that says so."""
    if status in _NO_ANSWER:
        return (
            f"{_NO_ANSWER[status]} 6xx codes appear only in debug traces; the event is retried.",
            "io-events-protocol.md 4.4",
        )
    if status in _SPECIAL:
        return _SPECIAL[status], "io-events-protocol.md 4.2"
    if is_retried(status):
        return "The webhook failed: the event is retried for 24 hours.", "io-events-protocol.md 4.2"
    return _OF_CLASS.get(status // 100, (_OTHER, "io-events-protocol.md 4.2"))


_SPECIAL = {
    429: "Too many requests: the event is retried. Retry-After is not documented.",
    505: "The only 5xx that is not retried: the event is dropped at once.",
}

_OF_CLASS = {
    2: (
        "The event is acknowledged. The body of the answer is ignored.",
        "io-events-protocol.md 1.1",
    ),
    3: ("A redirect is not followed: the event is dropped at once.", "io-events-protocol.md 1.1"),
    4: (
        "The webhook refuses the event: it is dropped at once, and never retried.",
        "io-events-protocol.md 4.2",
    ),
}

_OTHER = "No 2xx and no status that is retried: the event is dropped at once."

_WITHHELD = "The receiver gave no answer, as its options say."

_NO_ANSWER = {
    UNEXPECTED: "An unexpected error of the client while it sent the event.",
    NETWORK: "The network: no connection, or it broke before a complete answer.",
    TIMEOUT: "No complete answer in time: 10 seconds, with the time to connect.",
    TLS: "The TLS handshake failed.",
}

_NAMES = {
    301: "moved permanently",
    302: "found",
    307: "temporary redirect",
    308: "permanent redirect",
    400: "bad request",
    401: "unauthorised",
    403: "forbidden",
    404: "not found",
    405: "method not allowed",
    408: "request timeout",
    413: "content too large",
    415: "unsupported media type",
    429: "too many requests",
    500: "internal server error",
    502: "bad gateway",
    503: "service unavailable",
    504: "gateway timeout",
    505: "HTTP version not supported",
}

_REMEDIES = {
    UNEXPECTED: "Read the cause: the answer of the webhook may not be HTTP.",
    NETWORK: "Check that the webhook runs, and listens at this address and port.",
    TIMEOUT: "Store the event, answer at once, and do the work afterwards.",
    TLS: "Give the webhook a valid certificate with its whole chain.",
    400: "Check how the body is parsed: CloudEvents have a content type of their own.",
    401: "Check the signature over the raw bytes, and the recipient's client id.",
    403: "Switch off CSRF protection and log-in pages for this path.",
    404: "Check the path of the webhook URL.",
    405: "Accept POST at this path, and GET for the challenge.",
    413: "Allow bodies of 2 MB: many servers and proxies allow less.",
    415: "Accept application/cloudevents+json as well as application/json.",
    429: "Take more events at once, or answer 2xx and put them into a queue.",
    505: "Speak HTTP/1.1.",
}
"""Status → what helps; mistakes 31 to 37 of io-events-protocol.md 10.2."""

_REMEDIES_OF_CLASS = {
    3: "Register the address to which it leads.",
    4: "Answer 2xx for an event that was taken, and 5xx for a problem that passes.",
    5: "Look into the log of the webhook. Answer 4xx for an event that it can never take.",
}
