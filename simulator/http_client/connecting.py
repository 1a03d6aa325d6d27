"""New connections: TCP to whichever address answers, and TLS on top of it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Any

from aiohappyeyeballs import start_connection

from .. import client_tls
from ..core.causes import Stage
from .addresses import Addresses, Places, Resolve
from .connection import Connection
from .endpoint import Endpoint
from .failures import CutError, LateError

Tls = ssl.SSLContext | Callable[[], ssl.SSLContext] | bool
"""What certificates must fit: a context, the system's authorities, or (false) nothing at all."""

_NEXT_ADDRESS = 0.25
"""Seconds after which the next address is tried beside one that has not answered (RFC 8305)."""

FAREWELL = 1.0
"""Seconds that a webhook has to end TLS on its side too."""


class Connector:
    """Makes connections; what it needs for TLS it loads at the first https address."""

    def __init__(self, tls: Tls, resolve: Resolve | None) -> None:
        self._tls = tls
        self._addresses = Addresses(resolve)
        self.open_ones: set[Connection] = set()

    async def connect(self, endpoint: Endpoint, seconds: float | None = None) -> Connection:
        """Return an open connection; raises ``OSError``, ``ssl.SSLError`` or ``ValueError``.

        ``LateError`` and ``CutError`` say at which stage it could not go on, in so many seconds.
        """
        stage: Stage = "address"
        try:
            async with asyncio.timeout(seconds):
                places = await self.places(endpoint)
                stage = "connection"
                sock = await start_connection(places, happy_eyeballs_delay=_NEXT_ADDRESS)
                stage = "handshake" if endpoint.secure else "connection"
                return await self._open(sock, endpoint)
        except TimeoutError:
            raise LateError(stage) from None
        except ConnectionError as error:
            if stage != "handshake":
                raise
            raise CutError(stage, was_reset=bool(error.errno)) from None

    async def places(self, endpoint: Endpoint) -> Places:
        """Return where an endpoint is; raises ``OSError`` or ``ValueError``."""
        return await self._addresses.of(endpoint.host, endpoint.port)

    async def _open(self, sock: socket.socket, endpoint: Endpoint) -> Connection:
        options: dict[str, Any] = {"sock": sock}
        if endpoint.secure:
            options |= {"ssl": self._context(), "server_hostname": endpoint.host}
            options |= {"ssl_shutdown_timeout": FAREWELL}
        connection = Connection(self.open_ones)
        try:
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: connection, **options)
        except BaseException:
            connection.give_up()
            sock.close()
            raise
        return connection

    def _context(self) -> ssl.SSLContext:
        self._tls = context_of(self._tls)
        return self._tls


def context_of(tls: Tls) -> ssl.SSLContext:
    """Return a context as it is, or a new one that does, or does not, verify certificates."""
    if isinstance(tls, ssl.SSLContext):
        return tls
    if not isinstance(tls, bool):
        return tls()
    context = client_tls.context()
    context.set_alpn_protocols(["http/1.1"])
    if not tls:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
