"""A WSGI application, called in this process without a port (PEP 3333)."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from types import TracebackType
from typing import Any, BinaryIO, cast

from ..core.outcome import Outcome
from ..runtime.clock import sleep, stopwatch
from .app_request import AppRequest, wsgi_environ
from .applications import ApplicationTransport, Call
from .http_answer import KEPT_BODY, READ_BODY
from .transport import crashed, of_answer, too_late

WsgiApp = Callable[..., Iterable[bytes]]


class WsgiTransport(ApplicationTransport):
    """Calls an application; ``call`` says in which thread.

    ``timeout`` is in seconds. Whatever thread it is goes on with an attempt that has taken
    longer, as the threads of a server do, until it writes more of an answer that is read no more.
    What the application raises is a 500, which has its traceback.
    """

    def __init__(
        self, app: WsgiApp, *, timeout: float, call: Call, multithread: bool = True
    ) -> None:
        self._app = app
        self._timeout = timeout
        self._call = call
        self._multithread = multithread

    async def __aenter__(self) -> WsgiTransport:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def exchange(self, request: AppRequest) -> Outcome:
        """Call the application, for as long as an attempt may take."""
        started = stopwatch()
        try:
            async with asyncio.timeout(self._timeout):
                outcome = await self._call(partial(self._answer, request))
            if stopwatch() - started > self._timeout:  # the thread of the loop has worked
                raise TimeoutError
        except TimeoutError:
            return too_late(stopwatch() - started, self._timeout)
        return outcome

    def _answer(self, request: AppRequest) -> Outcome:
        started = stopwatch()
        body = body_of(request.body_parts(), request.wire.seconds)
        environ = wsgi_environ(request, body, sys.stderr, multithread=self._multithread)
        response = _WsgiResponse(started + self._timeout)
        try:
            response.read(self._app(environ, response.start))
            return response.outcome(stopwatch() - started)
        except Exception as error:
            elapsed = stopwatch() - started
            return response.outcome(elapsed) if response.is_full else crashed(error, elapsed)


class _UnreadAnswerError(OSError):
    """An application writes more than is read, or writes too late."""


class _WsgiResponse:
    """What an application answers, piece by piece, until the ``deadline``."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._head: tuple[int, list[tuple[bytes, bytes]]] | None = None
        self._body = bytearray()
        self._read = 0
        self._has_begun = False

    @property
    def is_full(self) -> bool:
        """Whether as much was written as HTTP's transport reads."""
        return self._read > READ_BODY

    def start(
        self,
        status: str,
        headers: list[tuple[str, str]],
        exc_info: tuple[type[BaseException], BaseException, TracebackType] | None = None,
    ) -> Callable[[bytes], None]:
        """Take status and headers; a second time only for an error before the body's begin."""
        if exc_info is not None and self._has_begun:
            raise exc_info[1].with_traceback(exc_info[2])
        if exc_info is None and self._head is not None:
            raise AssertionError("start_response was called twice")
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self._head = int(status[:3]), raw
        return self._write

    def read(self, chunks: Iterable[bytes]) -> None:
        """Take the body, and no more of it than HTTP's transport takes."""
        try:
            for chunk in chunks:
                self._write(chunk)
                if self.is_full:
                    break
        finally:
            close: Any = getattr(chunks, "close", None)
            if close is not None:
                close()

    def outcome(self, elapsed: float) -> Outcome:
        status, headers = self._started()
        return of_answer(status, elapsed, self._body, headers)

    def _write(self, chunk: bytes) -> None:
        """Take a piece; an empty one counts as well, or there could be any number of them."""
        if self.is_full or stopwatch() > self._deadline:
            raise _UnreadAnswerError("the rest of this answer is not read")
        self._read += max(len(chunk), 1)
        if chunk:
            self._started()
            self._has_begun = True
            self._body += chunk[: KEPT_BODY - len(self._body)]

    def _started(self) -> tuple[int, list[tuple[bytes, bytes]]]:
        if self._head is None:
            raise AssertionError("start_response was not called before the body")
        return self._head


def body_of(parts: Sequence[bytes], seconds: float) -> BinaryIO:
    """Return a stream of the parts; ``seconds`` of real time are spread over them."""
    if not seconds:
        return io.BytesIO(b"".join(parts))
    return cast("BinaryIO", io.BufferedReader(_Slow(parts, seconds / len(parts))))


class _Slow(io.RawIOBase):
    """Gives one part at a time, each after a while."""

    def __init__(self, parts: Sequence[bytes], each: float) -> None:
        self._parts = list(reversed(parts))
        self._each = each
        self._part = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._part and self._parts:
            sleep(self._each)
            self._part = memoryview(self._parts.pop())
        size = min(len(buffer), len(self._part))
        buffer[:size] = self._part[:size]
        self._part = self._part[size:]
        return size
