"""Under which names the service answers: a page that rebinds a name of its own gets nothing."""

from __future__ import annotations

import ipaddress

from flask import Flask, request

from ..core import adobe_hosts
from ..errors import ApiError


def guard(app: Flask, bound: str) -> None:
    """Serve requests to the loopback, to the host that is listened on and to Adobe's only.

    Where every address of the machine is listened on, any IP address is served: only names
    can be rebound. Everything else is a 421.
    """

    @app.before_request
    def check() -> None:
        if "host" not in request.headers:
            raise ApiError(400, "Bad Request", "the header Host is missing")
        name = _name(request.host)
        if not is_served(name, bound):
            raise ApiError(
                421,
                "Misdirected Request",
                f"no host {name!r} is served here; use 127.0.0.1, or start flowsim up with "
                "--host and this name",
            )


def is_served(name: str, bound: str) -> bool:
    """Tell whether requests to a host name are answered by a service bound to ``bound``."""
    name = name.lower().rstrip(".")
    if name in (bound.lower(), "localhost", *adobe_hosts.ALL) or name.endswith(".localhost"):
        return True
    address = _address(name)
    if address is None:
        return False
    listens_everywhere = (bound_to := _address(bound)) is not None and bound_to.is_unspecified
    return address.is_loopback or address == bound_to or listens_everywhere


def _name(authority: str) -> str:
    """Return the host of an authority, without port and brackets."""
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    return authority.partition(":")[0]


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
