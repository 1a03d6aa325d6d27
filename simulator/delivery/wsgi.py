"""A WSGI application, called in this process without a port (PEP 3333)."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from types import TracebackType
from typing import Any, BinaryIO, TextIO, cast
from urllib.parse import unquote_to_bytes

from ..core.outcome import Outcome
from ..runtime.clock import sleep, stopwatch
from .applications import CLIENT, AppAnswer, ApplicationTransport, AppRequest, Call
from .transport import crashed, too_late

WsgiApp = Callable[..., Iterable[bytes]]


class WsgiTransport(ApplicationTransport):
    """Calls an application; ``call`` says in which thread.

    ``timeout`` is in seconds. The thread goes on with an attempt that has taken longer, as the
    threads of a server do, until the application writes more of its answer.
    What the application raises is a 500, which has its traceback.
    """

    def __init__(
        self, app: WsgiApp, *, timeout: float, call: Call, multithread: bool = True
    ) -> None:
        self._app = app
        self._timeout = timeout
        self._call = call
        self._multithread = multithread

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
        except Exception as error:
            if not response.answer.is_full:
                return crashed(error, stopwatch() - started)
        return response.answer.outcome(stopwatch() - started)


class _UnreadAnswerError(OSError):
    """An application writes more than is read, or writes too late."""


class _WsgiResponse:
    """Takes the answer of an application in pieces, until the ``deadline``."""

    def __init__(self, deadline: float) -> None:
        self.answer = AppAnswer()
        self._deadline = deadline
        self._has_begun = False

    def start(
        self,
        status: str,
        headers: list[tuple[str, str]],
        exc_info: tuple[type[BaseException], BaseException, TracebackType] | None = None,
    ) -> Callable[[bytes], None]:
        """Take status and headers; a second time only for an error before the body begins."""
        if exc_info is not None and self._has_begun:
            raise exc_info[1].with_traceback(exc_info[2])
        if exc_info is None and self.answer.head is not None:
            raise AssertionError("start_response was called twice")
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self.answer.head = int(status[:3]), raw
        return self._write

    def read(self, chunks: Iterable[bytes]) -> None:
        """Take the body, and no more of it than HTTP's transport takes."""
        try:
            for chunk in chunks:
                self._write(chunk)
                if self.answer.is_full:
                    break
        finally:
            close: Any = getattr(chunks, "close", None)
            if close is not None:
                close()
        self._expect_head()

    def _write(self, chunk: bytes) -> None:
        if self.answer.is_full or stopwatch() > self._deadline:
            raise _UnreadAnswerError("the rest of this answer is not read")
        self.answer.take(chunk)
        if chunk:
            self._expect_head()
            self._has_begun = True

    def _expect_head(self) -> None:
        if self.answer.head is None:
            raise AssertionError("start_response was not called before the body")


def wsgi_environ(
    request: AppRequest, body: BinaryIO, errors: TextIO, *, multithread: bool
) -> dict[str, Any]:
    """Return the environ of PEP 3333: the application reads ``body`` and writes ``errors``."""
    address, (name, port) = request.address, request.server
    target = (address.path or "/") + (f"?{address.query}" if address.query else "")
    return {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(address.path or "/").decode("latin-1"),
        "QUERY_STRING": address.query,
        "RAW_URI": target,
        "REQUEST_URI": target,
        "SERVER_NAME": name,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": CLIENT[0],
        "REMOTE_PORT": str(CLIENT[1]),
        "HTTPS": "on" if address.scheme == "https" else "off",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": address.scheme,
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": errors,
        "wsgi.multithread": multithread,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **_cgi_headers(request),
    }


def _cgi_headers(request: AppRequest) -> dict[str, str]:
    """Return headers as CGI calls them; values are bytes that pass for Latin-1."""
    found: dict[str, str] = {}
    for raw_name, raw_value in request.raw_headers():
        name = _cgi_name(raw_name)
        value = raw_value.decode("latin-1")
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


@lru_cache
def _cgi_name(name: bytes) -> str:
    words = name.decode("latin-1").upper().replace("-", "_")
    return words if words in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{words}"


def body_of(parts: Sequence[bytes], seconds: float) -> BinaryIO:
    """Return a stream of the parts; ``seconds`` of real time are spread over them."""
    if not seconds:
        return io.BytesIO(b"".join(parts))
    return cast("BinaryIO", io.BufferedReader(_Slow(parts, seconds / len(parts))))


class _Slow(io.RawIOBase):
    """Returns one part at a time, each after ``each`` seconds."""

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
