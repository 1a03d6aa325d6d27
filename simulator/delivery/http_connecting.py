"""New connections: what a URL leads to, its addresses, TCP to one of them, and TLS over it.

Hosts are looked up by the system, or by a function that is given instead.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

from aiohappyeyeballs import AddrInfoType, start_connection

from ..core import targets
from ..core.causes import Stage, no_name
from ..installation import trust
from ..runtime.clock import stopwatch
from .http_connection import Connection, CutError, LateError

Tls = ssl.SSLContext | Callable[[], ssl.SSLContext] | bool
"""What certificates must fit: a context, the system's authorities, or (false) nothing at all."""

_NEXT_ADDRESS = 0.25
"""Seconds after which the next address is tried beside one that has not answered (RFC 8305)."""

TLS_SHUTDOWN_LIMIT = 1.0
"""Seconds that a webhook has to end TLS after our side has ended it."""

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the IP addresses of a host and port; raises ``OSError`` if there are none to use."""

T = TypeVar("T")

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

SocketAddresses = Sequence[AddrInfoType]
"""Addresses to connect to, the best one first."""

REMEMBERED = 10.0
"""Seconds for which the system's answer about a host is used again."""

_MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Host, port and scheme of URLs, which share their connections."""

    host: str
    port: int
    secure: bool


@lru_cache(maxsize=4096)
def endpoint_of(url: str) -> Endpoint:
    """Return the endpoint of an http or https URL; raises ``ValueError`` for any other."""
    host, port = targets.host_and_port(url)
    scheme = urlsplit(url).scheme
    if scheme not in ("http", "https") or not host:
        raise ValueError(f"{url[:80]!r} is not an http address")
    return Endpoint(host, port, scheme == "https")


class Connector:
    """Makes connections; certificates are loaded at the first https address."""

    def __init__(self, tls: Tls, resolve: Resolve | None) -> None:
        self._tls = tls
        self._addresses = Addresses(resolve)
        self.open_ones: set[Connection] = set()

    async def connect(self, endpoint: Endpoint, seconds: float | None = None) -> Connection:
        """Return an open connection; raises ``OSError``, ``ssl.SSLError`` or ``ValueError``.

        ``LateError`` says which step was not over in time, ``CutError`` that the webhook
        ended the connection during the TLS handshake.
        """
        return await self._connected(endpoint, seconds, self._connection)

    async def streams(self, endpoint: Endpoint, seconds: float) -> Streams:
        """Return the two ends of a connection, which the caller closes; raises as ``connect``."""
        return await self._connected(endpoint, seconds, asyncio.open_connection)

    async def places(self, endpoint: Endpoint) -> SocketAddresses:
        """Return the addresses of an endpoint; raises ``OSError`` or ``ValueError``."""
        return await self._addresses.of(endpoint.host, endpoint.port)

    async def _connected(
        self, endpoint: Endpoint, seconds: float | None, make: Callable[..., Awaitable[T]]
    ) -> T:
        stage: Stage = "address"
        try:
            async with asyncio.timeout(seconds):
                places = await self.places(endpoint)
                stage = "connection"
                sock = await start_connection(places, happy_eyeballs_delay=_NEXT_ADDRESS)
                stage = "handshake" if endpoint.secure else "connection"
                try:
                    return await make(sock=sock, **self._tls_options(endpoint))
                except BaseException:
                    sock.close()
                    raise
        except TimeoutError:
            raise LateError(stage) from None
        except ConnectionError as error:
            if stage != "handshake":
                raise
            raise CutError(stage, was_reset=bool(error.errno)) from None

    async def _connection(self, **options: Any) -> Connection:
        connection = Connection(self.open_ones)
        try:
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: connection, **options)
        except BaseException:
            connection.mark_lost()
            raise
        return connection

    def _tls_options(self, endpoint: Endpoint) -> dict[str, Any]:
        if not endpoint.secure:
            return {}
        self._tls = context_of(self._tls)
        return {
            "ssl": self._tls,
            "server_hostname": endpoint.host,
            "ssl_shutdown_timeout": TLS_SHUTDOWN_LIMIT,
        }


def context_of(tls: Tls) -> ssl.SSLContext:
    """Return the given context, or a new one: false means that certificates are not verified."""
    if isinstance(tls, ssl.SSLContext):
        return tls
    if not isinstance(tls, bool):
        return tls()
    context = trust.tls_context()
    context.set_alpn_protocols(["http/1.1"])
    if not tls:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class Addresses:
    """Finds the addresses of hosts; ``resolve`` is asked instead of the system, each time."""

    def __init__(self, resolve: Resolve | None) -> None:
        self._resolve = resolve
        self._known: dict[tuple[str, int], tuple[float, SocketAddresses]] = {}

    async def of(self, host: str, port: int) -> SocketAddresses:
        """Return the addresses of a host.

        ``resolve`` is also asked about a host that is an address. Raises ``OSError`` for
        a host without an address, ``ValueError`` for a text that is no host.
        """
        if self._resolve is not None:
            addresses = await self._resolve(host, port)
            if not addresses:
                raise OSError(f"{host} has no address")
            return [_numeric(address, port) for address in addresses]
        try:
            return [_numeric(host, port)]
        except ValueError:
            return await self._asked(host, port)

    async def _asked(self, host: str, port: int) -> SocketAddresses:
        expiry, found = self._known.get((host, port), (0.0, ()))
        if stopwatch() < expiry:
            return found
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
            )
        except socket.gaierror as error:
            raise OSError(no_name(host, error.strerror or str(error))) from None
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[host, port] = stopwatch() + REMEMBERED, found
        return found


def _numeric(address: str, port: int) -> AddrInfoType:
    """Return an IP address in the form that sockets need."""
    ip = ip_address(address)
    if not isinstance(ip, IPv6Address):
        return socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port)
    plain, _, scope = address.partition("%")
    place = plain, port, 0, _index(scope)
    return socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", place


def _index(scope: str) -> int:
    """Return the number of a network interface, which link-local addresses name."""
    if not scope or scope.isdecimal():
        return int(scope or 0)
    return socket.if_nametoindex(scope)
