"""Bodies of requests as they arrive: when a thread reads one, and how chunks are read."""

from __future__ import annotations

import re
import sys
from enum import Enum, auto
from typing import Protocol

from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from .bodies import MOST_BYTES
from .request_head import ambiguity

LARGE_BODY = 64 * 1024
"""Bytes from which on a thread reads a body while it arrives; it waits for all of a smaller one."""

LONGEST_LINE = 4096
"""How long a line with the size of a chunk, or a trailer, may be, in bytes."""

MOST_AROUND = 4 * 2**20
"""Bytes of all these lines in one body, at most."""

_LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r", re.IGNORECASE)
_CHUNKED = re.compile(rb"\ntransfer-encoding:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\nexpect:", re.IGNORECASE)

_AT_ONCE = 64 * 1024
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(;.*)?\r\n", re.DOTALL)
_TOO_MUCH = f"the data around its chunks is larger than {MOST_AROUND // 2**20} MB"


class ByteSource(Protocol):
    """The bytes that the client sends."""

    def read(self, size: int) -> bytes: ...

    def readline(self, size: int) -> bytes: ...


class CutBodyError(BadRequest):
    """A body that the client has not sent to its end; ``came`` is what has come of it."""

    def __init__(self, description: str, came: bytes) -> None:
        super().__init__(description)
        self.came = came


class ChunkedBody:
    """Reads chunks (RFC 9112, 7.1); ``is_over`` once the last one and all trailers have been read.

    Raises werkzeug's ``BadRequest`` for malformed chunks, ``CutBodyError`` if the last one is
    missing, ``RequestEntityTooLarge`` for too many bytes of sizes and trailers.
    """

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._left = 0
        self._around = 0
        self._came: list[bytes] = []
        self.is_over = False

    def read(self, size: int | None = -1) -> bytes:
        """Return ``size`` bytes, or fewer at the end; all that comes if it is negative."""
        wanted = sys.maxsize if size is None or size < 0 else size
        parts = []
        while wanted and (part := self._part(wanted)):
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)

    def _part(self, most: int) -> bytes:
        """Return some bytes of a chunk, and nothing only at the end."""
        if not self._left and not self.is_over:
            self._begin_chunk()
        wanted = min(most, self._left, _AT_ONCE)
        data = self._source.read(wanted)
        self._came.append(data)
        if len(data) < wanted:
            raise CutBodyError("the body ends in the middle of a chunk", b"".join(self._came))
        self._left -= len(data)
        if data and not self._left and self._line() != b"\r\n":
            raise BadRequest("a chunk is longer than it says")
        return data

    def _begin_chunk(self) -> None:
        line = self._line()
        size = _SIZE.fullmatch(line)
        if size is None:
            raise BadRequest(f"{line[:40]!r} is not the size of a chunk")
        self._left = int(size[1], 16)
        if not self._left:
            while self._line() != b"\r\n":
                pass
            self.is_over = True

    def _line(self) -> bytes:
        line = self._source.readline(LONGEST_LINE)
        self._around += len(line)
        if self._around > MOST_AROUND:
            raise RequestEntityTooLarge(_TOO_MUCH)
        if not line.endswith(b"\r\n"):
            reason = "a line between chunks is too long, or does not end"
            is_cut = len(line) < LONGEST_LINE and not line.endswith(b"\n")
            raise CutBodyError(reason, b"".join(self._came)) if is_cut else BadRequest(reason)
        return line


class ChunkedEnd:
    """Finds the end of a body in chunks while it arrives, and consumes nothing."""

    def __init__(self, begin: int) -> None:
        self._at = begin
        self._is_in_trailers = False

    def has_come(self, held: bytearray) -> bool:
        """Return whether the body is complete, or is malformed so that no more is needed."""
        while (end := held.find(b"\r\n", self._at) + 2) >= 2:
            if self._is_in_trailers:
                if end == self._at + 2:
                    return True
                self._at = end
                continue
            size = _SIZE.fullmatch(held, self._at, end)
            if size is None:
                return True
            length = int(size[1], 16)
            if length and len(held) < end + length + 2:
                return False
            self._is_in_trailers = not length
            self._at = end + length + 2 if length else end
        return len(held) - self._at > LONGEST_LINE


class Next(Enum):
    """What to do next with a connection."""

    WAIT = auto()
    ANSWER = auto()
    ANSWER_WHILE_IT_COMES = auto()
    CLOSE = auto()


class AwaitedBody:
    """What the head of a request says of its body, before a thread reads that."""

    def __init__(self, head: bytes) -> None:
        length = _LENGTH.search(head)
        self._begin = len(head)
        self._size = int(length[1]) if length else 0
        self._end = ChunkedEnd(len(head)) if _CHUNKED.search(head) else None
        self._is_asked_for = _EXPECTS.search(head) is not None
        is_ambiguous = ambiguity(head.splitlines(keepends=True)) is not None
        self._is_refused = is_ambiguous or self._size > MOST_BYTES

    def next(self, held: bytearray) -> Next:
        """Return the next step; ``held`` are the bytes that have come, with the head."""
        there = len(held) - self._begin
        if self._is_refused or (self._end.has_come(held) if self._end else there >= self._size):
            return Next.ANSWER
        comes = self._is_asked_for or there >= LARGE_BODY
        return Next.ANSWER_WHILE_IT_COMES if comes else Next.WAIT
