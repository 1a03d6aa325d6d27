"""What all transports share: the protocol, the outcomes, and the wait for lacking resources.

A request has one outcome: an answer, or a 6xx code of debug tracing for what went wrong.
"""

from __future__ import annotations

import contextlib
import logging
import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from traceback import format_exception, format_exception_only
from typing import Protocol

from httptools import HttpParserError, HttpParserUpgrade

from ..core.duration import spell
from ..core.outcome import NETWORK, TIMEOUT, TLS, UNEXPECTED, Outcome
from ..core.wire import Wire
from ..errors import ExhaustedError
from ..runtime.clock import pause, stopwatch
from ..runtime.system_limits import lack
from .http_answer import KEPT_BODY, HttpAnswer, decoded, encodings_of

CODES: tuple[tuple[type[BaseException], int], ...] = (
    (TimeoutError, TIMEOUT),
    (ssl.SSLError, TLS),
    (OSError, NETWORK),
    (HttpParserError, UNEXPECTED),
    (HttpParserUpgrade, UNEXPECTED),
    (ValueError, UNEXPECTED),
)
"""What the client raises → the 6xx code of debug tracing; the first match counts (4.4)."""

_LONGEST = 300

_PAUSE = 0.1
"""Seconds until an attempt that lacked something is made again."""

_SAY_EVERY = 60.0
"""Seconds for which the reason is not said again."""

_log = logging.getLogger("flowsim.delivery")


class Transport(Protocol):
    """Brings one request to a webhook.

    A webhook that does not answer is an ``Outcome`` with a 6xx code, never an exception. Raises
    ``ExhaustedError`` if flowsim itself lacks what a request takes.
    """

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome: ...


class Client(Transport, Protocol):
    """A transport that can also make GET requests, which are no deliveries."""

    async def send(
        self, url: str, headers: Mapping[str, str], body: bytes, method: str = "POST"
    ) -> Outcome: ...


@contextlib.contextmanager
def resources_needed() -> Iterator[None]:
    """Raise ``ExhaustedError`` for a failure that comes from a lack of this process."""
    try:
        yield
    except Exception as error:
        if (ours := lack(error)) is not None:
            raise ours from None
        raise


class ResourceWait:
    """Lets attempts wait for files, memory or threads, and logs the reason once for all.

    A lack of resources in this process is no outcome of a webhook. ``next_word`` is the moment of
    ``stopwatch`` before which the reason is not logged again.
    """

    def __init__(self) -> None:
        self.next_word = 0.0

    async def pause(self, error: ExhaustedError) -> None:
        """Log the reason, at most once a minute, and wait before the next attempt."""
        if stopwatch() >= self.next_word:
            self.next_word = stopwatch() + _SAY_EVERY
            _log.warning("deliveries wait: %s", error)
        await pause(_PAUSE)


RESOURCE_WAIT = ResourceWait()
"""One for the whole process, as its limits are."""


async def outcome_of(
    make: Callable[[float], Awaitable[HttpAnswer]],
    cause: Callable[[Exception], Awaitable[str]],
    lacking: Callable[[float, ExhaustedError], None] = lambda *_: None,
) -> Outcome:
    """Return the outcome of an attempt, repeated while this process lacks a resource.

    ``make`` makes it, from the moment of ``stopwatch`` that it gets; ``cause`` says why one
    failed. ``lacking`` is called, with the seconds since the first, before the next begins.
    """
    begun = stopwatch()
    while True:
        started = stopwatch()
        try:
            with resources_needed():
                answer = await make(started)
        except ExhaustedError as lack:
            lacking(started - begun, lack)
            await RESOURCE_WAIT.pause(lack)
        except Exception as error:
            elapsed = stopwatch() - started
            return failed(error, elapsed, await cause(error))
        else:
            elapsed = stopwatch() - started
            return of_answer(answer.status_code, elapsed, answer.body, answer.headers)


def of_answer(
    status: int,
    elapsed: float,
    body: bytes | bytearray,
    headers: Sequence[tuple[bytes, bytes]],
    problem: str = "",
    traceback: str = "",
) -> Outcome:
    """Return the outcome of an answer; ``body`` is its beginning, still encoded."""
    if not 100 <= status < 600:  # over a socket it does not get here
        return Outcome(UNEXPECTED, elapsed, problem=f"HTTP has no status {status}")
    beginning = bytes(body[:KEPT_BODY])
    encodings = encodings_of(headers) if beginning else b""
    unread = ""
    if encodings:
        is_whole = len(body) < KEPT_BODY
        beginning, unread = decoded(beginning, encodings, KEPT_BODY, is_whole=is_whole)
    return Outcome(status, elapsed, beginning, problem, headers, unread, traceback)


def failed(error: Exception, elapsed: float, problem: str) -> Outcome:
    """Return the outcome of an attempt that was not answered, and why it was not."""
    return Outcome(code_of(error), elapsed, problem=problem)


def too_late(elapsed: float, timeout: float) -> Outcome:
    """Return the outcome of an application that took longer than ``timeout`` seconds."""
    return Outcome(TIMEOUT, elapsed, problem=f"no complete answer within {spell(timeout)}")


def broken_off(wire: Wire) -> ConnectionError | None:
    """Return how a fault breaks off an attempt, once it has been written; None if no fault does."""
    if wire.breaks_off:
        return ConnectionError("closed in the middle of the body, as it was captured")
    if wire.kept < 1:
        return ConnectionError("closed in the middle of the body, as a fault says")
    if wire.hangs_up:
        return ConnectionError("closed before the answer was read, as a fault says")
    return None


def crashed(error: BaseException, elapsed: float) -> Outcome:
    """Return the 500 of an application in this process, with the traceback of its own code."""
    words, lines = raised(error)
    return Outcome(500, elapsed, problem=words, traceback=lines)


def raised(error: BaseException) -> tuple[str, str]:
    """Return the exception of an application in a few words, and its traceback."""
    trace = error.__traceback__
    lines = format_exception(type(error), error, trace.tb_next if trace else None)
    own = (each for each in format_exception_only(error) if not each.startswith(" "))
    words = " ".join(next(own, type(error).__name__).split())
    shown = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
    return f"the application raised {shown}", "".join(lines).rstrip()


def code_of(error: Exception) -> int:
    """Return the 6xx code for an exception of the client."""
    return next((code for kind, code in CODES if isinstance(error, kind)), UNEXPECTED)
