"""Refuses requests for hosts that are not served, and writing requests of other web origins.

This stops web pages whose host name resolves to this machine (DNS rebinding), and pages that send
forms (CSRF). Every server of flowsim has this guard.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from flask import Flask, current_app, request

from ..core.host_names import bracketed
from ..core.served_hosts import Served
from ..errors import ApiError

IN_PROCESS = Served(names=("testserver",))
"""The host that is served if an application is called without a socket, as in tests."""

_SERVED = "flowsim.served"
_AUTHORITY = re.compile(r"(?:[^@]*@)?(\[[^\[\]]+\]|[A-Za-z0-9._-]+)(?::([0-9]{0,5}))?")
_READING = {"GET", "HEAD", "OPTIONS"}
_DEFAULT_PORTS = {"http": "80", "https": "443"}


def guard(
    app: Flask,
    served: Served,
    refused: Callable[[str], None] = lambda _: None,
    *,
    any_origin: bool = False,
) -> None:
    """Let an application refuse hosts that are not served, and writing requests of other origins.

    Call it once, before the first request. From then on ``ApiError`` 421 or 403 is raised before
    the application handles such a request, and ``refused`` gets the reason. With ``any_origin``
    only the host matters.
    """
    app.extensions[_SERVED] = served

    @app.before_request
    def check() -> None:
        try:
            _refuse_other_hosts(served)
            if not any_origin and request.method not in _READING:
                refuse_other_origins()
        except ApiError as error:
            refused(str(error))
            raise


def authority() -> str:
    """Return the host that a request came to, with its port if that is not the default."""
    own = _authority(request.headers["host"])
    host = bracketed(own.name)
    return host if own.port == _DEFAULT_PORTS[request.scheme] else f"{host}:{own.port}"


def name() -> str:
    """Return the name of the host that a request came to, as names are compared."""
    return _authority(request.headers["host"]).name.lower().rstrip(".")


def _refuse_other_hosts(served: Served) -> None:
    if "host" not in request.headers:
        raise ApiError(400, "Bad Request", "the header Host is missing")
    name = _authority(request.headers["host"]).name
    if not served.holds(name):
        raise ApiError(421, "Misdirected Request", served.refusal(name))


def refuse_other_origins() -> None:
    """Raise ``ApiError`` 403 for a request of a page that this server has not served.

    Browsers say in ``Origin`` which page asks; other programs do not send it.
    """
    origin = request.headers.get("origin")
    if origin is not None and not _is_own(origin):
        raise ApiError(403, "Forbidden", f"no web page of {origin[:100]!r} may call this")


class _Authority(NamedTuple):
    """A host, without brackets, and its port; the whole text as host if it is no authority."""

    name: str
    port: str


def _authority(text: str, scheme: str = "") -> _Authority:
    found = _AUTHORITY.fullmatch(text)
    if found is None:
        return _Authority(text, "")
    port = found[2] or _DEFAULT_PORTS.get(scheme or request.scheme, "")
    return _Authority(found[1].strip("[]"), port)


def _is_own(origin: str) -> bool:
    """Return whether an origin is this server's: its scheme and port, and a host that is served."""
    served: Served = current_app.extensions[_SERVED]
    scheme, _, rest = origin.partition("://")
    page = _authority(rest, scheme)
    own = _authority(request.headers["host"])
    return (scheme, page.port) == (request.scheme, own.port) and served.holds(page.name)
