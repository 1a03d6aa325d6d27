"""Where hosts are: looked up by the system, or by whoever wants to say where to connect."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv6Address, ip_address

from aiohappyeyeballs import AddrInfoType

from ..clock import stopwatch
from ..core.causes import no_name

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the IP addresses of a host and port; raises ``OSError`` if there are none to use."""

Places = Sequence[AddrInfoType]
"""Where to connect to, the best address first."""

REMEMBERED = 10.0
"""Seconds for which the system's answer about a host is used again."""

_MOST_REMEMBERED = 10_000


class Addresses:
    """Finds the addresses of hosts; ``resolve`` is asked instead of the system, each time."""

    def __init__(self, resolve: Resolve | None) -> None:
        self._resolve = resolve
        self._known: dict[tuple[str, int], tuple[float, Places]] = {}

    async def of(self, host: str, port: int) -> Places:
        """Return where a host can be reached.

        ``resolve`` has its say about a host that is an address, too. Raises ``OSError`` for
        a host without an address, ``ValueError`` for what is no host.
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

    async def _asked(self, host: str, port: int) -> Places:
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
    """Return an IP address in the form that sockets want it in."""
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
