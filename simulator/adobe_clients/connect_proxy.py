"""A proxy that connects clients which ask for Adobe's hosts to the TLS port of the service."""

from __future__ import annotations

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Collection, Mapping

from ..core import adobe_hosts
from ..errors import SettingError
from ..runtime.breakdowns import exhaustion
from ..runtime.event_loop import Background

LONGEST_HEAD = 16 * 1024
"""How long a request may be, in bytes."""

_CHUNK = 64 * 1024
_HTTPS = "443"


class ConnectProxy(Background):
    """Serves from ``with`` to the end of its block; ``port`` 0 takes a free one.

    ``others`` maps further places, such as ``host:port``, to ports that are allowed too. Raises
    ``SettingError`` if it cannot listen there.
    """

    seconds = 10.0
    """How long a client may take to say what it wants, and to leave once that is refused."""

    most_tunnels = 512
    """How many connections there may be at once."""

    def __init__(
        self, host: str, port: int, tls_port: int, others: Mapping[str, int] | None = None
    ) -> None:
        super().__init__("proxy", self._listen)
        self._place = host, port
        self._tls_port = tls_port
        self._others = others or {}
        self._tunnels: set[asyncio.Task[None]] = set()
        self.port = port

    async def _listen(self, ready: Callable[[], None]) -> None:
        host, port = self._place
        try:
            server = await asyncio.start_server(self._connected, host, port, limit=LONGEST_HEAD)
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            said = SettingError(f"cannot listen on {host}:{port}: {reason.lower()}")
            raise exhaustion(error) or said from None
        self.port = server.sockets[0].getsockname()[1]
        ready()
        try:
            await asyncio.Event().wait()
        finally:
            server.close()
            for tunnel in self._tunnels:
                tunnel.cancel()
            await asyncio.gather(*self._tunnels, return_exceptions=True)

    async def _connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tunnels.add(task)
        ends = (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.CancelledError)
        try:
            with contextlib.suppress(*ends):  # Python 3.11 logs a connection that is cancelled
                await self._serve(reader, writer)
        finally:
            self._tunnels.discard(task)
            writer.close()

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        async with asyncio.timeout(self.seconds):
            head = await _read_head(reader)
        why = refusal(head, adobe_hosts.ALL, self._others)
        if why is not None:
            await self._refuse(reader, writer, "403 Forbidden", why)
        elif len(self._tunnels) > self.most_tunnels:
            why = f"{self.most_tunnels} tunnels are open; end some clients and try again"
            await self._refuse(reader, writer, "503 Service Unavailable", why)
        else:
            port = self._others.get(target_of(head), self._tls_port)
            await self._tunnel(reader, writer, port)

    async def _tunnel(self, reader: StreamReader, writer: StreamWriter, port: int) -> None:
        """Copy bytes to a port of flowsim and back, until the port ends the connection."""
        host, _ = self._place
        try:
            from_service, to_service = await asyncio.open_connection(host, port)
        except OSError as error:
            if (lack := exhaustion(error)) is not None:
                await self._refuse(reader, writer, "503 Service Unavailable", str(lack))
            else:
                await self._refuse(
                    reader, writer, "502 Bad Gateway", f"the service has ended: {error}"
                )
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        there = asyncio.ensure_future(_carry(reader, to_service))
        try:
            await _carry(from_service, writer)
        finally:
            to_service.transport.abort()
            there.cancel()
            await asyncio.gather(there, return_exceptions=True)

    async def _refuse(
        self, reader: StreamReader, writer: StreamWriter, status: str, why: str
    ) -> None:
        """Answer with a sentence, and read on to the end: a reset could discard the answer."""
        body = f"{why}\n".encode()
        head = (
            f"HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        writer.write(head.encode() + body)
        writer.write_eof()
        async with asyncio.timeout(self.seconds):
            while await reader.read(_CHUNK):
                pass


async def _read_head(reader: StreamReader) -> bytes:
    """Return a request down to its blank line, or as much of one as is read."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        return b""


async def _carry(reader: StreamReader, writer: StreamWriter) -> None:
    """Copy all that is read to the writer."""
    while chunk := await reader.read(_CHUNK):
        writer.write(chunk)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


def refusal(head: bytes, hosts: Collection[str], places: Collection[str] = ()) -> str | None:
    """Return why a request is refused, in a sentence; None if it asks for one of the hosts.

    ``head`` is the request down to its blank line. Only ``CONNECT`` is allowed: to port 443 of
    the hosts, and to ``places``, which are stated with their ports.
    """
    method, target, version = _first_line(head)
    if not version.startswith("HTTP/1."):
        return "this is a proxy for HTTPS: expected CONNECT host:443 HTTP/1.1"
    if method != "CONNECT":
        return f"{_shown(target)} is not fetched: this proxy accepts only https:// addresses"
    host, _, port = target.rpartition(":")
    if target in places or (host.lower() in hosts and port == _HTTPS):
        return None
    return (
        f"{_shown(target)} cannot be reached: no connection leaves this machine, and this proxy "
        f"serves only port {_HTTPS} of {', '.join(hosts)}; add hosts of your own to NO_PROXY"
    )


def target_of(head: bytes) -> str:
    """Return the target of a CONNECT request, as in ``api.adobe.io:443``."""
    return _first_line(head)[1]


def _first_line(head: bytes) -> tuple[str, str, str]:
    """Return method, target and version; missing parts are empty."""
    method, _, rest = head.partition(b"\r\n")[0].decode("latin-1").partition(" ")
    target, _, version = rest.rpartition(" ")
    return method, target, version


def _shown(target: str) -> str:
    """Return an address for a message: shortened, without password and query."""
    bare = target.partition("?")[0].rpartition("@")[2]
    return repr(bare[:100])
