"""The host names for which a server of flowsim answers.

A web page can let a name of its own lead to this machine, and then read what is served here
("DNS rebinding"). So a server answers only for names that no such page can have, and for names that
the user gives.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from ..errors import TargetError
from . import adobe_hosts
from .host_names import ascii_host, host_of, ip_of

CONTAINER_DOMAINS = ("docker.internal", "containers.internal", "testcontainers.internal")
"""Containers reach their machine by names below these, such as ``host.docker.internal``.

``internal`` is reserved for private use: no web page can have a name there.
"""

_DOMAINS = ("localhost", *CONTAINER_DOMAINS)
_NAME = re.compile(r"[A-Za-z0-9._-]{1,253}")
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Served:
    """The hosts for which a server answers that listens on ``bound``.

    ``names`` are those that ``--name`` adds; ``None`` where there is no such option.
    """

    bound: str = "127.0.0.1"
    names: tuple[str, ...] | None = None

    @property
    def stated(self) -> tuple[str, ...]:
        """The hosts that the user named: the one to listen on, and those of ``--name``."""
        return (self.bound, *(self.names or ()))

    def holds(self, name: str) -> bool:
        """Tell whether requests for a host are answered.

        Always answered are the loopback, Adobe's hosts, ``bound``, and the names by which
        containers reach this machine. A server that listens on every address answers for any
        IP address: only names can be made to lead elsewhere.
        """
        name = name.lower().rstrip(".")
        address = ip_of(name)
        if address is not None:
            is_always = address.is_loopback or self._is_everywhere
            return is_always or address in map(ip_of, self.stated)
        if name in ("localhost", *adobe_hosts.ALL, *map(str.lower, self.stated)):
            return True
        is_name = _NAME.fullmatch(name) is not None
        return is_name and any(name.endswith(f".{domain}") for domain in _DOMAINS)

    @property
    def _is_everywhere(self) -> bool:
        bound = ip_of(self.bound)
        return bound is not None and bound.is_unspecified

    def refusal(self, name: str) -> str:
        """Return why a host is not answered for, and what to do."""
        remedy = f"use {'localhost' if self._is_everywhere else self.bound}"
        if self.names is not None and name.isascii():
            with suppress(ValueError):  # what no option can name
                remedy = f"add --name {parse(name)}"
        return f"no host {name[:_SHOWN]!r} is served here; {remedy}"


LOOPBACK = Served()
"""For a server that listens on the loopback and has no option for names."""


def parse(text: str) -> str:
    """Return a host name or an IP address in the form in which it is compared.

    Raises ``ValueError`` for anything else, a port or a scheme beside it included.
    """
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        name = ascii_host(text)
        if _NAME.fullmatch(name) or ip_of(bare):
            return host_of(name.strip("[]"))
    except TargetError:
        pass
    raise ValueError("neither a host name nor an IP address, such as consumer or 172.17.0.1")
