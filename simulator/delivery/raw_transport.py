"""HTTP that breaks its rules on purpose: slow, cut short, with a wrong length, hung up.

No client library sends such requests, so they are written to the socket as they are; only
the answer is read by a library. Every attempt has a connection of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from httptools import HttpParserError

from ..core.causes import Stage, no_name
from ..core.outcome import Outcome
from ..core.wire import Wire, head_on_wire, pieces
from ..runtime.clock import pause
from .failure_causes import Causes, is_refused
from .http_answer import AnswerReader, HttpAnswer
from .http_connecting import FAREWELL, Connector, Endpoint, Tls, context_of, endpoint_of
from .http_connection import CutError, LateError, StrangeAnswerError
from .transport import (
    broken_off,
    outcome_of,
)

_AT_ONCE = 64 * 1024

_NOTICE = 1.0
"""Seconds that a webhook may take to see that the rest of a request will not come."""


@dataclass(slots=True)
class _Progress:
    """How far an attempt has come: the bytes of its answer, the first of them kept."""

    stage: Stage = "connection"
    came: int = 0
    first: bytes = b""


class RawTransport:
    """Posts one attempt as its ``wire`` says.

    ``timeout`` is in seconds and spans the whole attempt. ``tls`` is a context, or false to
    accept any certificate.
    """

    def __init__(self, wire: Wire, *, timeout: float, tls: Tls = True) -> None:
        self._wire = wire
        self._timeout = timeout
        self._tls = tls
        self._causes = Causes(timeout, Connector(tls, None).places)

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Write the request and return what came back."""

        async def make(_: float) -> HttpAnswer:
            return await self._in_time(url, headers, body, _Progress())

        return await outcome_of(make, partial(self._causes.of, url))

    async def _in_time(
        self, url: str, headers: Mapping[str, str], body: bytes, progress: _Progress
    ) -> HttpAnswer:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._exchange(url, headers, body, progress)
        except TimeoutError:
            raise LateError(progress.stage, progress.came) from None

    async def _exchange(
        self, url: str, headers: Mapping[str, str], body: bytes, progress: _Progress
    ) -> HttpAnswer:
        where = endpoint_of(url)
        progress.stage = "handshake" if where.secure else "connection"
        reader, writer = await self._opened(where)
        progress.stage = "answer"
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
            return await _read(reader, progress)
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _opened(self, where: Endpoint) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        options: dict[str, Any] = {}
        if where.secure:
            options = {"ssl": context_of(self._tls), "ssl_shutdown_timeout": FAREWELL}
        try:
            return await asyncio.open_connection(where.host, where.port, **options)
        except socket.gaierror as error:
            raise OSError(no_name(where.host, error.strerror or str(error))) from None
        except ConnectionError as error:
            if not where.secure or is_refused(error):
                raise
            raise CutError("handshake", was_reset=bool(error.errno)) from None

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


async def _more(reader: asyncio.StreamReader, progress: _Progress) -> bytes:
    """Return the next part of an answer; nothing at its end."""
    try:
        data = await reader.read(_AT_ONCE)
    except ConnectionError:
        raise CutError("answer", progress.came, was_reset=True) from None
    progress.first = progress.first or data
    progress.came += len(data)
    return data


async def _noticed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say that nothing more comes, and let the webhook see it.

    The retry of a real sender comes a minute later (4.3), that of a fast clock at once: it must
    not overtake the half request.
    """
    if writer.can_write_eof():
        with contextlib.suppress(OSError, TimeoutError):
            writer.write_eof()
            async with asyncio.timeout(_NOTICE):
                await reader.read(1)


async def _read(reader: asyncio.StreamReader, progress: _Progress) -> HttpAnswer:
    """Return an answer; what lies beyond its limits is not read."""
    answers = AnswerReader()
    try:
        while data := await _more(reader, progress):
            if (answer := answers.feed(data)) is not None:
                return answer
        if (answer := answers.end()) is not None:
            return answer
        raise CutError("answer", progress.came)
    except HttpParserError as error:
        raise StrangeAnswerError(str(error), progress.first) from None
    finally:
        answers.close()
