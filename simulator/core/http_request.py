"""A delivery as the bytes on the wire, and as a curl command."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from .shell_words import printf, quoted
from .wire import Wire, pieces

_CURL = "curl -q -sS --noproxy '*' --http1.1 --globoff --path-as-is"
_FROM_CURL = ("accept", "expect", "user-agent", "content-type")
"""What curl adds to a request with a body, unless it is told otherwise."""


def raw_request(
    url: str, headers: Mapping[str, str], body: bytes, wire: Wire | None = None
) -> bytes:
    """Return the HTTP/1.1 request that a transport sends for a delivery."""
    if wire is None:
        return raw_head(url, headers, len(body)) + body
    return head_on_wire(url, headers, body, wire) + b"".join(pieces(wire, body))


def head_on_wire(url: str, headers: Mapping[str, str], body: bytes, wire: Wire) -> bytes:
    """Return a request up to its body, whose end is stated as faults want it."""
    if not wire.chunked:
        return raw_head(url, headers, max(0, len(body) + wire.length_error))
    chunked = raw_head(url, {"transfer-encoding": "chunked", **headers}, 0)
    return chunked.replace(b"content-length: 0\r\n", b"", 1)


def raw_head(url: str, headers: Mapping[str, str], length: int) -> bytes:
    """Return a request up to its body of so many bytes, path and query as they were given.

    A part behind ``#`` is not sent. Raises ``ValueError`` for line breaks where none may be.
    """
    return _head(f"{_first_lines('POST', url)}\r\ncontent-length: {length}", headers, 3)


def raw_get(url: str, headers: Mapping[str, str]) -> bytes:
    """Return a GET, which has no body; raises ``ValueError`` as ``raw_head``."""
    return _head(_first_lines("GET", url), headers, 2)


def _head(first_lines: str, headers: Mapping[str, str], count: int) -> bytes:
    """Return a head that begins with so many lines; raises ``ValueError`` if it has others."""
    head = "\r\n".join([first_lines, *(f"{name}: {value}" for name, value in headers.items())])
    breaks = len(headers) + count - 1
    if head.count("\n") != breaks or head.count("\r") != breaks:
        raise ValueError("a line break in a header")
    return head.encode("utf-8", "surrogateescape") + b"\r\n\r\n"


@lru_cache(maxsize=4096)
def _first_lines(method: str, url: str) -> str:
    """Return request line and host; of a user name and password in the URL nothing is sent."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return f"{method} {path} HTTP/1.1\r\nhost: {parts.netloc.rpartition('@')[2]}"


def with_query(url: str, query: str) -> str:
    """Return an address with one more part of a query; none is added to it if that is empty."""
    address = url.split("#", 1)[0]
    if not query:
        return address
    _, mark, before = address.partition("?")
    joint = "&" if before and not before.endswith("&") else "" if mark else "?"
    return f"{address}{joint}{query}"


def curl_command(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    method: str = "POST",
    *,
    option: str = "",
) -> str:
    """Return a shell command that sends the same request; a GET has no body.

    ``option`` is one more of curl's, quoted as the shell wants it.

    The body goes through ``printf``, which shells build in: one argument of a program is
    limited to 128 KiB. What curl would add or tidy is switched off, and so are the user's own
    settings and proxies.
    """
    options = [f"-H {quoted(f'{name}: {value}')}" for name, value in headers.items()]
    given = {name.lower() for name in headers} | ({"content-type"} if method == "GET" else set())
    options += [f"-H '{name}:'" for name in _FROM_CURL if name not in given]
    options += [option] if option else []
    request = f"{' '.join(options)} {quoted(url)}"
    if method == "GET":
        return f"{_CURL} {request}"
    text = printf(body.decode("utf-8", "surrogateescape"))
    return f"{text} | {_CURL} -X POST --data-binary @- {request}"
