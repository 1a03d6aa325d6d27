"""HTTP as nobody should write it: slow, cut short, with a wrong length, hung up.

No client library sends such requests, so they are written to the socket as they are; only
the answer is read by a library. Every attempt has a connection of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from ..clock import pause, stopwatch
from ..core.http_request import head_on_wire
from ..core.outcome import Outcome
from ..core.wire import Wire, pieces
from ..errors import ExhaustedError
from ..http_client import endpoint
from ..http_client.answer import Answer, AnswerReader
from ..http_client.connecting import FAREWELL, Tls, context_of
from . import room
from .outcomes import answered, broken_off, failed

_AT_ONCE = 64 * 1024

_NOTICE = 1.0
"""Seconds that a webhook may take to see that the rest of a request will not come."""


class RawTransport:
    """Posts one attempt as its ``wire`` says.

    ``timeout`` is in seconds and spans the whole attempt. ``tls`` is a context, or false to
    accept any certificate.
    """

    def __init__(self, wire: Wire, *, timeout: float, tls: Tls = True) -> None:
        self._wire = wire
        self._timeout = timeout
        self._tls = tls

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Write the request and return what came back."""
        while True:
            started = stopwatch()
            try:
                with room.needed():
                    async with asyncio.timeout(self._timeout):
                        answer = await self._exchange(url, headers, body)
            except ExhaustedError as lack:  # the attempt begins anew
                await room.ROOM.wait(lack)
            except Exception as error:
                return failed(error, stopwatch() - started)
            else:
                return answered(answer, stopwatch() - started)

    async def _exchange(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        where = endpoint.of(url)
        secure = {"ssl": context_of(self._tls), "ssl_shutdown_timeout": FAREWELL}
        options: dict[str, Any] = secure if where.secure else {}
        reader, writer = await asyncio.open_connection(where.host, where.port, **options)
        writing = asyncio.create_task(self._write(writer, url, headers, body))
        try:
            if self._wire.is_cut:
                await writing
                await _noticed(reader, writer)
            elif self._wire.hangs_up:
                await reader.read(1)
                writer.transport.abort()
            if (error := broken_off(self._wire)) is not None:
                raise error
            return await _read(reader)
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _write(
        self, writer: asyncio.StreamWriter, url: str, headers: Mapping[str, str], body: bytes
    ) -> None:
        """Write the request; a webhook that takes no more of it may have answered already."""
        with contextlib.suppress(ConnectionError):
            writer.write(head_on_wire(url, headers, body, self._wire))
            parts = list(pieces(self._wire, body))
            for part in parts:
                writer.write(part)
                await writer.drain()
                await pause(self._wire.seconds / len(parts))


async def _noticed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say that nothing more comes, and let the webhook see it.

    The retry of a real sender comes a minute later (4.2), that of a fast clock at once: it must
    not overtake the half request.
    """
    if writer.can_write_eof():
        with contextlib.suppress(OSError, TimeoutError):
            writer.write_eof()
            async with asyncio.timeout(_NOTICE):
                await reader.read(1)


async def _read(reader: asyncio.StreamReader) -> Answer:
    """Return an answer; what lies beyond its limits is not read."""
    answers = AnswerReader()
    try:
        while data := await reader.read(_AT_ONCE):
            if (answer := answers.feed(data)) is not None:
                return answer
        if (answer := answers.end()) is not None:
            return answer
        raise ConnectionError("the webhook closed the connection without a complete answer")
    finally:
        answers.close()
