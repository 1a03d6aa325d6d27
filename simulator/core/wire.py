"""One attempt as the bytes that are written to the socket, also where a fault changes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from .delivery import Attempt
from .fault import acts_at, disturb

_SLOW_PIECES = 8
_CHUNKS = 4


@dataclass(frozen=True, slots=True)
class Wire:
    """How one attempt is written; the defaults are an attempt without faults.

    ``attempt`` counts from 1. ``length_error`` is added to the stated content length.
    ``kept`` is the part of the body, from 0 to 1, after which the connection is closed;
    ``breaks_off`` closes it after a body that was captured incomplete.
    ``seconds`` of real time are spread over the body. ``hangs_up`` closes the connection as
    soon as an answer arrives, which is not read.
    """

    attempt: int
    chunked: bool = False
    length_error: int = 0
    kept: float = 1.0
    seconds: float = 0.0
    hangs_up: bool = False
    breaks_off: bool = False

    @property
    def is_whole(self) -> bool:
        """Tell whether what is written is an HTTP request with all of its body."""
        return not self.is_cut and not self.length_error

    @property
    def is_cut(self) -> bool:
        """Tell whether the connection is closed before the end that the head announces."""
        return self.kept < 1 or self.breaks_off


def of_attempt(attempt: Attempt) -> Wire | None:
    """Return how an attempt is written; None if no fault changes that."""
    faults = attempt.delivery.signed.payload.events[0].faults
    plain = Wire(attempt.number)
    wire = disturb("wire", plain, faults) if acts_at("wire", faults) else plain
    return None if wire == plain else wire


def parts(wire: Wire, body: bytes) -> list[bytes]:
    """Return the part of a body that is written, cut into the pieces of each write.

    A cut may be inside a character, as on any network.
    """
    kept = body[: int(len(body) * wire.kept)]
    number = _SLOW_PIECES if wire.seconds else _CHUNKS if wire.chunked else 1
    size = max(1, -(-len(kept) // number))
    starts = [0, *(_inside(kept, start, size) for start in range(size, len(kept), size))]
    ends = [*starts[1:], len(kept)]
    return [kept[start:end] for start, end in zip(starts, ends, strict=True) if start < end]


def _inside(body: bytes, start: int, size: int) -> int:
    """Return the first place from ``start`` on that is inside a character; else ``start``."""
    places = range(start, min(start + size, len(body)))
    return next((place for place in places if body[place] & 0xC0 == 0x80), start)


def pieces(wire: Wire, body: bytes) -> Iterator[bytes]:
    """Yield what follows the head, in the pieces in which it is written."""
    for part in parts(wire, body):
        yield b"%x\r\n%b\r\n" % (len(part), part) if wire.chunked else part
    if wire.chunked and not wire.is_cut:
        yield b"0\r\n\r\n"


def raw_request(
    url: str, headers: Mapping[str, str], body: bytes, wire: Wire | None = None
) -> bytes:
    """Return the HTTP/1.1 request that a transport sends for a delivery."""
    if wire is None:
        return raw_head(url, headers, len(body)) + body
    return head_on_wire(url, headers, body, wire) + b"".join(pieces(wire, body))


def head_on_wire(url: str, headers: Mapping[str, str], body: bytes, wire: Wire) -> bytes:
    """Return a request up to its body, with the length or the chunks that faults announce."""
    if not wire.chunked:
        return raw_head(url, headers, max(0, len(body) + wire.length_error))
    chunked = raw_head(url, {"transfer-encoding": "chunked", **headers}, 0)
    return chunked.replace(b"content-length: 0\r\n", b"", 1)


def raw_head(url: str, headers: Mapping[str, str], length: int) -> bytes:
    """Return a request up to its body of ``length`` bytes; path and query stay as given.

    A part behind ``#`` is not sent. Raises ``ValueError`` for line breaks in a header or URL.
    """
    return _head(f"{_first_lines('POST', url)}\r\ncontent-length: {length}", headers, 3)


def raw_get(url: str, headers: Mapping[str, str]) -> bytes:
    """Return a GET, which has no body; raises ``ValueError`` as ``raw_head``."""
    return _head(_first_lines("GET", url), headers, 2)


def _head(first_lines: str, headers: Mapping[str, str], count: int) -> bytes:
    """Return a head that begins with ``count`` lines; raises ``ValueError`` if it has others."""
    head = "\r\n".join([first_lines, *(f"{name}: {value}" for name, value in headers.items())])
    breaks = len(headers) + count - 1
    if head.count("\n") != breaks or head.count("\r") != breaks:
        raise ValueError("a line break in a header")
    return head.encode("utf-8", "surrogateescape") + b"\r\n\r\n"


@lru_cache(maxsize=4096)
def _first_lines(method: str, url: str) -> str:
    """Return request line and host, without user name and password of the URL."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return f"{method} {path} HTTP/1.1\r\nhost: {parts.netloc.rpartition('@')[2]}"
