"""A body of which not all has come: whether it is waited for, and when a thread reads it."""

from __future__ import annotations

import re
from enum import Enum, auto

from . import ambiguity
from .bodies import MOST_BYTES
from .chunked_body import ChunkedEnd

LARGE_BODY = 64 * 1024
"""From how many bytes on a body is read by a thread while it comes; smaller ones wait for
their end."""

_LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r", re.IGNORECASE)
_CHUNKED = re.compile(rb"\ntransfer-encoding:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\nexpect:", re.IGNORECASE)


class Next(Enum):
    """What is to be done with a connection."""

    WAIT = auto()
    ANSWER = auto()
    ANSWER_WHILE_IT_COMES = auto()
    CLOSE = auto()


class AwaitedBody:
    """What is known of a body before a thread reads it."""

    def __init__(self, head: bytes) -> None:
        length = _LENGTH.search(head)
        self._begin = len(head)
        self._size = int(length[1]) if length else 0
        self._end = ChunkedEnd(len(head)) if _CHUNKED.search(head) else None
        self._is_asked_for = _EXPECTS.search(head) is not None
        is_ambiguous = ambiguity.find(head.splitlines(keepends=True)) is not None
        self._is_refused = is_ambiguous or self._size > MOST_BYTES

    def next(self, held: bytearray) -> Next:
        """Return what is to be done now that so much has come."""
        there = len(held) - self._begin
        if self._is_refused or (self._end.has_come(held) if self._end else there >= self._size):
            return Next.ANSWER
        comes = self._is_asked_for or there >= LARGE_BODY
        return Next.ANSWER_WHILE_IT_COMES if comes else Next.WAIT
