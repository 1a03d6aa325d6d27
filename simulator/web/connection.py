"""One connection of a client. It takes no thread until a whole request can be read."""

from __future__ import annotations

import contextlib
import re
import selectors
import socket
import ssl
from typing import TYPE_CHECKING

from cheroot.server import HTTPConnection

from ..runtime.clock import stopwatch
from . import client_socket, silences
from .client_socket import LONGEST_HEAD, WOULD_BLOCK, Reader, Waits, Writer, is_ready
from .incoming_body import LARGE_BODY, AwaitedBody, Next
from .request import Request
from .request_head import Refusal, first_line
from .silences import Silence

if TYPE_CHECKING:
    from .server import HttpServer

_TURN = 32
"""How many requests of a connection a thread answers before it serves other connections."""

_MOMENT = 0.002
"""Seconds that the thread waits for the next of these requests."""

_TOO_LONG_A_HEAD = LONGEST_HEAD + 256
"""Bytes of a head with which cheroot finds it too long, and waits for no more of it."""

_MOST_HELD = LONGEST_HEAD + LARGE_BODY
_AT_ONCE = 64 * 1024
_MOST_DISCARDED = 16 * 2**20

_TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

_TLS_HANDSHAKE = b"\x16\x03"
_WRONG_SCHEME = "a TLS handshake on a port for plain HTTP: use http://"
_NO_TLS = (
    f"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n"
    f"Content-Length: {len(_WRONG_SCHEME)}\r\nConnection: close\r\n\r\n{_WRONG_SCHEME}"
).encode("ascii")

_END_OF_HEAD = re.compile(rb"\n\r?\n")


class ClientConnection(HTTPConnection):
    """Reads what comes, without waiting; a thread answers when a whole request is there.

    One thread uses it at a time: the one that watches connections, or one that answers.
    """

    RequestHandlerClass = Request
    server: HttpServer
    rfile: Reader
    wfile: Writer

    def __init__(self, server: HttpServer, sock: socket.socket, *_: object) -> None:
        self.waits = Waits(server.places, server.limits.transfer)
        self.request: Request | None = None
        self.events = selectors.EVENT_READ
        self.is_over = False
        self.silence: Silence | None = None
        self._limits = server.limits
        self._needs_handshake = isinstance(sock, ssl.SSLSocket)
        self._discarded = 0
        self._phase = ""
        self._begin()
        self._enter("idle")
        super().__init__(server, sock, client_socket.make(sock, self.waits))
        # cheroot stores these methods on each connection, which then refers to itself: it
        # would stay in memory until the garbage collector runs.
        del self.resolve_peer_creds, self.get_peer_creds

    def _begin(self) -> None:
        """Forget the previous request, and expect another one."""
        self._searched = 1  # an empty line before a request is no end of a head
        self._body: AwaitedBody | None = None

    def _enter(self, phase: str) -> None:
        """Begin a phase of waiting (a field of ``Limits``), and set its deadline."""
        if phase != self._phase:
            self._phase = phase
            self.deadline = stopwatch() + float(getattr(self._limits, phase))

    def take_in(self) -> Next:
        """Read the bytes that have come, without waiting, and return the next step."""
        if self.is_over:
            return self._discard()
        try:
            self._do_handshake()
            self.rfile.fill(_MOST_HELD)
        except ssl.SSLWantReadError:
            self.events = selectors.EVENT_READ
            return Next.WAIT
        except ssl.SSLWantWriteError:
            self.events = selectors.EVENT_WRITE
            return Next.WAIT
        except ssl.SSLError:  # it speaks no TLS, or does not trust our authority
            self.end()
            return self._discard()
        except OSError:
            return Next.CLOSE
        return self._next()

    def _do_handshake(self) -> None:
        if self._needs_handshake:
            self.socket.do_handshake()
            self._needs_handshake, self.events = False, selectors.EVENT_READ

    def _next(self) -> Next:
        held = self.rfile.held
        if self._body is None and held.startswith(_TLS_HANDSHAKE):
            return self._refuse_tls()
        if self.rfile.has_ended:
            return Next.ANSWER if held else Next.CLOSE
        if self._body is None and not self._find_body(held):
            self._enter("head" if held else "idle")
            return Next.ANSWER if len(held) > _TOO_LONG_A_HEAD else Next.WAIT
        assert self._body is not None
        self._enter("transfer")
        return self._body.next(held)

    def _find_body(self, held: bytearray) -> bool:
        """Find the end of the head, and note what it says of the body; return whether it ends."""
        end = _END_OF_HEAD.search(held, self._searched)
        if end is None:
            self._searched = max(1, len(held) - 2)
            return False
        self._body = AwaitedBody(bytes(held[: end.end()]))
        return True

    def communicate(self) -> bool:
        """Answer a request, and some more if the client sends them at once."""
        for _ in range(_TURN):
            if not self._answer():
                return self.is_over
            if not self._has_more():
                break
        return True

    def _answer(self) -> bool:
        """Answer one request, and return whether another one may follow."""
        self._begin()
        self.waits.begin()
        try:
            goes_on = bool(super().communicate())  # type: ignore[no-untyped-call]
            if not goes_on and self._may_go_on_sending():
                self.end()
            return goes_on
        finally:
            self.request = None  # it refers to the connection
            self.waits.end()
            if not self.is_over:
                self._enter("idle")

    def _has_more(self) -> bool:
        if self.take_in() is Next.ANSWER:
            return True
        return is_ready(self.socket, _MOMENT, to_read=True) and self.take_in() is Next.ANSWER

    def _may_go_on_sending(self) -> bool:
        """Return whether the client may still be sending the request that is answered."""
        is_read = self.request is not None and self.request.is_read
        return not self.rfile.has_ended and not (is_read and not self.rfile.held)

    def end(self) -> None:
        """Send no more. The rest is read only so that the client gets what was sent."""
        self.is_over = True
        self.events = selectors.EVENT_READ
        self._enter("drain")
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.socket, socket.SHUT_WR)

    def _close_kernel_socket(self) -> None:
        if self.silence == "reset":
            silences.reset(self.socket)
        else:
            super()._close_kernel_socket()  # type: ignore[misc]

    def hang_up(self) -> None:
        """Shut both directions; raises ``OSError`` if they are shut already."""
        socket.socket.shutdown(self.socket, socket.SHUT_RDWR)

    def end_late(self) -> None:
        """End a connection at its deadline; a request that has begun is answered with 408."""
        if self._phase in ("head", "transfer"):
            with contextlib.suppress(OSError):
                self.socket.send(_TOO_LATE)
            limit = float(getattr(self._limits, self._phase))
            reason = f"the rest of it did not arrive within {limit:g} seconds"
            self.server.note(Refusal(408, reason, first_line(bytes(self.rfile.held))))
        self.end()

    def _refuse_tls(self) -> Next:
        """Answer a TLS handshake at once: cheroot would wait for the end of a line."""
        with contextlib.suppress(OSError):
            self.socket.send(_NO_TLS)
        self.server.note(Refusal(400, _WRONG_SCHEME))
        self.end()
        return self._discard()

    def _discard(self) -> Next:
        """Read and drop the rest of a request: closing with unread bytes can lose the answer."""
        try:
            while part := socket.socket.recv(self.socket, _AT_ONCE):
                self._discarded += len(part)
                if self._discarded > _MOST_DISCARDED:
                    break
        except WOULD_BLOCK:
            return Next.WAIT
        except OSError:
            pass
        return Next.CLOSE
