"""The address of a webhook: how users write it, and where it may be.

A client of the service's API could otherwise make the service call into networks that only the
service can reach. So webhooks are on this machine, and where ``--allow-target`` says. Names are
not looked up here: ``refusal`` gets the addresses of a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from urllib.parse import urlsplit

from ..errors import SettingError, TargetError
from .host_names import ascii_host, ascii_url, host_of, ip_network_of, ip_of

_EXPECTED = "expected an address such as http://localhost:3000/hook or https://host/hook"
_EXPECTED_TYPED = (
    "expected an address such as 3000, :3000/hook, localhost:3000/hook or https://host/hook"
)
_PLACE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?")
_PORTS = {"http": 80, "https": 443}
_CHARACTERS = re.compile(r"[\x21-\x7e]+")
"""What an address has without percent-encoding."""

_PLAIN = re.compile(
    r"""https?://.*
    | :?\d{1,5}(?:[/?].*)?                                    # 3000, :3000/hook
    | (?:localhost|\d+(?:\.\d+){3}|\[[0-9a-f:]+\])(?::\d+)?(?:/.*)?
    | [a-z0-9.-]+:\d{1,5}(?:/.*)?                             # consumer:3000
    """,
    re.IGNORECASE | re.VERBOSE,
)


def parse_target(text: str) -> str:
    """Return the URL of a webhook as a user types it; a full URL is kept letter for letter.

    ``3000`` and ``:3000/hook`` mean 127.0.0.1, a missing scheme means http. A host that is not
    ASCII comes out as DNS has it. Raises ``TargetError`` for anything that is not an http or
    https address.
    """
    try:
        url = ascii_url(_complete(text))
        parts = urlsplit(url)
        port = parts.port
    except (ValueError, TargetError) as error:
        raise TargetError(f"the target {text!r}: {error}; {_EXPECTED_TYPED}") from None
    if parts.scheme not in _PORTS:
        reason = _other_scheme(parts.scheme)
        raise TargetError(f"the target {text!r}: {reason}; {_EXPECTED_TYPED}")
    if not _CHARACTERS.fullmatch(url):
        reason = "has characters that must be percent-encoded"
        raise TargetError(f"the target {text!r} {reason}; {_EXPECTED_TYPED}")
    if not parts.hostname or port == 0:
        raise TargetError(f"the target {text!r} is not an http address; {_EXPECTED_TYPED}")
    if "@" in parts.netloc:
        raise TargetError(
            "the target contains a user name or password; Adobe sends none, remove it"
        )
    return url if parts.path or parts.query else f"{parts.scheme}://{parts.netloc}/"


def shortened(url: str) -> str:
    """Return a parsed target as short as a user may type it: ``3000/hook`` on this machine."""
    path = url[:-1] if url.endswith("/") else url
    short = (path.removeprefix("http://127.0.0.1:"), path.removeprefix("http://"), path)
    return next((each for each in short if _means(each, url)), url)


def _means(text: str, url: str) -> bool:
    try:
        return is_plain(text) and parse_target(text) == url
    except TargetError:
        return False


def _complete(text: str) -> str:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text):
        return text
    if found := re.match(r"(https?):/*", text, re.IGNORECASE):
        raise TargetError(f"write {found[1].lower()}:// at its beginning")
    if re.match(r":?\d+(?:[/?]|$)", text):
        return f"http://127.0.0.1:{text.removeprefix(':')}"
    return f"http://{text}"


def is_plain(text: str) -> bool:
    """Tell whether a text is clearly an address and hardly the name of a file."""
    return _PLAIN.fullmatch(text) is not None


def host_and_port(url: str) -> tuple[str, int]:
    """Return where a parsed target listens."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 80)


def with_query(url: str, query: str) -> str:
    """Return an address with one more part of a query; an empty part adds nothing."""
    address = url.split("#", 1)[0]
    if not query:
        return address
    _, mark, before = address.partition("?")
    joint = "&" if before and not before.endswith("&") else "" if mark else "?"
    return f"{address}{joint}{query}"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Host names and networks that webhooks may point to, in addition to the loopback."""

    names: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Allowed:
        """Return what ``--allow-target`` names; raises ``SettingError`` for anything else."""
        names, networks = set(), []
        for text in texts:
            try:
                networks.append(ip_network_of(text.strip("[]")))
            except ValueError:
                names.add(_name(text))
        return cls(frozenset(names), tuple(networks))

    def holds(self, address: str) -> bool:
        """Tell whether an IP address is the loopback, or in one of the networks."""
        ip = ip_of(address)
        return ip is not None and (ip.is_loopback or any(ip in each for each in self.networks))


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


def place_of(url: str) -> tuple[str, int]:
    """Return host and port of a webhook: the name in lower case without a last dot.

    Raises ``TargetError`` for what programs could understand in different ways: other schemes,
    user names, and IP addresses that are not in their usual form. A host that is not ASCII is
    the one that DNS has for it.
    """
    url = ascii_url(url)
    if not _CHARACTERS.fullmatch(url):
        raise TargetError("some characters must be percent-encoded")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise TargetError(f"{error}; {_EXPECTED}") from None
    if parts.scheme not in _PORTS:
        why = f"{_other_scheme(parts.scheme)}; " if "://" in url else ""
        raise TargetError(f"{why}{_EXPECTED}")
    if "@" in parts.netloc:
        raise TargetError("it contains a user name or password; Adobe sends none, remove it")
    found = _PLACE.fullmatch(parts.netloc)
    port = int((found and found[2]) or _PORTS[parts.scheme])
    if not found or not 0 < port < 65536:
        raise TargetError(f"{parts.netloc!r} is not a host and port; {_EXPECTED}")
    return host_of(found[1]), port


def _other_scheme(scheme: str) -> str:
    return f"its scheme is {scheme}, not http or https"


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
        where = (
            "is not on this machine" if outside == host else f"is at {outside}, on another machine"
        )
    return f"{host} {where}; start flowsim up with --allow-target {host} if it may be called"
