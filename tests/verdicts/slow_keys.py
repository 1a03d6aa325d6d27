"""A key host that takes its time: a proxy before the one of a check run."""

from __future__ import annotations

import contextlib
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ..free_ports import free_port

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@contextlib.contextmanager
def slow_keys(keys_port: int, seconds: float) -> Iterator[int]:
    """Yield the port of a host that asks the one at ``keys_port`` after so many seconds."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(seconds)
            status, body = asked(f"http://127.0.0.1:{keys_port}{self.path}")
            with contextlib.suppress(OSError):  # who asked may have given up
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    port = free_port()
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=[0.1], daemon=True)
    thread.start()
    try:
        yield port
    finally:
        server.shutdown()
        server.server_close()


def asked(url: str) -> tuple[int, bytes]:
    """Return status and body of an answer; 502 without one."""
    try:
        with _direct.open(url, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 502, b"the key host does not answer"
