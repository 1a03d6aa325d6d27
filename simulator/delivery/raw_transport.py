"""HTTP that breaks its rules on purpose: slow, cut short, with a wrong length, hung up.

No client library sends such requests, so they are written to the socket as they are; only
the answer is read by a library. Every attempt has a connection of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from httptools import HttpParserError

from ..core.outcome import Outcome
from ..core.wire import Wire, head_on_wire, pieces
from ..runtime.clock import pause, stopwatch
from .failure_causes import Causes
from .http_answer import AnswerReader, HttpAnswer
from .http_connecting import Connector, Endpoint, Resolve, Tls, endpoint_of
from .http_connection import CutError, LateError, NotHttpError
from .release import Release
from .transport import broken_off, outcome_of

_AT_ONCE = 64 * 1024

_NOTICE = 1.0
"""Seconds that a webhook may take to see that the rest of a request will not come."""


class RawTransport:
    """Posts one attempt, written to the socket as ``wire`` says.

    ``timeout`` is in seconds and spans the whole attempt. With a ``release``, the last byte is
    held back until the other attempts of the release are ready too, and the attempt counts from
    then on. ``tls`` is a context, or false to accept any certificate. ``resolve`` is asked for
    addresses instead of the system.
    """

    def __init__(
        self,
        wire: Wire,
        release: Release | None = None,
        *,
        timeout: float,
        tls: Tls = True,
        resolve: Resolve | None = None,
    ) -> None:
        self._wire = wire
        self._release = release
        self._limit: asyncio.Timeout | None = None
        self._held = 0.0
        self._timeout = timeout
        self._connector = Connector(tls, resolve)
        self._causes = Causes(timeout, self._connector.places)

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Write the request and return its outcome."""

        async def make(started: float) -> HttpAnswer:
            head = head_on_wire(url, headers, body, self._wire)
            return await self._answer(endpoint_of(url), head, body, started + self._timeout)

        outcome = await outcome_of(make, partial(self._causes.of, url))
        return replace(outcome, elapsed=max(0.0, outcome.elapsed - self._held))

    async def _answer(
        self, where: Endpoint, head: bytes, body: bytes, deadline: float
    ) -> HttpAnswer:
        reader, writer = await self._connector.streams(where, deadline - stopwatch())
        answer = _RawAnswer(reader)
        writing = asyncio.create_task(self._write(writer, head, body))
        try:
            async with asyncio.timeout(deadline - stopwatch()) as self._limit:
                await self._break_off(writing, reader, writer)
                return await answer.read()
        except TimeoutError:
            raise LateError("answer", answer.came) from None
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _break_off(
        self,
        writing: asyncio.Task[None],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        """Raise ``ConnectionError`` if the fault ends the attempt before its answer is read."""
        if self._wire.is_cut:
            await writing
            await _noticed(reader, writer)
        elif self._wire.hangs_up:
            await reader.read(1)
            writer.transport.abort()
        if (error := broken_off(self._wire)) is not None:
            raise error

    async def _write(self, writer: asyncio.StreamWriter, head: bytes, body: bytes) -> None:
        """Write the request; a webhook that takes no more of it may have answered already."""
        with contextlib.suppress(ConnectionError):
            writer.write(head)
            *before, last = list(pieces(self._wire, body)) or [b""]
            each = self._wire.seconds / (len(before) + 1)
            for part in before:
                await self._put(writer, part, each)
            if self._release is not None:
                await self._hold_back(writer, last, self._release)
                last = b""
            await self._put(writer, last, each)

    async def _put(self, writer: asyncio.StreamWriter, part: bytes, seconds: float) -> None:
        writer.write(part)
        await writer.drain()
        await pause(seconds)

    async def _hold_back(self, writer: asyncio.StreamWriter, last: bytes, release: Release) -> None:
        """Write the last part without its last byte, and that byte together with the others."""
        began = stopwatch()
        writer.write(last[:-1])
        await writer.drain()
        await release.reached(partial(writer.write, last[-1:]))
        self._held = stopwatch() - began
        when = self._limit and self._limit.when()
        if self._limit is not None and when is not None and not self._limit.expired():
            self._limit.reschedule(when + self._held)


async def _noticed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close our side of the connection, and wait until the webhook has seen it.

    Adobe retries a minute later (4.3), a fast clock at once. The retry must not arrive before the
    webhook has seen the end of this request.
    """
    if writer.can_write_eof():
        with contextlib.suppress(OSError, TimeoutError):
            writer.write_eof()
            async with asyncio.timeout(_NOTICE):
                await reader.read(1)


class _RawAnswer:
    """An answer that is being read; ``came`` is how many bytes were received."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self.came = 0
        self._reader = reader
        self._first = b""

    async def read(self) -> HttpAnswer:
        """Return the answer, read up to the limits of head and body."""
        answers = AnswerReader()
        try:
            while data := await self._more():
                if (answer := answers.feed(data)) is not None:
                    return answer
            if (answer := answers.end()) is not None:
                return answer
            raise CutError("answer", self.came)
        except HttpParserError as error:
            raise NotHttpError(str(error), self._first) from None
        finally:
            answers.close()

    async def _more(self) -> bytes:
        """Return the next part of the answer; empty at its end."""
        try:
            data = await self._reader.read(_AT_ONCE)
        except ConnectionError:
            raise CutError("answer", self.came, was_reset=True) from None
        self._first = self._first or data
        self.came += len(data)
        return data
