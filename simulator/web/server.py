"""A WSGI application on a real socket, in a thread of its own."""

from __future__ import annotations

import select
import socket
import ssl
import threading

from cheroot.server import HTTPConnection
from cheroot.wsgi import Server as CherootServer
from flask import Flask

from ..errors import SettingError
from . import ambiguity, raw_head, socket_files
from .tls import Tls

_IDLE_CONNECTIONS = 4096
_MOST_HEADER_BYTES = 64 * 1024

_TURN = 32
"""How many requests of a connection a thread answers before it looks at others."""

_MOMENT = 2
"""Milliseconds to wait for the next one of them."""


class _Request(raw_head.RecordingRequest):
    """A request whose head is none is a mistake of the client's."""

    def read_request_line(self) -> bool:
        try:
            return super().read_request_line()
        except ValueError:  # such as http://[::1
            self.simple_response("400 Bad Request", "Malformed Request-URI")
            return False

    def read_request_headers(self) -> bool:
        try:
            if not super().read_request_headers():  # type: ignore[no-untyped-call]
                return False
        except UnboundLocalError:  # cheroot: a line goes on, and none is before it
            self.simple_response("400 Bad Request", ambiguity.FOLDED)
            return False
        if problem := ambiguity.find(self.recording.lines):
            self.simple_response("400 Bad Request", problem)
            return False
        return True

    def send_headers(self) -> None:
        """Leave the head to be sent with what follows it, in one segment."""
        writer = self.conn.wfile
        writer.holds = True
        super().send_headers()
        writer.holds = False

    def respond(self) -> None:
        super().respond()
        self.conn.wfile.flush()


class _Connection(HTTPConnection):
    RequestHandlerClass = _Request

    def __init__(self, server: CherootServer, sock: socket.socket, *_: object) -> None:
        super().__init__(server, sock, socket_files.make)

    def communicate(self) -> bool:
        """Answer, and keep the thread for a client that asks again at once, for some requests."""
        for _ in range(_TURN):
            if not super().communicate():  # type: ignore[no-untyped-call]
                return False
            if not self._has_more():
                break
        return True

    def _has_more(self) -> bool:
        if self.rfile.has_data() or not hasattr(select, "poll"):
            return bool(self.rfile.has_data())
        poll = select.poll()
        poll.register(self.socket, select.POLLIN)
        return bool(poll.poll(_MOMENT))


class Server:
    """Serves an application until ``close``; port 0 takes a free port.

    With ``tls`` it speaks HTTPS only. Applications find the head of a request as it came at
    ``raw_head.KEY`` of its environment. Raises ``SettingError`` if it cannot listen where it is
    told to.
    """

    def __init__(
        self,
        app: Flask,
        host: str,
        port: int,
        threads: int = 16,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._server = CherootServer(
            (host, port), app, numthreads=threads, request_queue_size=1024, shutdown_timeout=1
        )
        self._server.gateway = raw_head.Gateway
        if tls is not None:
            self._server.ssl_adapter = Tls(tls)
        self._server.ConnectionClass = _Connection
        self._server.keep_alive_conn_limit = _IDLE_CONNECTIONS
        self._server.max_request_header_size = _MOST_HEADER_BYTES
        # A client that hangs up is no news here.
        setattr(self._server, "error_log", lambda *_, **__: None)  # noqa: B010 - mypy: a method
        # How often the serving thread looks up, and so how soon it notices close().
        self._server.expiration_interval = 0.01
        self._prepared = threading.Event()
        self._problem: OSError | None = None
        _try_listening(host, port)
        # Threads inherit from the one that starts them that they end with the process.
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self._prepared.wait()
        if self._problem is not None:
            raise SettingError(f"cannot listen on {host}:{port}: {self._problem}")

    def _serve(self) -> None:
        try:
            self._server.prepare()
        except OSError as error:
            self._problem = error
            return
        finally:
            self._prepared.set()
        self._server.serve()

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._server.bind_addr[1])

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving and wait until the socket is free."""
        self._server.stop()
        self._thread.join()


def _try_listening(host: str, port: int) -> None:
    """Find out first whether the address can be had: a server that cannot leaves a socket open."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        if not host.isascii():
            host.encode("idna")
        socket.create_server((host, port), family=family).close()
    except UnicodeError:
        raise SettingError(f"cannot listen on {host}:{port}: that is no name of a host") from None
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while")[0]
        raise SettingError(f"cannot listen on {host}:{port}: {reason.lower()}") from None
