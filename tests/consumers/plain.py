"""A webhook on the standard library's HTTP server, which shows what frameworks hide.

It reads as many bytes as content-length says; names of headers keep their case.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any

from .correct import CorrectConsumer, Plain, Request


def decoded(piece: bytes) -> bytes:
    """Return a piece as text is made of it, and bytes of that again."""
    return piece.decode("utf-8", "replace").encode()


def handler(webhook: CorrectConsumer, headers_of: Any, manner: Plain) -> type[Any]:
    """Return what answers requests for a webhook."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.answer(b"")

        def do_POST(self) -> None:
            self.connection.settimeout(manner.patience)
            left, pieces = int(self.headers.get("content-length", "0")), []
            while left and (piece := self.rfile.read1(left)):
                pieces.append(piece)
                left -= len(piece)
            self.answer(b"".join(map(decoded, pieces) if manner.decodes else pieces))

        def answer(self, body: bytes) -> None:
            path, _, query = self.path.partition("?")
            name = path.rpartition("/")[2]
            if path.startswith("/processed/"):
                status, form, text = 200, "text/plain", str(webhook.processed(name))
            elif path.startswith("/runs/"):
                status, form, text = 200, "application/json", json.dumps(webhook.state_of(name))
            else:
                headers = headers_of(self.headers.items())
                status, form, text = webhook.handle(Request(self.command, query, headers, body))
            self.send_response(status)
            self.send_header("content-type", form)
            self.send_header("content-length", str(len(text.encode())))
            self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(text.encode())
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class Quiet:
    """Says nothing of clients that hang up, nor of a webhook that crashes."""

    request_queue_size = 256

    def handle_error(self, *_: object) -> None:
        pass


class OneByOne(Quiet, HTTPServer):
    pass


class Threaded(Quiet, ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


@contextmanager
def running(webhook: CorrectConsumer, manner: Plain) -> Iterator[str]:
    """Serve a webhook on a free port and yield its origin."""

    def in_lower_case(items: Any) -> dict[str, str]:
        return {name.lower(): value for name, value in items}

    headers_of = dict if manner.case_sensitive else in_lower_case
    kind = Threaded if manner.threaded else OneByOne
    server = kind(("127.0.0.1", 0), handler(webhook, headers_of, manner))
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
