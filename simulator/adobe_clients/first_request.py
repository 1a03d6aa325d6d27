"""The first request to a server of flowsim, which proves that it answers.

A socket that listens proves nothing: the system accepts connections for a server even if its
threads could not be started. The request is made with ``http.client``, since every start of a
service makes it, and ``requests`` takes long to load.
"""

from __future__ import annotations

import ssl
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection

from ..core import adobe_hosts
from ..core.headers import FIRST_REQUEST
from ..core.host_names import reached_at
from ..errors import BreakdownError
from ..runtime.breakdowns import exhaustion

_HEADERS = {"connection": "close", FIRST_REQUEST: "yes"}

_SECONDS = 20.0
"""How long each step of a request may take: far longer than on a machine that is very busy."""


def over_http(host: str, port: int, path: str, seconds: float = _SECONDS) -> None:
    """Return once a server answers; ``host`` is where it listens.

    Raises ``ExhaustedError`` or ``BreakdownError`` if it does not.
    """
    _expect(HTTPConnection(reached_at(host), port, timeout=seconds), path)


def over_tls(host: str, port: int, path: str, seconds: float = _SECONDS) -> None:
    """Return once a server answers over HTTPS; raises as ``over_http`` does."""
    _expect(_secure(host, port, seconds), path)


def through_proxy(host: str, port: int, path: str, seconds: float = _SECONDS) -> None:
    """Return once a proxy has led to an Adobe host that answers; raises as ``over_http`` does."""
    connection = _secure(host, port, seconds)
    connection.set_tunnel(adobe_hosts.API, 443)
    _expect(connection, path)


def _secure(host: str, port: int, seconds: float) -> HTTPSConnection:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it is our own
    return HTTPSConnection(reached_at(host), port, timeout=seconds, context=context)


def _expect(connection: HTTPConnection, path: str) -> None:
    place = f"{connection.host}:{connection.port}"
    with closing(connection):
        try:
            connection.request("GET", path, headers=_HEADERS)
            answer = connection.getresponse()
            problem = f"it says {answer.status}" if answer.status >= 500 else ""
        except (OSError, HTTPException, ValueError) as error:
            if (lack := exhaustion(error)) is not None:
                raise lack from None
            problem = str(getattr(error, "strerror", None) or error or type(error).__name__).lower()
    if problem:
        raise BreakdownError(
            f"what was started on {place} does not answer ({problem}); start flowsim again, and "
            "with more memory and threads if they are limited"
        )
