"""Answers: read from a connection in pieces of any size, and their bodies decoded.

Deliveries announce ``deflate,compress,identity``, so answers may come deflated (RFC 9110, 8.4).
gzip is read too: servers send it to clients that did not ask for it. ``compress`` is not read:
servers do not send it any more.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

KEPT_BODY = 64 * 1024
"""How much of an answer's body is kept, in bytes."""

READ_BODY = 2**20
"""How much of an answer's body is read, in bytes; the connection to a longer one is closed."""

LONGEST_HEAD = 64 * 1024
"""How long the status line and the headers of an answer may be, with those of interim answers
before it, in bytes."""

READ = READ_BODY + LONGEST_HEAD
"""How much of an answer is read, in bytes: also lengths and extensions of chunks, and trailers."""

_ZLIB, _RAW, _GZIP = zlib.MAX_WBITS, -zlib.MAX_WBITS, zlib.MAX_WBITS | 16

_MAGIC = b"\x1f\x8b"
"""What each member of a gzip file begins with."""

_FORMATS = {b"deflate": (_ZLIB, _RAW), b"gzip": (_GZIP,), b"x-gzip": (_GZIP,)}
"""Encoding → the formats it may have; servers differ in what they take ``deflate`` for."""

_NAME = b"content-encoding"
_NAME_LENGTH = len(_NAME)
_MOST_ENCODINGS = 4
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer; ``reusable`` says whether its connection may carry another request.

    ``body`` is the beginning of the body; ``headers`` keep their order and spelling.
    """

    status_code: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    reusable: bool


class AnswerReader:
    """Reads the answers on one connection; ``close`` must be called at its end."""

    def __init__(self) -> None:
        self._parser = HttpResponseParser(self)
        self._parser.set_dangerous_leniencies(
            lenient_headers=True,
            lenient_optional_cr_before_lf=True,
            lenient_spaces_after_chunk_size=True,
        )
        self.begin()

    def begin(self) -> None:
        """Get ready for the answer to a new request."""
        self._read = 0
        self._begin_one()

    def _begin_one(self) -> None:
        """Get ready for an answer, which may be an interim one."""
        self._answer: HttpAnswer | None = None
        self._goes_on = False
        self._in_head = True
        self._head_size = 0
        self._has_end = False
        self._status = 200
        self._headers: list[tuple[bytes, bytes]] = []
        self._kept = b""
        self._size = 0

    def close(self) -> None:
        """Delete the parser: it and this reader refer to each other."""
        del self._parser

    @property
    def came(self) -> int:
        """How many bytes were received since the request began."""
        return self._read

    def feed(self, data: bytes) -> HttpAnswer | None:
        """Return the answer once it is complete; raises ``HttpParserError`` if it is no HTTP."""
        self._read += len(data)
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            if self._answer is None:
                raise
            self._goes_on = True
        if self._head_size > LONGEST_HEAD or (self._in_head and self._read > LONGEST_HEAD):
            raise HttpParserError(f"a head of more than {LONGEST_HEAD} bytes")
        if not 100 <= self._status < 600:
            raise HttpParserError(f"HTTP has no status {self._status}")
        if self._answer is not None and self._goes_on:
            return replace(self._answer, reusable=False)
        is_too_long = self._size > READ_BODY or self._read > READ
        return self._made(reusable=False) if is_too_long else self._answer

    def end(self) -> HttpAnswer | None:
        """Return the answer that ends with its connection; None if its length was announced."""
        return None if self._in_head or self._has_end else self._made(reusable=False)

    def _made(self, *, reusable: bool) -> HttpAnswer:
        return HttpAnswer(self._parser.get_status_code(), self._headers, self._kept, reusable)

    # The rest is called by the parser.

    def on_message_begin(self) -> None:
        self._goes_on = self._answer is not None

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_head:  # a trailer
            return
        self._headers.append((name, value.rstrip(b" \t")))
        self._head_size += len(name) + len(value)
        lower = name.lower()
        if lower == b"content-length" or (
            lower == b"transfer-encoding" and value.lower().rstrip().endswith(b"chunked")
        ):
            self._has_end = True

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._answer is None:
            self._status = self._parser.get_status_code()

    def on_body(self, part: bytes) -> None:
        if self._size < KEPT_BODY:
            self._kept += part[: KEPT_BODY - self._size]
        self._size += len(part)

    def on_message_complete(self) -> None:
        """Take the answer. An interim answer is ignored, except 101, which is the last one."""
        status = self._parser.get_status_code()
        if 100 <= status < 200 and status != 101:
            self._begin_one()
        elif self._answer is None:
            self._answer = self._made(reusable=self._parser.should_keep_alive())


def encodings_of(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Return the value of Content-Encoding; empty without one, joined with commas if repeated."""
    values = [
        value
        for name, value in headers
        if len(name) == _NAME_LENGTH and name.lower() == _NAME  # most are not even as long
    ]
    return b",".join(values) if values else b""


def decoded(body: bytes, encodings: bytes, most: int, *, is_whole: bool) -> tuple[bytes, str]:
    """Return the first ``most`` bytes of a decoded body, or the body and why it stays encoded.

    ``encodings`` is the value of the header. ``is_whole`` says that ``body`` is complete, not only
    the beginning. Never more than ``most`` bytes are decoded.
    """
    names = [each for part in encodings.lower().split(b",") if (each := part.strip())]
    names = [each for each in names if each != b"identity"]
    unknown = next((each for each in names if each not in _FORMATS), None)
    if unknown is not None or len(names) > _MOST_ENCODINGS:
        shown = _shown(unknown or b", ".join(names))
        return body, f"its answer is encoded as {shown}, which flowsim does not read"
    plain = body
    for name in reversed(names):
        opened = _opened(plain, _FORMATS[name], most, is_whole)
        if opened is None:
            said = f"its answer is said to be encoded as {_shown(name)}"
            return body, f"{said}, but cannot be decoded"
        is_whole = is_whole and len(opened) < most
        plain = opened
    return plain, ""


def _shown(name: bytes) -> str:
    return repr(name.decode("latin-1")[:_SHOWN])


def _opened(body: bytes, formats: Sequence[int], most: int, is_whole: bool) -> bytes | None:
    """Return the beginning of the decoded body in the first format that fits; None if none does."""
    for each in formats:
        try:
            return _inflated(body, each, most, is_whole)
        except zlib.error:
            continue
    return None


def _inflated(body: bytes, bits: int, most: int, is_whole: bool) -> bytes:
    """Return at most ``most`` bytes; a gzip file may have several members, then other bytes.

    Raises ``zlib.error`` for data in another format, and for a whole body that breaks off.
    """
    plain = b""
    while True:
        reader = zlib.decompressobj(bits)
        plain += reader.decompress(body, most - len(plain))
        body = reader.unused_data
        if len(plain) >= most:
            return plain
        if not reader.eof:
            if is_whole:
                raise zlib.error("incomplete")
            return plain
        if bits != _GZIP or not body.startswith(_MAGIC):
            return plain
