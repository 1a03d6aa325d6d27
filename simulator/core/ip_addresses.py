"""IP addresses by what they mean, the same on every version of Python.

An IPv4 address can be written as an IPv6 one, ``::ffff:127.0.0.1``. Versions of Python differ in
whether that one is of the loopback, and in how they spell it.
"""

from __future__ import annotations

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

_MAPPED_BITS = 96
"""How many bits stand before the IPv4 address in an IPv6 one."""


def meaning(text: str) -> IPv4Address | IPv6Address:
    """Return the address that is meant: the IPv4 one where an IPv6 one stands for it.

    Raises ``ValueError`` for what is no address.
    """
    given = ip_address(text)
    return (isinstance(given, IPv6Address) and given.ipv4_mapped) or given


def network(text: str) -> IPv4Network | IPv6Network:
    """Return the network, or single address, that is meant; bits beyond its length do not count.

    Raises ``ValueError`` for what is no network.
    """
    given = ip_network(text, strict=False)
    mapped = getattr(given.network_address, "ipv4_mapped", None)
    if mapped is None or given.prefixlen < _MAPPED_BITS:
        return given
    return IPv4Network((mapped, given.prefixlen - _MAPPED_BITS))


def spell(text: str) -> str:
    """Return an address in its usual form; raises ``ValueError`` for what is no address."""
    given = ip_address(text)
    mapped = given.ipv4_mapped if isinstance(given, IPv6Address) else None
    return f"::ffff:{mapped}" if mapped else str(given)
