"""HTTP calls whose answers are bounded in time and in size.

Every byte counts: interim answers, heads, lengths and extensions of chunks, trailers. The limits
of ``requests`` are for each part of an answer only, and none is for its size. Commands call a
running service this way, and keys are fetched from key hosts. The module is in this room since
it knows the clock only, and rooms from ``installation`` upwards need it.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Collection
from functools import partial
from http.client import HTTPException, HTTPResponse
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Retry
from urllib3.exceptions import HTTPError, NameResolutionError, ProtocolError, ReadTimeoutError

from .clock import stopwatch

NOTHING = "nothing listens there"
LATE = "it takes too long"
NO_NAME = "the name of its host cannot be looked up"
NO_TLS = "it does not speak TLS"
UNTRUSTED = "its certificate is not trusted"
CUT = "the connection ends without an answer"
ENDLESS = "its answer is too long"

FAILURES = (requests.RequestException, HTTPError, HTTPException, OSError, ValueError)
"""Errors that a call of a session raises if it gets no answer, or no readable one."""


class EndlessError(OSError):
    """An answer has more bytes than the limit."""


def session(most: int, seconds: float, again_after: Collection[int] = ()) -> requests.Session:
    """Return a session that takes answers of ``most`` bytes, each within ``seconds`` seconds.

    It uses no proxy, and no password from a file. An answer that is longer or later raises one of
    ``FAILURES``. After an answer with a status in ``again_after`` a call is made once more.
    """
    retries = Retry(0, read=False)
    if again_after:
        retries = Retry(1, connect=0, read=0, status_forcelist=again_after, raise_on_status=False)
    made = requests.Session()
    made.trust_env = False
    for scheme in ("http://", "https://"):
        made.mount(scheme, _Adapter(most, seconds, retries))
    return made


def why(error: BaseException) -> str:
    """Return why a call of a session got no answer, in a few words."""
    if is_endless(error):
        return ENDLESS
    if isinstance(error, requests.Timeout | ReadTimeoutError):
        return LATE
    if isinstance(error, requests.exceptions.SSLError):
        return UNTRUSTED if "CERTIFICATE_VERIFY_FAILED" in str(error) else NO_TLS
    first = next(iter(error.args), None)
    if isinstance(getattr(first, "reason", None), NameResolutionError):
        return NO_NAME
    return CUT if isinstance(first, ProtocolError) else NOTHING


def is_endless(error: BaseException) -> bool:
    """Tell whether an error came of an answer that is longer than is read."""
    found: BaseException | None = error
    while found is not None and not isinstance(found, EndlessError):
        found = found.__cause__ or found.__context__
    return found is not None


class _Adapter(HTTPAdapter):
    def __init__(self, most: int, seconds: float, retries: Retry) -> None:
        self._bounds = most, seconds
        super().__init__(max_retries=retries)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        pools = HTTPConnectionPool, HTTPSConnectionPool
        made = {kind.scheme: _bounded(kind, *self._bounds) for kind in pools}
        self.poolmanager.pool_classes_by_scheme = made


def _bounded(kind: Any, most: int, seconds: float) -> Any:
    """Return a kind of connection pool whose connections read bounded answers."""
    reader = {"response_class": staticmethod(partial(_Response, most, seconds))}
    connection = type("BoundedConnection", (kind.ConnectionCls,), reader)
    return type("BoundedPool", (kind,), {"ConnectionCls": connection})


class _Response(HTTPResponse):
    """An answer, from its first interim one to its last trailer."""

    def __init__(
        self, most: int, seconds: float, sock: socket.socket, *more: Any, **options: Any
    ) -> None:
        super().__init__(sock, *more, **options)
        whole: Any = self.fp
        self.fp = io.BufferedReader(_Bounded(whole.detach(), most, stopwatch() + seconds))


class _Bounded(io.RawIOBase):
    """Reads a limited number of bytes from a socket, until a moment of ``stopwatch``."""

    def __init__(self, raw: io.RawIOBase, left: int, deadline: float) -> None:
        self._raw = raw
        self._left = left
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if stopwatch() > self._deadline:
            raise TimeoutError("the answer takes too long")
        size: int | None = self._raw.readinto(buffer)
        self._left -= size or 0
        if self._left < 0:
            raise EndlessError("the answer is longer than is read")
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()
