"""A server that answers without end."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

CHUNKED = b"HTTP/1.1 200 OK\r\nx-request-id: 0123456789abcdef0123456789abcdef\r\n"
CHUNKED += b"transfer-encoding: chunked\r\n\r\n"
PLAIN = b"HTTP/1.1 200 OK\r\n\r\n"

IN_BODY = {
    "the extension of a chunk": (CHUNKED + b"1;", b"a" * 4096),
    "the extension of a later chunk": (CHUNKED + b"1\r\nx\r\n1;", b"a" * 4096),
    "trailers": (CHUNKED + b"0\r\n", b"a: b\r\n" * 512),
    "one trailer": (CHUNKED + b"0\r\na: ", b"b" * 4096),
    "chunks": (CHUNKED, b"1\r\nx\r\n" * 512),
    "a body": (PLAIN, b"x" * 4096),
}
"""Where an answer has no end → how it begins, and what comes again and again; its head is whole."""

IN_HEAD = {
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 64),
    "an interim answer": (b"HTTP/1.1 103 Early Hints\r\n", b"link: a\r\n" * 256),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"a: b\r\n" * 512),
    "one header": (b"HTTP/1.1 200 OK\r\na: ", b"b" * 4096),
    "the status line": (b"HTTP/1.1 200 ", b"O" * 4096),
    "empty lines": (b"", b"\r\n" * 2048),
}
"""The same for answers whose head never ends."""


class Endless:
    """Answers each request with ``begin`` and then ``again``, until the client has gone.

    ``sent`` is how many bytes were taken by the network, all requests together. With ``pause``
    it waits ``pause`` seconds between two pieces.
    """

    def __init__(self, begin: bytes, again: bytes, pause: float = 0.0) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._begin, self._again, self._pause = begin, again, pause
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.sent = 0

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._listener.close()
        with contextlib.suppress(OSError):  # wakes the one that accepts
            socket.create_connection(("127.0.0.1", self.port)).close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        self._listener.settimeout(0.1)
        while not self._ended.is_set():
            with contextlib.suppress(OSError):
                client, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._answer, args=(client,)))
                self._threads[-1].start()

    def _answer(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            client.settimeout(30)
            client.recv(65_536)
            client.sendall(self._begin)
            while not self._ended.is_set():
                client.sendall(self._again)
                self.sent += len(self._again)
                self._ended.wait(self._pause)
