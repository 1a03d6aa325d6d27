"""Hosts in the one form in which they are compared: names as DNS has them, and IP addresses.

Names that are not ASCII are encoded (IDNA 2008). An IPv4 address can be written as an IPv6 one,
``::ffff:127.0.0.1``. Versions of Python differ in whether that one is of the loopback, and in
how they spell it; here it means the same on all of them.
"""

from __future__ import annotations

import re
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from ..errors import TargetError

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)([^/?#]*?)((?::[0-9]*)?)([/?#].*|)", re.DOTALL)
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?")
"""What other programs take for an IPv4 address: its last part is a number."""

_LONGEST = 253
_SHOWN = 100
_MAPPED_BITS = 96
"""How many bits stand before the IPv4 address in an IPv6 one."""


def host_of(text: str) -> str:
    """Return a host in the form in which it is compared; raises ``TargetError`` if it is none."""
    host = text.lower()
    if is_address(host):
        return _usual_form(host)
    name = host.removesuffix(".")
    if not all(name.split(".")):
        raise TargetError(f"{text!r} is not a host name")
    return name


def ascii_host(host: str) -> str:
    """Return a host name with its labels in ASCII, as in ``xn--bcher-kva.example``.

    Labels that are ASCII stay as they are. Raises ``TargetError`` for a name that has no such
    form, and for one that only looks unlike ASCII: programs differ in what they take it for.
    """
    if host.isascii():
        return host
    if len(host) > _LONGEST:
        raise _refusal(host, f"more than {_LONGEST} characters")
    return ".".join(each if each.isascii() else _encoded(each, host) for each in host.split("."))


def ascii_url(url: str) -> str:
    """Return an address with its host in ASCII; all else stays letter for letter.

    Raises ``TargetError`` as ``ascii_host``.
    """
    if url.isascii():
        return url
    parts = _URL.fullmatch(url)
    if parts is None or "@" in parts[2]:
        return url
    return f"{parts[1]}{ascii_host(parts[2])}{parts[3]}{parts[4]}"


def _encoded(label: str, host: str) -> str:
    import idna  # most hosts are ASCII

    try:
        encoded = idna.encode(label, uts46=True).decode("ascii")
    except UnicodeError as error:
        raise _refusal(host, str(error)[:_SHOWN]) from None
    if not encoded.startswith("xn--"):
        raise _refusal(host, f"{label[:_SHOWN]!r} means {encoded[:_SHOWN]!r}: write that")
    return encoded


def _refusal(host: str, reason: str) -> TargetError:
    return TargetError(f"{host[:_SHOWN]!r} is not a host name ({reason})")


def is_address(host: str) -> bool:
    """Tell whether a host, in the form in which it is compared, is an IP address."""
    return ":" in host or _NUMBER.fullmatch(host) is not None


def bracketed(host: str) -> str:
    """Return a host as it stands before a port: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def reached_at(host: str) -> str:
    """Return the host to connect to: the loopback, if a server listens on every address."""
    ip = ip_of(host)
    if host and (ip is None or not ip.is_unspecified):
        return host
    return "::1" if ip is not None and ip.version == 6 else "127.0.0.1"


def ip_of(host: str) -> IPv4Address | IPv6Address | None:
    """Return a host as an IP address; an IPv4-mapped IPv6 address becomes IPv4.

    None stands for a host that is a name.
    """
    try:
        given = ip_address(host)
    except ValueError:
        return None
    return (isinstance(given, IPv6Address) and given.ipv4_mapped) or given


def spelled_ip(text: str) -> str:
    """Return an IP address in its usual form; raises ``ValueError`` for other text."""
    given = ip_address(text)
    mapped = given.ipv4_mapped if isinstance(given, IPv6Address) else None
    return f"::ffff:{mapped}" if mapped else str(given)


def ip_network_of(text: str) -> IPv4Network | IPv6Network:
    """Return a network, or single IP address; bits after the prefix are ignored.

    An IPv4-mapped IPv6 network becomes IPv4. Raises ``ValueError`` for other text.
    """
    given = ip_network(text, strict=False)
    mapped = getattr(given.network_address, "ipv4_mapped", None)
    if mapped is None or given.prefixlen < _MAPPED_BITS:
        return given
    return IPv4Network((mapped, given.prefixlen - _MAPPED_BITS))


def _usual_form(host: str) -> str:
    try:
        return spelled_ip(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        raise TargetError(
            f"{host!r} is not an IP address in its usual form, such as 127.0.0.1 or [::1]"
        ) from None
