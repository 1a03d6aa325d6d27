"""The non-blocking socket of a client, and how long a thread waits for it.

A thread that waits for one client cannot answer others. So a thread waits only where it must,
at most half of them at once, and only for a bounded time.
"""

from __future__ import annotations

import select
import socket
import ssl
import sys
import threading
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import RequestTimeout

from ..runtime.clock import stopwatch

WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
"""What a socket raises that has nothing to read, or no room to write."""

LONGEST_HEAD = 64 * 1024
"""How long the head of a request may be, in bytes."""

_PART = 64 * 1024
_NO_PLACE = 1.0
"""Seconds that a thread waits for a place, if half of all threads wait for clients."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a server waits for a client, in seconds.

    ``idle`` is for a connection between requests, ``head`` for the head of a request.
    ``transfer`` is for the body, and for a client that is slow to read the answer. ``drain`` is
    for a client that continues to send a refused request.
    """

    idle: float = 10.0
    head: float = 10.0
    transfer: float = 30.0
    drain: float = 2.0


USUAL = Limits()


class Waits:
    """Limits how long the thread of one request waits for its client.

    ``places`` has one place for each thread that may wait. ``begin`` must be called before a
    request, ``end`` after it.
    """

    def __init__(self, places: threading.Semaphore, seconds: float) -> None:
        self._places = places
        self._seconds = seconds
        self._until: float | None = None
        self._has_place = False

    def take_place(self) -> bool:
        """Take a place without waiting for one; return whether one was free."""
        self._has_place = self._has_place or self._places.acquire(blocking=False)
        return self._has_place

    def wait(self, sock: socket.socket, *, to_read: bool) -> None:
        """Wait until a socket can be read or written; raises ``RequestTimeout`` if it cannot."""
        self._has_place = self._has_place or self._places.acquire(timeout=_NO_PLACE)
        if self._until is None:
            self._until = stopwatch() + self._seconds
        left = self._until - stopwatch()
        if not self._has_place or left <= 0 or not is_ready(sock, left, to_read=to_read):
            raise RequestTimeout(f"the rest of it did not arrive within {self._seconds:g} seconds")

    def begin(self) -> None:
        self._until = None

    def end(self) -> None:
        if self._has_place:
            self._has_place = False
            self._places.release()


def is_ready(sock: socket.socket, seconds: float, *, to_read: bool) -> bool:
    """Wait for a socket for a limited time, and return whether it can be read or written."""
    if sys.platform == "win32" or not hasattr(select, "poll"):
        readers, writers = ([sock], []) if to_read else ([], [sock])
        return any(select.select(readers, writers, [], seconds))
    poll = select.poll()
    poll.register(sock, select.POLLIN if to_read else select.POLLOUT)
    return bool(poll.poll(seconds * 1000))


class Reader:
    """Reads what a client sends; ``held`` has been read from the socket and is not used yet."""

    def __init__(self, sock: socket.socket, waits: Waits) -> None:
        self._socket = sock
        self._waits = waits
        self.held = bytearray()
        self.has_ended = False
        self.closed = False
        self.bytes_read = 0

    def fill(self, most: int) -> None:
        """Read what has come, without waiting, until ``most`` bytes are held."""
        while len(self.held) < most and not self.has_ended:
            try:
                part = self._socket.recv(_PART)
            except WOULD_BLOCK:
                return
            self.held += part
            self.has_ended = not part

    def has_data(self) -> bool:
        return bool(self.held)

    def read(self, size: int) -> bytes:
        """Return ``size`` bytes, or fewer if the client sends no more."""
        while len(self.held) < size and not self.has_ended:
            self._wait_for_more(size)
        return self._taken(size)

    def readline(self, size: int) -> bytes:
        """Return a line with its end, or its beginning if it is longer than ``size``."""
        while (end := self.held.find(b"\n", 0, size)) < 0:
            if len(self.held) >= size or self.has_ended:
                break
            self._wait_for_more(size)
        return self._taken(end + 1 if end >= 0 else size)

    def close(self) -> None:
        self.closed = True
        self.held.clear()

    def _wait_for_more(self, size: int) -> None:
        before = len(self.held)
        self.fill(size)
        if len(self.held) == before and not self.has_ended:
            self._waits.wait(self._socket, to_read=True)

    def _taken(self, size: int) -> bytes:
        data = bytes(self.held[:size])
        del self.held[:size]
        self.bytes_read += len(data)
        return data


class Writer:
    """Writes to a client: at once or, while it ``holds``, together with the next data."""

    def __init__(self, sock: socket.socket, waits: Waits) -> None:
        self._socket = sock
        self._waits = waits
        self._held = bytearray()
        self.holds = False
        self.bytes_written = 0

    def write(self, data: bytes) -> int:
        self._held += data
        if not self.holds:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Send what is held; raises ``RequestTimeout`` for a client that does not read it."""
        while self._held:
            try:
                sent = self._socket.send(bytes(self._held[:_PART]))
            except WOULD_BLOCK:
                self._waits.wait(self._socket, to_read=False)
                continue
            del self._held[:sent]
            self.bytes_written += sent


def make(sock: socket.socket, waits: Waits) -> Any:
    """Return the function that cheroot calls to make a file of a socket."""

    def file(_: socket.socket, mode: str = "r", __: int = -1) -> Reader | Writer:
        return Reader(sock, waits) if "r" in mode else Writer(sock, waits)

    return file
