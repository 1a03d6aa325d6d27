"""Looks again at a webhook after an attempt has failed, to find out why.

Such a look sends no request. It begins TLS to see the answer and the certificate, or connects to
another address of this machine. Many attempts that fail alike share one look.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from aiohappyeyeballs import AddrInfoType, start_connection

from ..core.causes import Certificate
from ..core.host_names import bracketed
from ..runtime.clock import stopwatch
from .http_connecting import Endpoint

if TYPE_CHECKING:
    from cryptography import x509

T = TypeVar("T")

SECONDS = 1.0
"""How long a look takes, at most."""

REMEMBERED = 10.0
"""Seconds for which a look is not repeated."""

_MOST_REMEMBERED = 1_000
_NEXT_ADDRESS = 0.25
_AT_ONCE = 64 * 1024
_ROUNDS = 20

_LONGEST = 100
"""Up to how many characters of a name in a certificate are kept."""


@dataclass(frozen=True, slots=True)
class TlsObservation:
    """The first bytes that a webhook sends to a client of TLS, and its certificate in DER."""

    answer: bytes = b""
    certificate: bytes = b""


async def observe_tls(places: Sequence[AddrInfoType], host: str) -> TlsObservation:
    """Begin TLS, accept any certificate, and end. After an error, what was seen by then counts."""
    tls = _Handshake(host)
    with contextlib.suppress(OSError, ValueError, RuntimeError, EOFError):
        async with asyncio.timeout(SECONDS):
            sock = await start_connection(places, happy_eyeballs_delay=_NEXT_ADDRESS)
            reader, writer = await asyncio.open_connection(sock=sock)
            with contextlib.closing(writer):
                await tls.run(reader, writer)
    return TlsObservation(tls.answer, tls.certificate)


class _Handshake:
    def __init__(self, host: str) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self.answer = b""
        self.certificate = b""

    async def run(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(_ROUNDS):
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                writer.write(self._outgoing.read())
                data = await reader.read(_AT_ONCE)
                if not data:
                    return
                self.answer = self.answer or data
                self._incoming.write(data)
            else:
                self.certificate = self._tls.getpeercert(binary_form=True) or b""
                return


def other_loopbacks(host: str) -> list[str]:
    """Return the other loopback addresses of this machine, where a server may listen instead."""
    host = host.lower().rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return ["127.0.0.1", "::1"]
    if host == "::1":
        return ["127.0.0.1"]
    return ["::1"] if host.startswith("127.") else []


async def listens_at(address: str, port: int) -> bool:
    """Return whether a server accepts connections there; nothing is sent."""
    with contextlib.suppress(OSError, RuntimeError):
        async with asyncio.timeout(SECONDS):
            _, writer = await asyncio.open_connection(address, port)
            writer.close()
            return True
    return False


async def other_listener(where: Endpoint) -> str:
    """Return scheme, host and port of a server at another loopback address, or an empty text.

    Many servers listen only at 127.0.0.1 or only at ::1.
    """
    for address in other_loopbacks(where.host):
        if await listens_at(address, where.port):
            return f"http{'s' if where.secure else ''}://{bracketed(address)}:{where.port}"
    return ""


class SharedObservations(Generic[T]):
    """Observes endpoints with ``look``, which raises nothing; keeps each result for a while."""

    def __init__(self, look: Callable[[Endpoint], Awaitable[T]]) -> None:
        self._look = look
        self._seen: dict[Endpoint, tuple[float, T]] = {}
        self._under_way: dict[Endpoint, asyncio.Task[T]] = {}

    async def at(self, where: Endpoint) -> T:
        """Return the observation of an endpoint, which is at most some seconds old."""
        if where in self._seen and stopwatch() < self._seen[where][0]:
            return self._seen[where][1]
        task = self._under_way.get(where)
        if task is None:
            task = self._under_way[where] = asyncio.create_task(self._looked(where))
        return await asyncio.shield(task)

    async def _looked(self, where: Endpoint) -> T:
        try:
            found = await self._look(where)
        finally:
            del self._under_way[where]
        if len(self._seen) >= _MOST_REMEMBERED:
            self._seen.clear()
        self._seen[where] = stopwatch() + REMEMBERED, found
        return found


def certificate_of(der: bytes) -> Certificate | None:
    """Return names, issuer and dates of a certificate in DER; None if it cannot be read.

    The library takes long to load, and few attempts need it.
    """
    from cryptography import x509

    unreadable = x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType
    try:
        found = x509.load_der_x509_certificate(der)
        return Certificate(
            [each[:_LONGEST] for each in _names(found)],
            _issuer(found)[:_LONGEST],
            found.not_valid_before_utc,
            found.not_valid_after_utc,
        )
    except (ValueError, TypeError, *unreadable):
        return None


def _names(found: x509.Certificate) -> list[str]:
    from cryptography import x509

    try:
        alternatives = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    hosts = alternatives.get_values_for_type(x509.DNSName)
    return [*hosts, *map(str, alternatives.get_values_for_type(x509.IPAddress))]


def _issuer(found: x509.Certificate) -> str:
    """Return the common name of the issuer, or its first name, or an empty text."""
    from cryptography.x509.oid import NameOID

    named = found.issuer.get_attributes_for_oid(NameOID.COMMON_NAME) or [*found.issuer]
    return str(named[0].value) if named else ""
