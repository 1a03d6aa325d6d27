"""A request as applications see it that are called without a socket: WSGI and ASGI.

Both are built as a server would that terminates TLS for the application, as Adobe's webhooks
must be reached: every header of the wire, host and length included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO, TextIO
from urllib.parse import SplitResult, unquote, unquote_to_bytes, urlsplit

from ..core.wire import Wire, parts

CLIENT = ("127.0.0.1", 50_000)
"""Where the request seems to come from."""

_PLAIN = Wire(1)
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class AppRequest:
    """One request to an application; path and query of ``url`` are passed as they are.

    ``wire`` says how it would be written.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    wire: Wire = _PLAIN

    @property
    def address(self) -> SplitResult:
        """The URL in its parts."""
        return urlsplit(self.url)

    @property
    def server(self) -> tuple[str, int]:
        """The name and the port that the URL names."""
        address = self.address
        return address.hostname or "", address.port or _PORTS[address.scheme]

    def body_parts(self) -> list[bytes]:
        """Return what the application gets to read, in the parts in which it comes."""
        stated = max(0, len(self.body) + self.wire.length_error)
        return parts(self.wire, self.body[:stated])

    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """Return all headers as they stand on the wire."""
        lines = [("host", self.address.netloc), *self._length(), *self.headers.items()]
        return [
            (name.encode("utf-8", "surrogateescape"), value.encode("utf-8", "surrogateescape"))
            for name, value in lines
        ]

    def _length(self) -> list[tuple[str, str]]:
        if self.method != "POST":
            return []
        if self.wire.chunked:
            return [("transfer-encoding", "chunked")]
        return [("content-length", str(max(0, len(self.body) + self.wire.length_error)))]


def wsgi_environ(
    request: AppRequest, body: BinaryIO, errors: TextIO, *, multithread: bool
) -> dict[str, Any]:
    """Return the environ of PEP 3333: the application reads ``body`` and writes ``errors``."""
    address, (name, port) = request.address, request.server
    target = (address.path or "/") + (f"?{address.query}" if address.query else "")
    return {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(address.path or "/").decode("latin-1"),
        "QUERY_STRING": address.query,
        "RAW_URI": target,
        "REQUEST_URI": target,
        "SERVER_NAME": name,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": CLIENT[0],
        "REMOTE_PORT": str(CLIENT[1]),
        "HTTPS": "on" if address.scheme == "https" else "off",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": address.scheme,
        "wsgi.input": body,
        "wsgi.input_terminated": True,
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
        name = _cgi_name(raw_name)
        value = raw_value.decode("latin-1")
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


@lru_cache
def _cgi_name(name: bytes) -> str:
    words = name.decode("latin-1").upper().replace("-", "_")
    return words if words in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{words}"


def asgi_scope(request: AppRequest, state: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scope of ASGI 3; ``state`` is what the application's lifespan left."""
    address = request.address
    path = address.path or "/"
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": address.scheme,
        "path": unquote(path),
        "raw_path": path.encode("ascii"),
        "query_string": address.query.encode("ascii"),
        "root_path": "",
        "headers": [[name.lower(), value] for name, value in request.raw_headers()],
        "client": CLIENT,
        "server": request.server,
        "state": dict(state),
    }
