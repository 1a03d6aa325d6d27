"""A delivery as the bytes on the wire, and as a curl command."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from urllib.parse import urlsplit

_CURL = "curl -q -sS --noproxy '*' --http1.1 --globoff --path-as-is"
_NOT_FROM_CURL = ("accept", "expect")


def raw_request(url: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """Return the HTTP/1.1 request that a transport sends for a delivery."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    own = {"host": parts.netloc, "content-length": str(len(body)), **headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in own.items())]
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body


def curl_command(url: str, headers: Mapping[str, str], body: bytes) -> str:
    """Return a shell command that sends the same request.

    The body goes through ``printf``, which shells build in: one argument of a program is
    limited to 128 KiB. What curl would add or tidy is switched off, and so are the user's own
    settings and proxies.
    """
    options = [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items()]
    options += [f"-H '{name}:'" for name in _NOT_FROM_CURL]
    text = shlex.quote(body.decode("utf-8"))
    return (
        f"printf '%s' {text} | {_CURL} -X POST --data-binary @- {' '.join(options)} "
        f"{shlex.quote(url)}"
    )
