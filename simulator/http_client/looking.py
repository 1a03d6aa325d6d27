"""Looks again at a webhook that could not be spoken with, to say why.

Such a look sends no request. It is made after an attempt has failed, never before one.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass

from aiohappyeyeballs import AddrInfoType, start_connection

SECONDS = 1.0
"""How long a look takes, at most."""

_NEXT_ADDRESS = 0.25
_AT_ONCE = 64 * 1024
_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Sight:
    """The beginning of what a webhook sends to a client of TLS, and its certificate, DER."""

    answer: bytes = b""
    certificate: bytes = b""


async def at_tls(places: Sequence[AddrInfoType], host: str) -> Sight:
    """Begin TLS, accept any certificate, and end; whatever goes wrong shows less."""
    tls = _Handshake(host)
    with contextlib.suppress(OSError, ValueError, RuntimeError, EOFError):
        async with asyncio.timeout(SECONDS):
            sock = await start_connection(places, happy_eyeballs_delay=_NEXT_ADDRESS)
            reader, writer = await asyncio.open_connection(sock=sock)
            with contextlib.closing(writer):
                await tls.shake(reader, writer)
    return Sight(tls.answer, tls.certificate)


class _Handshake:
    def __init__(self, host: str) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self.answer = b""
        self.certificate = b""

    async def shake(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
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
    """Return the addresses of this machine at which a host of it may have been meant."""
    host = host.lower().rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return ["127.0.0.1", "::1"]
    if host == "::1":
        return ["127.0.0.1"]
    return ["::1"] if host.startswith("127.") else []


async def listens_at(address: str, port: int) -> bool:
    """Tell whether something takes connections there; nothing is sent."""
    with contextlib.suppress(OSError, RuntimeError):
        async with asyncio.timeout(SECONDS):
            _, writer = await asyncio.open_connection(address, port)
            writer.close()
            return True
    return False
