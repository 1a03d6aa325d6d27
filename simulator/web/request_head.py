"""The head of a request: its bytes as received, what is ambiguous, and why it is refused.

WSGI drops case, order and repetitions of header names; they are kept here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from cheroot.wsgi import Gateway_10
from flask import Request

from . import silences

KEY = "flowsim.head"
"""Where the environment of a request holds the bytes, from the request line to the empty one."""

FOLDED = "A header that continues in another line"
"""The message for a header that continues in the next line."""

_LENGTH, _CODING, _HOST = b"content-length", b"transfer-encoding", b"host"

_SHOWN = 200
"""How many characters of a request line are kept."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that the server answers by itself, without calling the application.

    ``line`` is its first line, as far as it was read.
    """

    status_code: int
    reason: str
    line: str = ""


def head_of(request: Request) -> bytes:
    """Return the head of a request as it came.

    If the server is not ours, the head is rebuilt from WSGI: names in title case, each once.
    """
    raw: bytes | None = request.environ.get(KEY)
    if raw is not None:
        return raw
    query = request.query_string.decode("latin-1")
    target = quote(request.path) + (f"?{query}" if query else "")
    lines = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    return f"{request.method} {target} HTTP/1.1\r\n{lines}\r\n".encode("latin-1")


def first_line(head: bytes) -> str:
    """Return the beginning of a request's first line; nothing if it is incomplete."""
    line, end, _ = head.lstrip(b"\r\n").partition(b"\n")
    return line.decode("latin-1").rstrip("\r")[:_SHOWN] if end else ""


def ambiguity(lines: Iterable[bytes]) -> str | None:
    """Return what is ambiguous in the lines of a head, or None (RFC 9112)."""
    found: dict[bytes, list[bytes]] = {_LENGTH: [], _CODING: [], _HOST: []}
    for line in lines:
        name, colon, value = line.partition(b":")
        if line[:1] in (b" ", b"\t"):
            return FOLDED
        if colon and name != name.rstrip():
            return "A space before the colon of a header"
        found.get(name.lower(), []).append(value.strip())
    for name, values in found.items():
        if len(values) > 1:
            return f"More than one {name.decode().title()} header"
    if found[_LENGTH] and found[_CODING]:
        return "Content-Length beside Transfer-Encoding"
    if not all(map(bytes.isdigit, found[_LENGTH])):
        return "Content-Length is not a number of bytes"
    return None


class RecordedLines:
    """Reads lines and remembers them."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.lines: list[bytes] = []

    def readline(self) -> bytes:
        line: bytes = self._file.readline()
        self.lines.append(line)
        return line


class Gateway(Gateway_10):
    """Adds the head of the request and its connection to the WSGI environment."""

    def get_environ(self) -> dict[str, Any]:  # type: ignore[override]
        environ: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]
        environ[KEY] = b"".join(self.req.recording.lines).lstrip(b"\r\n")
        environ[silences.KEY] = self.req.conn
        return environ
