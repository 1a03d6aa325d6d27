"""From what an HTTP client met to an outcome: an answer, or a 6xx code of debug tracing."""

from __future__ import annotations

import ssl
import traceback
from collections.abc import Sequence

from httptools import HttpParserError, HttpParserUpgrade

from ..core.content_encoding import decoded, encodings_of
from ..core.outcome import NETWORK, TIMEOUT, TLS, UNEXPECTED, Outcome
from ..core.wire import Wire
from ..http_client.answer import KEPT_BODY, Answer

CODES: tuple[tuple[type[BaseException], int], ...] = (
    (TimeoutError, TIMEOUT),
    (ssl.SSLError, TLS),
    (OSError, NETWORK),
    (HttpParserError, UNEXPECTED),
    (HttpParserUpgrade, UNEXPECTED),
    (ValueError, UNEXPECTED),
)
"""What the client raises → the 6xx code of debug tracing; the first match counts (4.4)."""


def answered(answer: Answer, elapsed: float) -> Outcome:
    """Return the outcome of an attempt that was answered, after so many seconds."""
    return of_answer(answer.status_code, elapsed, answer.body, answer.headers)


def of_answer(
    status: int,
    elapsed: float,
    body: bytes | bytearray,
    headers: Sequence[tuple[bytes, bytes]],
    problem: str = "",
) -> Outcome:
    """Return the outcome of an answer; ``body`` is its beginning as it came, still encoded."""
    beginning = bytes(body[:KEPT_BODY])
    encodings = encodings_of(headers) if beginning else b""
    if not encodings:
        return Outcome(status, elapsed, beginning, problem, headers)
    is_whole = len(body) < KEPT_BODY
    plain, unread = decoded(beginning, encodings, KEPT_BODY, is_whole=is_whole)
    return Outcome(status, elapsed, plain, problem, headers, unread)


def failed(error: Exception, elapsed: float) -> Outcome:
    """Return the outcome of an attempt that was not answered."""
    return Outcome(code_of(error), elapsed, problem=_describe(error))


def broken_off(wire: Wire) -> ConnectionError | None:
    """Return how a fault breaks off an attempt, once it has been written; none if it does not."""
    if wire.breaks_off:
        return ConnectionError("closed in the middle of the body, as it was captured")
    if wire.kept < 1:
        return ConnectionError("closed in the middle of the body, as a fault says")
    if wire.hangs_up:
        return ConnectionError("hung up before the answer was read, as a fault says")
    return None


def crashed(error: BaseException, elapsed: float) -> Outcome:
    """Return the 500 of an application in this process, its traceback from its own code on."""
    trace = error.__traceback__
    lines = traceback.format_exception(type(error), error, trace.tb_next if trace else None)
    return Outcome(500, elapsed, problem="".join(lines).rstrip())


def code_of(error: Exception) -> int:
    """Return the 6xx code for what the client raised."""
    return next((code for kind, code in CODES if isinstance(error, kind)), UNEXPECTED)


def _describe(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no complete answer in time"
    text = str(getattr(error, "strerror", None) or error)
    return " ".join(text.split())[:200] or type(error).__name__
