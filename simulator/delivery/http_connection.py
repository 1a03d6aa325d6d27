"""A connection to a webhook, for one request after the other, and how an attempt can fail."""

from __future__ import annotations

import asyncio
from typing import cast

from httptools import HttpParserError, HttpParserUpgrade

from ..core.causes import Stage
from .http_answer import AnswerReader, HttpAnswer

AT_ONCE = 2**20
"""How much of a body is sent in one piece, in bytes; a larger one must not hold up the loop."""

_PART = 2**18


class LateError(TimeoutError):
    """A stage took too long; ``came`` is how many bytes of the answer were received."""

    def __init__(self, stage: Stage, came: int = 0) -> None:
        super().__init__(stage)
        self.stage: Stage = stage
        self.came = came


class CutError(ConnectionError):
    """The webhook ended the connection before its answer was complete."""

    def __init__(self, stage: Stage, came: int = 0, *, was_reset: bool = False) -> None:
        super().__init__(stage)
        self.stage: Stage = stage
        self.came = came
        self.was_reset = was_reset


class NotHttpError(HttpParserError):
    """An answer that is not HTTP; ``answer`` is its beginning, if it is known."""

    def __init__(self, reason: str, answer: bytes) -> None:
        super().__init__(reason)
        self.answer = answer


class Connection(asyncio.Protocol):
    """Carries one request at a time; a request that is cancelled closes the connection.

    ``open_ones`` holds all connections from the moment they are made until they are ``lost``.
    """

    def __init__(self, open_ones: set[Connection]) -> None:
        self.lost = asyncio.Event()
        self._open_ones = open_ones
        self._reader = AnswerReader()
        self._may_write = asyncio.Event()
        self._waiter: asyncio.Future[HttpAnswer] | None = None
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self._unasked = b""

    @property
    def is_open(self) -> bool:
        return not self._transport.is_closing()

    async def post(self, head: bytes, body: bytes, seconds: float) -> HttpAnswer:
        """Send a request and return its answer, which may come before all of the body is sent.

        Raises ``TimeoutError`` if it is not complete after ``seconds`` seconds, ``OSError`` for a
        connection that breaks off, ``HttpParserError`` for an answer that is not HTTP.
        """
        if self._unasked:
            raise NotHttpError("the answer came before the request", self._unasked)
        if self._transport.is_closing():
            raise CutError("answer")
        self._reader.begin()
        waiter: asyncio.Future[HttpAnswer] = self._loop.create_future()
        self._waiter = waiter
        self._wait_until(self._loop.time() + seconds)
        try:
            if len(body) <= AT_ONCE:
                self._transport.write(head + body)
            else:
                await self._send_in_parts(head, memoryview(body))
            return await waiter
        except BaseException:
            self._transport.abort()
            raise
        finally:
            self._limit.cancel()
            self._waiter = None

    def shorten(self, seconds: float) -> None:
        """Shorten the time for the current answer by ``seconds`` seconds, if there is one."""
        if self._waiter is not None:
            self._limit.cancel()
            self._wait_until(self._deadline - seconds)

    def _wait_until(self, deadline: float) -> None:
        self._deadline = deadline
        self._limit = self._loop.call_at(deadline, self._be_late)

    async def _send_in_parts(self, head: bytes, body: memoryview) -> None:
        self._transport.write(head)
        for begin in range(0, len(body), _PART):
            self._transport.write(body[begin : begin + _PART])
            await asyncio.sleep(0)
            await self._may_write.wait()
            if self._waiter is None or self._waiter.done():
                self._transport.abort()
                return

    def close(self) -> None:
        self._transport.close()

    def abort(self) -> None:
        self._transport.abort()

    def mark_lost(self) -> None:
        """Mark as lost: after a cancelled connect the event loop does not call connection_lost."""
        self._open_ones.discard(self)
        self.lost.set()

    # The rest is called by the event loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass
        if self.lost.is_set():
            self._transport.abort()
            return
        self._may_write.set()
        self._open_ones.add(self)

    def data_received(self, data: bytes) -> None:
        """Read a part of the answer; bytes without a request end the connection."""
        if self._waiter is None or self._waiter.done():
            self._unasked = self._unasked or data
            self._transport.abort()
            return
        try:
            answer = self._reader.feed(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            first = data if len(data) == self._reader.came else b""
            self._waiter.set_exception(NotHttpError(str(error), first))
            self._transport.abort()
        else:
            if answer is not None:
                self._settle(answer)

    def eof_received(self) -> None:
        """Return None, so that the transport closes itself."""

    def connection_lost(self, error: Exception | None) -> None:
        answer = None if error else self._reader.end()
        if not isinstance(error, OSError) or isinstance(error, ConnectionError):
            error = CutError("answer", self._reader.came, was_reset=error is not None)
        self._settle(answer or error)
        self._reader.close()
        self._open_ones.discard(self)
        self.lost.set()

    def _be_late(self) -> None:
        self._settle(LateError("answer", self._reader.came))

    def _settle(self, result: HttpAnswer | Exception) -> None:
        """Resume the coroutine that waits for the answer, or for space in the send buffer."""
        self._may_write.set()
        if self._waiter is None or self._waiter.done():
            return
        if isinstance(result, HttpAnswer):
            self._waiter.set_result(result)
        else:
            self._waiter.set_exception(result)

    def pause_writing(self) -> None:
        self._may_write.clear()

    def resume_writing(self) -> None:
        self._may_write.set()
