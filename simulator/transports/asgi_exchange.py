"""One request to an ASGI application, and what it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, MutableMapping
from typing import Any

from ..clock import pause, stopwatch
from ..core.app_request import AppRequest
from ..core.outcome import Outcome
from ..http_client.answer import KEPT_BODY, READ_BODY
from .outcomes import of_answer, raised

CHUNK = 64 * 1024
"""The size of the pieces in which a body comes, in bytes."""


class ClientGoneError(OSError):
    """Nobody waits for the answer any more."""


class AsgiExchange:
    """Is handed to the application as ``receive`` and ``send``; begins when it is made."""

    def __init__(self, request: AppRequest) -> None:
        self._started = stopwatch()
        self._elapsed: float | None = None
        self._wire = request.wire
        self._chunks = list(_chunks(request)) or [b""]
        self._pause = self._wire.seconds / len(self._chunks)
        self._head: tuple[int, list[tuple[bytes, bytes]]] | None = None
        self._body = bytearray()
        self._read = 0
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
        """Take a part of the answer; raises ``ClientGoneError`` for one that comes too late."""
        if self._is_abandoned:
            raise ClientGoneError
        kind, is_over = message["type"], self._elapsed is not None
        if kind == "http.response.start" and self._head is None:
            headers = [(bytes(name), bytes(value)) for name, value in message.get("headers", ())]
            self._head = int(message["status"]), headers
        elif kind == "http.response.body" and self._head is not None and not is_over:
            await self._take(message.get("body", b""), message.get("more_body", False))
        else:
            raise RuntimeError(f"{kind} was sent where the protocol has no place for it")

    async def _take(self, part: bytes, goes_on: bool) -> None:
        self._body += part[: KEPT_BODY - len(self._body)]
        self._read += max(len(part), 1)
        if goes_on and self._read <= READ_BODY:
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
        """Return the answer once it is complete; a 500 waits for what was raised.

        ``task`` is the application at work.
        """
        answered = asyncio.ensure_future(self._gone.wait())
        await asyncio.wait({answered, task}, return_when=asyncio.FIRST_COMPLETED)
        answered.cancel()
        status, headers = self._head or (500, [])
        if self._elapsed is not None and status < 500:
            return of_answer(status, self._elapsed, self._body, headers)
        problem, lines = await _raised(task)
        if self._elapsed is None:
            problem = problem or "the application ended without a complete answer"
            return Outcome(500, self.elapsed, problem=problem, traceback=lines)
        return of_answer(status, self._elapsed, self._body, headers, problem, lines)


def _chunks(request: AppRequest) -> Iterator[bytes]:
    """Yield the body in the pieces in which a server hands it on."""
    for part in request.body_parts():
        for start in range(0, len(part), CHUNK):
            yield part[start : start + CHUNK]


async def _raised(task: asyncio.Task[None]) -> tuple[str, str]:
    """Return what an application raises, and its traceback; what is no error is raised here."""
    await asyncio.wait({task})
    error = task.exception()
    if error is None:
        return "", ""
    if not isinstance(error, Exception):
        raise error
    return raised(error)
