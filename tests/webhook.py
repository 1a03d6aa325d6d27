"""A webhook on a real socket that does exactly what a test tells it to."""

from __future__ import annotations

import socketserver
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """One request as it came: the head as text lines, the body as bytes."""

    head: str
    body: bytes
    connection: int

    @property
    def line(self) -> str:
        return self.head.split("\r\n")[0]

    @property
    def header_lines(self) -> list[str]:
        return self.head.split("\r\n")[1:]

    @property
    def headers(self) -> dict[str, str]:
        return dict(line.split(": ", 1) for line in self.header_lines)


Answer = Callable[[Request], Iterator[bytes]]
"""Yields the bytes of an answer; returning without a byte hangs up."""


def status(code: int, body: str = "", **headers: str) -> Answer:
    """Answer with a status code and a complete body."""
    lines = [f"HTTP/1.1 {code} Said", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return lambda _: iter(["\r\n".join(lines).encode() + b"\r\n\r\n" + body.encode()])


def for_events(answer: Answer) -> Answer:
    """Return an answer that only signed events get: the webhook reads what comes."""

    def chosen(request: Request) -> Iterator[bytes]:
        is_event = "x-adobe-digital-signature-1" in request.headers
        yield from (answer if is_event else status(401))(request)

    return chosen


def echo(request: Request) -> Iterator[bytes]:
    """Answer a challenge with its value, and anything else with 200."""
    query = parse_qs(urlsplit(request.line.split(" ")[1]).query)
    return status(200, query.get("challenge", [""])[0], content_type="text/plain")(request)


@dataclass
class Webhook:
    """Listens on a free port of the loopback; ``answers`` are used in turn, the last for ever.

    With ``tls`` it speaks https.
    """

    answers: list[Answer] = field(default_factory=lambda: [status(200)])
    requests: list[Request] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Webhook:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.webhook = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/hook"

    def take(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            return self.answers[min(len(self.requests), len(self.answers)) - 1]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024
    connections = 0
    webhook: Webhook

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that hangs up or does not trust the certificate."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def setup(self) -> None:
        if self.server.webhook.tls:
            self.request = self.server.webhook.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def handle(self) -> None:
        self.server.connections += 1
        connection = self.server.connections
        try:
            while request := self._read(connection):
                sent = False
                for part in self.server.webhook.take(request)(request):
                    sent = True
                    self.wfile.write(part)
                    self.wfile.flush()
                if not sent:
                    return
        except OSError:
            return

    def _read(self, connection: int) -> Request | None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.rfile.readline()
            if not line:
                return None
            head += line
        text = head.decode("latin-1").removesuffix("\r\n\r\n")
        length = next(
            (
                int(line.split(":")[1])
                for line in text.split("\r\n")
                if line.lower().startswith("content-length")
            ),
            0,
        )
        return Request(text, self.rfile.read(length), connection)
