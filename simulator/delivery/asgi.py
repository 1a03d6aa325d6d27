"""An ASGI application, called in this process without a port (ASGI 3, its lifespan included)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from typing import Any, Self
from urllib.parse import unquote

from ..core.outcome import Outcome
from ..runtime.clock import pause, stopwatch
from .applications import CLIENT, AppAnswer, ApplicationTransport, AppRequest
from .lifespan import Lifespan
from .transport import raised, too_late

AsgiApp = Callable[..., Awaitable[None]]

CHUNK = 64 * 1024
"""The size of the pieces in which a body comes, in bytes."""


_log = logging.getLogger("flowsim.asgi")


class AsgiTransport(ApplicationTransport):
    """Calls an application on the loop that runs; use it with ``async with``.

    ``timeout`` is in seconds. An application that takes longer gets a disconnect and goes on.
    What is still under way at the end (tasks in the background) has ``timeout`` seconds to
    finish, and none if the work itself was cancelled or has failed. What the application raises
    is a 500, which has its traceback.
    """

    def __init__(self, app: AsgiApp, *, timeout: float) -> None:
        self._app = app
        self._timeout = timeout
        self._lifespan = Lifespan(app)
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._lifespan.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._tasks and kind is None:
            await asyncio.wait(self._tasks, timeout=self._timeout)
        left = [*self._tasks]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._lifespan.stop()

    async def exchange(self, request: AppRequest) -> Outcome:
        """Call the application, for as long as an attempt may take."""
        exchange = AsgiExchange(request)
        scope = asgi_scope(request, self._lifespan.state)
        task = asyncio.ensure_future(self._app(scope, exchange.receive, exchange.send))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            async with asyncio.timeout(self._timeout):
                outcome = await exchange.outcome(task)
            if outcome.elapsed > self._timeout:  # it held up the loop
                raise TimeoutError
        except TimeoutError:
            outcome = too_late(exchange.elapsed, self._timeout)
            exchange.abandon()
        if not (task.done() and outcome.problem):
            task.add_done_callback(_log_error)
        return outcome


def _log_error(task: asyncio.Task[None]) -> None:
    """Log what an application raised after its answer, as servers do.

    ``ClientGoneError`` is expected then, so it is not logged.
    """
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error.__context__ or error, ClientGoneError):
        _log.error("exception in the ASGI application", exc_info=error)


class ClientGoneError(OSError):
    """The client does not wait for the answer any more."""


class AsgiExchange:
    """The ``receive`` and ``send`` of one request; its time begins when it is made."""

    def __init__(self, request: AppRequest) -> None:
        self._started = stopwatch()
        self._elapsed: float | None = None
        self._wire = request.wire
        self._chunks = list(_chunks(request)) or [b""]
        self._pause = self._wire.seconds / len(self._chunks)
        self._answer = AppAnswer()
        self._gone = asyncio.Event()
        self._is_abandoned = False

    @property
    def elapsed(self) -> float:
        """Seconds until the answer was complete, or until now."""
        return stopwatch() - self._started if self._elapsed is None else self._elapsed

    async def receive(self) -> dict[str, Any]:
        """Return the next piece of the body; after the answer, that the client has gone."""
        if self._chunks:
            await pause(self._pause)
            chunk = self._chunks.pop(0)
            more = bool(self._chunks) or self._wire.kept < 1
            return {"type": "http.request", "body": chunk, "more_body": more}
        if self._wire.kept == 1:
            await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Take a part of the answer; raises ``ClientGoneError`` after the end of the time."""
        if self._is_abandoned:
            raise ClientGoneError
        kind, is_over = message["type"], self._elapsed is not None
        if kind == "http.response.start" and self._answer.head is None:
            headers = [(bytes(name), bytes(value)) for name, value in message.get("headers", ())]
            self._answer.head = int(message["status"]), headers
        elif kind == "http.response.body" and self._answer.head is not None and not is_over:
            await self._take(message.get("body", b""), message.get("more_body", False))
        else:
            raise RuntimeError(f"{kind} was sent where the protocol does not allow it")

    async def _take(self, part: bytes, goes_on: bool) -> None:
        self._answer.take(part)
        if goes_on and not self._answer.is_full:
            await pause(0)
            return
        self._elapsed = self.elapsed
        self._is_abandoned = goes_on
        self._gone.set()

    def abandon(self) -> None:
        """Stop waiting for the answer."""
        self._is_abandoned = True
        self._gone.set()

    async def outcome(self, task: asyncio.Task[None]) -> Outcome:
        """Return the answer once it is complete; a 500 waits for the exception of the application.

        ``task`` is the application at work.
        """
        answered = asyncio.ensure_future(self._gone.wait())
        await asyncio.wait({answered, task}, return_when=asyncio.FIRST_COMPLETED)
        answered.cancel()
        head = self._answer.head
        if self._elapsed is not None and head is not None and head[0] < 500:
            return self._answer.outcome(self._elapsed)
        problem, lines = await _raised(task)
        if self._elapsed is None:
            problem = problem or "the application ended without a complete answer"
            return Outcome(500, self.elapsed, problem=problem, traceback=lines)
        return self._answer.outcome(self._elapsed, problem, lines)


def _chunks(request: AppRequest) -> Iterator[bytes]:
    """Yield the body in pieces of the size that servers use."""
    for part in request.body_parts():
        for start in range(0, len(part), CHUNK):
            yield part[start : start + CHUNK]


async def _raised(task: asyncio.Task[None]) -> tuple[str, str]:
    """Return what an application raised, and its traceback; raise what is no ``Exception``."""
    await asyncio.wait({task})
    error = task.exception()
    if error is None:
        return "", ""
    if not isinstance(error, Exception):
        raise error
    return raised(error)


def asgi_scope(request: AppRequest, state: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scope of ASGI 3; ``state`` is the state of the application's lifespan."""
    address = request.address
    path = address.path or "/"
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": address.scheme,
        "path": unquote(path),
        "raw_path": path.encode("ascii"),
        "query_string": address.query.encode("ascii"),
        "root_path": "",
        "headers": [[name.lower(), value] for name, value in request.raw_headers()],
        "client": CLIENT,
        "server": request.server,
        "state": dict(state),
    }
