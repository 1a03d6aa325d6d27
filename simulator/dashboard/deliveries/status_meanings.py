"""What the outcome of an attempt means: the status of the answer, or why there was none."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.delivery import is_retried
from ...core.outcome import LABELS, NETWORK, TIMEOUT, TLS, UNEXPECTED
from ...core.printable import brief

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


def meaning_of(status: int, cause: str = "", content_type: str | None = None) -> StatusMeaning:
    """Return what a status means; any number has a meaning.

    ``cause`` says why there was no answer, in words of ``core/causes.py``: the remedy follows
    from it. ``content_type`` is that of the request, empty if it has none, and None if it is not
    known.
    """
    if status == WITHHELD:
        return StatusMeaning("", "no answer", _WITHHELD, "", "")
    label = LABELS.get(status, _NAMES.get(status, ""))
    remedy = (
        _remedy_of(status, cause)
        or _remedy_of_type(status, content_type)
        or _REMEDIES.get(status)
        or _REMEDIES_OF_CLASS.get(status // 100, "")
    )
    means, source = _means(status)
    return StatusMeaning(f"{status // 100}xx", label, means, remedy, source)


def _remedy_of(status: int, cause: str) -> str:
    """Return what helps against a cause; empty if it is not known, or the status says enough."""
    if status not in _NO_ANSWER or not cause:
        return ""
    usual = "Read the cause: it names what to change." if status == NETWORK else ""
    return next((remedy for part, remedy in _REMEDIES_OF_CAUSE.items() if part in cause), usual)


def _remedy_of_type(status: int, content_type: str | None) -> str:
    """Return what helps a webhook that does not read a body of this type."""
    if status not in (400, 415) or content_type is None:
        return ""
    if not content_type:
        return "Read the body as JSON, even without a content type."
    name = brief(content_type.partition(";")[0].strip())
    if status == 415:
        return f"Accept {name}: that is the content type of this request."
    if name.lower() == "application/json":
        return "Check how the body is parsed: it is JSON in UTF-8, and the whole body is needed."
    return f"Check how the body is parsed: as JSON, although its content type is {name}."


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

_REMEDIES_OF_CAUSE = {
    "as a fault says": "Nothing is wrong: flowsim closed the connection, as the fault wants it.",
    "something listens at": "Register that address, or let the webhook listen at this one.",
    "connection refused": "Start the webhook, or correct the port: nothing listens there.",
    "the connection during the TLS handshake": "Check that the webhook speaks TLS at this port.",
    "the connection without a complete answer": (
        "Look into the log of the webhook: it ended before its answer was complete, as a process "
        "does that fails, restarts, or has a shorter time limit."
    ),
    "cannot be looked up": "Correct the host name in the webhook URL: no address is known for it.",
    "there is no route": "Correct the address in the webhook URL, or the network of this machine.",
    "no address of the host": "Check the name server, and the host name in the webhook URL.",
    "no connection within": "Check the address and the firewall: the host drops the connection.",
    "no TLS handshake within": "Check that the webhook speaks TLS at this port.",
    "does not speak TLS": "Register an http:// address, or let the webhook speak TLS.",
    "speaks HTTP/2 only": "Let the webhook speak HTTP/1.1 too.",
    "answer is not HTTP": "Check which program listens at this port: it does not speak HTTP.",
    "certificate expired": "Renew the certificate of the webhook.",
    "wants a client certificate": "Let the webhook trust the authority of the sender.",
}
"""Part of a cause, as ``core/causes.py`` says it → what helps; the first that fits counts."""

_REMEDIES = {
    UNEXPECTED: "Read the cause: the answer of the webhook may not be HTTP.",
    NETWORK: "Check that the webhook runs, and listens at this address and port.",
    TIMEOUT: "Store the event, answer at once, and do the work afterwards.",
    TLS: "Give the webhook a valid certificate with its whole chain.",
    400: "Check how the body is parsed: as JSON in UTF-8, with any content type.",
    401: "Check the signature over the raw bytes, and the recipient's client id.",
    403: "Switch off CSRF protection and log-in pages for this path.",
    404: "Check the path of the webhook URL.",
    405: "Accept POST at this path, and GET for the challenge.",
    413: "Allow bodies of 2 MB: many servers and proxies allow less.",
    415: "Accept application/json, and for CloudEvents application/cloudevents+json.",
    429: "Take more events at once, or answer 2xx and put them into a queue.",
    505: "Speak HTTP/1.1.",
}
"""Status → what helps; mistakes 31 to 37 of io-events-protocol.md 10.2."""

_REMEDIES_OF_CLASS = {
    3: "Register the address to which it leads.",
    4: "Answer 2xx for an event that was taken, and 5xx for a problem that passes.",
    5: "Look into the log of the webhook. Answer 4xx for an event that it can never take.",
}
