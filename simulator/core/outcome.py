"""What one attempt got: an HTTP answer, or one of the 6xx codes of debug tracing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

UNEXPECTED, NETWORK, TIMEOUT, TLS = 601, 602, 604, 611

LABELS = {
    UNEXPECTED: "unexpected answer",
    NETWORK: "network",
    TIMEOUT: "timeout",
    TLS: "TLS handshake",
}
"""6xx code → its meaning (io-events-protocol.md 4.4); they are never on the wire."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer, or the lack of one.

    ``status_code`` is HTTP's, or 601, 602, 604 or 611. ``body`` is the beginning of the
    answer's body. ``problem`` says on one line why there was no answer, or which exception an
    application in this process raised; ``traceback`` has the lines of that exception.
    ``elapsed`` is in seconds of real time. ``headers`` are those of the answer, unchanged.
    ``unread`` says why a body is still encoded.
    """

    status_code: int
    elapsed: float
    body: bytes = b""
    problem: str = ""
    headers: Sequence[tuple[bytes, bytes]] = ()
    unread: str = ""
    traceback: str = ""


def header(outcome: Outcome, name: str) -> str:
    """Return a header of the answer; empty if it has none of that name, in lower case."""
    for each, value in outcome.headers:
        if each.decode("latin-1").lower() == name:
            return " ".join(value.decode("latin-1").split())[:500]
    return ""


def location(outcome: Outcome) -> str:
    """Return where a redirect leads; empty if it does not say, and for other answers."""
    return header(outcome, "location") if 300 <= outcome.status_code < 400 else ""


def answer_words(outcome: Outcome) -> str:
    """Return the beginning of an answer in quotes, or why it cannot be read."""
    return outcome.unread or quoted_beginning(outcome.body)


def quoted_beginning(body: bytes) -> str:
    """Return the beginning of an answer in quotes, on one line, without control characters."""
    return repr(plain_beginning(body))


def plain_beginning(body: bytes) -> str:
    """Return the beginning of an answer on one line."""
    text = " ".join(body[:400].decode("utf-8", "replace").split())
    return text if len(text) <= 100 else f"{text[:99]}…"
