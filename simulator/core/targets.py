"""Where webhooks may be: on this machine, and wherever ``--allow-target`` says.

Whoever can reach the service's API could otherwise let it call into networks that only it can
reach. Nothing here looks a name up: ``refusal`` judges the addresses that a name stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from urllib.parse import urlsplit

from ..errors import SettingError, TargetError
from . import ip_addresses
from .host_names import ascii_host, ascii_url
from .target import other_scheme

_PLACE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?")
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?")
"""What other programs take for an IPv4 address: its last part is a number."""
_EXPECTED = "expected an address such as http://localhost:3000/hook or https://host/hook"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Host names and networks that webhooks may point to, beside the loopback."""

    names: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Allowed:
        """Return what ``--allow-target`` names; raises ``SettingError`` for anything else."""
        names, networks = set(), []
        for text in texts:
            try:
                networks.append(ip_addresses.network(text.strip("[]")))
            except ValueError:
                names.add(_name(text))
        return cls(frozenset(names), tuple(networks))

    def holds(self, address: str) -> bool:
        """Tell whether an IP address is the loopback, or in one of the networks."""
        meant = ip_addresses.meaning(address)
        return meant.is_loopback or any(meant in network for network in self.networks)


def place_of(url: str) -> tuple[str, int]:
    """Return host and port of a webhook: the name in lower case without a last dot.

    Raises ``TargetError`` for whatever programs could understand in different ways: other
    schemes, user names, and IP addresses that are not in their usual form. A host that is not
    ASCII is the one that DNS has for it.
    """
    url = ascii_url(url)
    if not re.fullmatch(r"[\x21-\x7e]+", url):
        raise TargetError("characters are to be percent-encoded")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise TargetError(f"{error}; {_EXPECTED}") from None
    if parts.scheme not in ("http", "https"):
        why = f"{other_scheme(parts.scheme)}; " if "://" in url else ""
        raise TargetError(f"{why}{_EXPECTED}")
    if "@" in parts.netloc:
        raise TargetError("it holds a user name or password; Adobe sends none, leave it out")
    found = _PLACE.fullmatch(parts.netloc)
    port = int((found and found[2]) or {"http": 80, "https": 443}[parts.scheme])
    if not found or not 0 < port < 65536:
        raise TargetError(f"{parts.netloc!r} is no host and port; {_EXPECTED}")
    return host_of(found[1]), port


def host_of(text: str) -> str:
    """Return a host in the form in which it is compared; raises ``TargetError`` if it is none."""
    host = text.lower()
    if is_address(host):
        return _address(host)
    name = host.removesuffix(".")
    if not all(name.split(".")):
        raise TargetError(f"{text!r} is no host name")
    return name


def refusal(host: str, addresses: Sequence[str], allowed: Allowed) -> str | None:
    """Return why no webhook may be at a host that has these addresses; nothing if it may.

    A name that is allowed may have any address. Otherwise all must be allowed: one that is
    not could be the one that is connected to.
    """
    if host in allowed.names:
        return None
    outside = next((each for each in addresses if not allowed.holds(each)), None)
    if addresses and outside is None:
        return None
    where = "cannot be resolved"
    if outside:
        where = "is not on this machine" if outside == host else f"is at {outside}, elsewhere"
    return f"{host} {where}; start flowsim up with --allow-target {host} if it may be called"


def is_address(host: str) -> bool:
    """Tell whether a host, in the form in which it is compared, is an IP address."""
    return ":" in host or _NUMBER.fullmatch(host) is not None


def _address(host: str) -> str:
    try:
        return ip_addresses.spell(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        raise TargetError(
            f"{host!r} is no IP address in its usual form, such as 127.0.0.1 or [::1]"
        ) from None


def _name(text: str) -> str:
    try:
        name = ascii_host(text)
        if re.fullmatch(r"[A-Za-z0-9._-]+", name):
            return host_of(name)
    except TargetError:
        pass
    raise SettingError(
        f"--allow-target {text}: expected a host name, an IP address or a network such as "
        "hooks.example, 192.168.1.7 or 10.0.0.0/8"
    )
