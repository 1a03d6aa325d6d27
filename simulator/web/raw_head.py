"""The head of a request as it came: WSGI hands names on without case, order and repetitions."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from cheroot.server import HTTPRequest
from cheroot.wsgi import Gateway_10
from flask import Request

from . import silences

KEY = "flowsim.head"
"""Where the environment of a request holds the bytes, from the request line to the empty one."""


def head_of(request: Request) -> bytes:
    """Return the head of a request as it came.

    A server that is not ours hands on what WSGI has: names in title case, each of them once.
    """
    raw: bytes | None = request.environ.get(KEY)
    if raw is not None:
        return raw
    query = request.query_string.decode("latin-1")
    target = quote(request.path) + (f"?{query}" if query else "")
    lines = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    return f"{request.method} {target} HTTP/1.1\r\n{lines}\r\n".encode("latin-1")


class _Recording:
    """Hands lines on and remembers them."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.lines: list[bytes] = []

    def readline(self) -> bytes:
        line: bytes = self._file.readline()
        self.lines.append(line)
        return line


class RecordingRequest(HTTPRequest):
    """A request that remembers its head."""

    recording: _Recording

    def read_request_line(self) -> bool:
        self.rfile = self.recording = _Recording(self.rfile)
        return bool(super().read_request_line())  # type: ignore[no-untyped-call]


class Gateway(Gateway_10):
    """Hands an application the head of its request, too."""

    def get_environ(self) -> dict[str, Any]:  # type: ignore[override]
        environ: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]
        environ[KEY] = b"".join(self.req.recording.lines).lstrip(b"\r\n")
        environ[silences.KEY] = self.req.conn
        return environ
