"""Answers read off a connection, one after the other, in whatever pieces their bytes come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

KEPT_BODY = 64 * 1024
"""How much of an answer's body is kept, in bytes."""

READ_BODY = 2**20
"""How much of an answer's body is read, in bytes; the connection to a longer one is closed."""

LONGEST_HEAD = 64 * 1024
"""How long the status line and the headers of an answer may be, and interim answers before it
together with them, in bytes."""

READ = READ_BODY + LONGEST_HEAD
"""How much of an answer is read, in bytes: also lengths and extensions of chunks, and trailers."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back; ``reusable`` says whether its connection may carry another request.

    ``body`` is the beginning, ``headers`` are in the order and spelling in which they came.
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
        """Let go of the parser, which holds on to this reader."""
        del self._parser

    @property
    def came(self) -> int:
        """How many bytes came since the request was begun."""
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
        """Return the answer that ends with its connection; none if another end was announced."""
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
        """Take the answer; an interim one is not it, but for 101, which nothing follows."""
        status = self._parser.get_status_code()
        if 100 <= status < 200 and status != 101:
            self._begin_one()
        elif self._answer is None:
            self._answer = self._made(reusable=self._parser.should_keep_alive())
