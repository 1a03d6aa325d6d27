"""One request, parsed by cheroot, with its mistakes answered and its body bounded."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

from cheroot.server import HTTPRequest, KnownLengthRFile

from .client_socket import LONGEST_HEAD
from .incoming_body import ChunkedBody
from .request_head import FOLDED, RecordedLines, Refusal, ambiguity, first_line

if TYPE_CHECKING:
    from .connection import ClientConnection
    from .server import HttpServer


_HEAD = f"the head of the request is longer than {LONGEST_HEAD // 1024} kB"
_TOO_LONG = {413: _HEAD, 414: _HEAD}
"""The reasons that replace those of cheroot, which do not name the limit."""


class Request(HTTPRequest):
    """A request that keeps its head; mistakes in it are answered with 400."""

    recording: RecordedLines

    def __init__(self, server: HttpServer, conn: ClientConnection) -> None:
        super().__init__(server, conn)
        conn.request = self

    @property
    def is_read(self) -> bool:
        """Whether all of its body has been read, or is there to be read."""
        if isinstance(self.rfile, ChunkedBody):
            return self.rfile.is_over
        left = self.rfile.remaining if isinstance(self.rfile, KnownLengthRFile) else 0
        return self.ready and left <= len(self.conn.rfile.held)

    def simple_response(self, status: object, msg: str = "") -> None:
        """Refuse a request before the application is called, and report that to the server."""
        code = int(str(status)[:3])
        head = b"".join(self.recording.lines) if hasattr(self, "recording") else b""
        reason = _TOO_LONG.get(code) or msg or str(status)[4:]
        super().simple_response(status, reason)
        self.server.note(Refusal(code, reason, first_line(head)))

    def read_request_line(self) -> bool:
        self.rfile = self.recording = RecordedLines(self.rfile)
        try:
            return bool(super().read_request_line())  # type: ignore[no-untyped-call]
        except ValueError:  # such as http://[::1
            self.simple_response("400 Bad Request", "Malformed Request-URI")
            return False

    def read_request_headers(self) -> bool:
        try:
            if not super().read_request_headers():  # type: ignore[no-untyped-call]
                return False
        except UnboundLocalError:  # cheroot raises it if the first line is a continuation
            self.simple_response("400 Bad Request", FOLDED)
            return False
        if problem := ambiguity(self.recording.lines):
            self.simple_response("400 Bad Request", problem)
            return False
        return True

    def respond(self) -> None:
        """Answer; bodies in chunks are read by ``ChunkedBody`` instead of by cheroot."""
        if self.chunked_read:
            self.rfile: Any = ChunkedBody(self.conn.rfile)
        else:
            self.rfile = KnownLengthRFile(
                self.conn.rfile, int(self.inheaders.get(b"Content-Length", 0))
            )
        self.server.gateway(self).respond()
        self.ensure_headers_sent()
        if self.chunked_write:
            self.conn.wfile.write(b"0\r\n\r\n")
        self.conn.wfile.flush()

    def send_headers(self) -> None:
        """Hold the head back, so that it is sent with the body in one segment.

        If the body of the request has not arrived, the connection ends after the response.
        """
        if self.conn.silence is not None:
            raise ConnectionResetError(errno.ECONNRESET, "no answer, as --respond says")
        self.close_connection = self.close_connection or not self.is_read
        writer = self.conn.wfile
        writer.holds = True
        super().send_headers()
        writer.holds = False
