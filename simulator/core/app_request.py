"""A request as applications see it that are called without a socket: WSGI and ASGI.

Both are built as a server would that terminates TLS for the application, as Adobe's webhooks
must be reached: every header of the wire, host and length included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import SplitResult, unquote, unquote_to_bytes, urlsplit

CLIENT = ("127.0.0.1", 50_000)
"""Where the request seems to come from."""

_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class AppRequest:
    """One request to an application; path and query of ``url`` are passed as they are."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.url)

    @property
    def server(self) -> tuple[str, int]:
        """The name and the port that the URL names."""
        parts = self.parts
        return parts.hostname or "", parts.port or _PORTS[parts.scheme]

    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """Return all headers as they stand on the wire."""
        named = {"host": self.parts.netloc, **self.headers}
        if self.method == "POST":
            named = {"content-length": str(len(self.body)), **named}
        return [(name.encode("latin-1"), value.encode("utf-8")) for name, value in named.items()]


def wsgi_environ(request: AppRequest, errors: Any, *, multithread: bool) -> dict[str, Any]:
    """Return the environ of PEP 3333; ``errors`` is a text stream for the application."""
    parts, (name, port) = request.parts, request.server
    path = parts.path or "/"
    return {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": parts.query,
        "RAW_URI": _target(parts),
        "REQUEST_URI": _target(parts),
        "SERVER_NAME": name,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": CLIENT[0],
        "REMOTE_PORT": str(CLIENT[1]),
        "HTTPS": "on" if parts.scheme == "https" else "off",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(request.body),
        "wsgi.errors": errors,
        "wsgi.multithread": multithread,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **_cgi_headers(request),
    }


def _cgi_headers(request: AppRequest) -> dict[str, str]:
    """Return headers as CGI calls them; values are bytes that pass for Latin-1."""
    found: dict[str, str] = {}
    for raw_name, raw_value in request.raw_headers():
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        if name not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            name = f"HTTP_{name}"
        value = raw_value.decode("latin-1")
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def asgi_scope(request: AppRequest, state: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scope of ASGI 3; ``state`` is what the application's lifespan left."""
    parts, path = request.parts, request.parts.path or "/"
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": parts.scheme,
        "path": unquote(path),
        "raw_path": path.encode("ascii"),
        "query_string": parts.query.encode("ascii"),
        "root_path": "",
        "headers": [[name.lower(), value] for name, value in request.raw_headers()],
        "client": CLIENT,
        "server": request.server,
        "state": dict(state),
    }


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
