"""HTTP as the delivery side of Adobe I/O Events speaks it (io-events-protocol.md 1.1, 4.1).

One limit spans the whole attempt, connecting included. No redirect is followed, no cookie
kept, no proxy taken from the environment; the URL is sent as it was given.
"""

from __future__ import annotations

import asyncio
import io
import math
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache
from ipaddress import ip_address
from types import TracebackType
from urllib.parse import urlsplit

import aiohttp
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult

from ..clock import stopwatch
from ..core.outcome import NETWORK, TIMEOUT, TLS, UNEXPECTED, Outcome

KEPT_BODY = 64 * 1024
"""How much of an answer is kept, in bytes; what debug tracing shows (7)."""

READ_BODY = 2**20
"""How much of an answer is read, in bytes; the connection to a longer one is closed."""

AT_ONCE = 2**20
"""How much of a body is sent in one piece, in bytes."""

KEEP_ALIVE = 1.0
"""Seconds an idle connection is kept: less than any server does, so none is cut under way."""

CODES: tuple[tuple[type[BaseException], int], ...] = (
    (TimeoutError, TIMEOUT),
    (ssl.SSLError, TLS),
    (aiohttp.ClientSSLError, TLS),
    (aiohttp.ServerFingerprintMismatch, TLS),
    (aiohttp.ClientConnectionError, NETWORK),
    (aiohttp.ClientPayloadError, NETWORK),
    (OSError, NETWORK),
    (aiohttp.ClientError, UNEXPECTED),
    (ValueError, UNEXPECTED),
)
"""What the client library raises → the 6xx code of debug tracing; the first match counts (4.4)."""

Tls = ssl.SSLContext | bool

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the IP addresses of a host and port; raises ``OSError`` if there are none to use."""


class HttpTransport:
    """Posts over a pool of connections; use it with ``async with``.

    ``timeout`` is in seconds and spans a whole attempt. ``tls`` is a context, or false to
    accept any certificate. ``resolve`` is asked before each connection, instead of the
    system, and for a host that is an IP address too: what it raises is the outcome, 602.
    """

    def __init__(
        self, *, timeout: float, connections: int, tls: Tls = True, resolve: Resolve | None = None
    ) -> None:
        self._timeout = aiohttp.ClientTimeout(total=timeout, ceil_threshold=math.inf)
        self._connections = connections
        self._tls = tls
        self._resolve = resolve
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> HttpTransport:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._connections,
                keepalive_timeout=KEEP_ALIVE,
                ssl=self._tls,
                resolver=_Resolver(self._resolve) if self._resolve else None,
                use_dns_cache=self._resolve is None,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            auto_decompress=False,
            timeout=self._timeout,
            trust_env=False,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """POST the body and return what came back; the answer's body is read to its end."""
        given = as_given(url)
        own = {"host": given.raw_authority, "content-length": str(len(body)), **headers}
        started = stopwatch()
        try:
            await self._approve_address(given)
            async with self._session.post(
                given, data=_sendable(body), headers=own, allow_redirects=False
            ) as response:
                answer = await _read(response)
        except Exception as error:
            return Outcome(code_of(error), stopwatch() - started, problem=_describe(error))
        return Outcome(response.status, stopwatch() - started, answer, headers=response.raw_headers)

    async def _approve_address(self, url: yarl.URL) -> None:
        """Ask for a host that is an IP address too: the client looks up only names."""
        if self._resolve is not None and _is_address(url.host or ""):
            async with asyncio.timeout(self._timeout.total):
                await self._resolve(url.host or "", url.port or 0)


class _Resolver(AbstractResolver):
    """Asks ``resolve`` where the client library would ask the system."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - of any family
    ) -> list[ResolveResult]:
        addresses = await self._resolve(host, port)
        if not addresses:
            raise OSError(f"{host} has no address")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _sendable(body: bytes) -> bytes | io.BytesIO:
    """Return a body as the client wants it: a large one in parts, not to block the event loop."""
    return body if len(body) <= AT_ONCE else io.BytesIO(body)


@lru_cache(maxsize=1024)
def as_given(url: str) -> yarl.URL:
    """Return the URL with its path and query letter for letter; parsing would tidy them."""
    parts = urlsplit(url)
    return yarl.URL.build(
        scheme=parts.scheme,
        authority=parts.netloc,
        path=parts.path or "/",
        query_string=parts.query,
        encoded=True,
    )


def code_of(error: Exception) -> int:
    """Return the 6xx code for what the client library raised.

    A TLS alert after the handshake, such as for a missing client certificate, comes wrapped.
    """
    if isinstance(error.__cause__, ssl.SSLError):
        return TLS
    return next((code for kind, code in CODES if isinstance(error, kind)), UNEXPECTED)


def _describe(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no complete answer in time"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        error = error.os_error
    return " ".join(str(error).split())[:200] or type(error).__name__


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Return the beginning of an answer; too long a one costs its connection."""
    if response.content_length is not None and response.content_length <= KEPT_BODY:
        return await response.read()
    kept, size = bytearray(), 0
    async for chunk in response.content.iter_any():
        kept += chunk[: KEPT_BODY - len(kept)]
        size += len(chunk)
        if size > READ_BODY:
            response.close()
            break
    return bytes(kept)
