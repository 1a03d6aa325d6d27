"""A WSGI application on a real socket, in threads of its own.

cheroot parses requests and calls the application. How connections wait for threads is our own
code: see ``waiting``. It subclasses internals of cheroot, so ``pyproject.toml`` limits its
version; ``tests/web/test_cheroot.py`` shows which internals.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any

from cheroot.wsgi import Server as CherootServer
from flask import Flask

from ..errors import SettingError
from ..runtime import system_limits
from ..runtime.breakdowns import exhaustion
from .client_socket import LONGEST_HEAD, USUAL, Limits
from .connection import ClientConnection
from .request_head import Gateway, Refusal
from .threads import RequestThreads
from .waiting import Waiting

MOST_CONNECTIONS = 4096
"""How many connections may wait, at most; a quarter of the open files that are allowed."""

EMPTY_HOST = "cannot listen on an empty host; expected one such as 127.0.0.1, or 0.0.0.0 for all"

_NO_HOST = "expected a host without scheme, brackets and port, such as localhost or ::1"

_TO_END = 0.5
"""Seconds that running requests get when the server is closed."""


class HttpServer(CherootServer):
    """cheroot with our own way to wait for connections."""

    _connections: Any

    def __init__(
        self,
        app: Flask,
        place: tuple[str, int],
        threads: int,
        limits: Limits,
        note: Callable[[Refusal], None],
    ) -> None:
        super().__init__(place, app, request_queue_size=1024)
        self.limits = limits
        self.note = note
        self.places = threading.Semaphore(max(1, threads // 2))
        self.shutdown_timeout = _TO_END
        self.requests = RequestThreads(threads, self._answer)
        self.gateway = Gateway
        self.max_request_header_size = LONGEST_HEAD

    def prepare(self) -> None:
        """Listen and start the threads; raises what ``Server`` does, and ``OSError``."""
        try:
            super().prepare()
            self._connections.close()
            self._listening, self.socket = self.socket, None
            most = max(1, min(MOST_CONNECTIONS, system_limits.open_files() // 4))
            self._connections = Waiting(self, self._listening, most)
        except BaseException:
            self.requests.stop()
            raise

    def _answer(self, conn: ClientConnection) -> None:
        """Answer the requests of a connection; then keep it for later ones, or close it."""
        try:
            stays = conn.communicate()
        except Exception:
            stays = False
        if stays and self.ready:
            self._connections.put(conn)
        else:
            conn.close()

    def connection(self, sock: socket.socket, address: Any) -> ClientConnection:
        """Return the connection of an accepted socket; raises ``OSError`` if the client is gone."""
        sock.setblocking(False)
        environ: dict[str, str] = {}
        if self.ssl_adapter is not None:
            sock, environ = self.ssl_adapter.wrap(sock)
        conn = ClientConnection(self, sock)
        conn.remote_addr, conn.remote_port = address[:2]
        conn.ssl_env = environ
        return conn

    def error_log(self, *_: object, **__: object) -> None:
        """Log nothing: it is normal that clients hang up."""

    def stop(self) -> None:
        """Close waiting connections and the port at once, and end running requests soon after."""
        super().stop()
        self._listening.close()


class Server:
    """Serves an application until ``close``; port 0 takes a free port.

    With ``tls`` it speaks HTTPS only. Applications find the head of a request as it came at
    ``request_head.KEY`` of its environment. ``refused`` gets what is answered without calling the
    application. Raises ``SettingError`` if it cannot listen at this place, ``RuntimeError`` or
    ``MemoryError`` if the system has no threads or memory left.
    """

    def __init__(
        self,
        app: Flask,
        host: str,
        port: int,
        threads: int = 16,
        tls: ssl.SSLContext | None = None,
        limits: Limits = USUAL,
        refused: Callable[[Refusal], None] = lambda _: None,
    ) -> None:
        _try_listening(host, port)
        self._server = HttpServer(app, (host, port), threads, limits, refused)
        if tls is not None:
            self._server.ssl_adapter = Tls(tls)
        self._prepared = threading.Event()
        self.problem: BaseException | None = None  # what ended the serving too early
        # A daemon, and so are the threads that it starts: they end with the process.
        self._thread = threading.Thread(target=self._serve, name="server", daemon=True)
        self._thread.start()
        self._prepared.wait()
        if isinstance(self.problem, OSError):
            raise listening_error(f"{host}:{port}", self.problem)
        if self.problem is not None:
            raise self.problem

    def _serve(self) -> None:
        try:
            self._server.prepare()
            self._prepared.set()
            self._server.serve()
        except BaseException as error:
            self.problem = error
        finally:
            self._prepared.set()

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._server.bind_addr[1])

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening and serving, within a second even if requests are running."""
        self._server.stop()
        self._thread.join()


class Tls:
    """Lets cheroot serve with a ready context; its own adapters need files.

    The handshake goes on as bytes arrive, without a thread that waits for them.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context

    def bind(self, sock: socket.socket) -> socket.socket:
        """Return the listening socket as it is; cheroot calls this."""
        return sock

    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
        """Return the socket of a connection and what is added to the environment of requests.

        Raises ``OSError`` if the client is gone.
        """
        sock.getpeername()  # raises here; in wrap_socket it would leave a socket open
        wrapped = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return wrapped, {"wsgi.url_scheme": "https", "HTTPS": "on"}


def listening_error(place: str, error: OSError) -> Exception:
    """Return why listening fails: the resource that flowsim lacks, or the system's reason."""
    reason = (error.strerror or str(error)).partition(" (while")[0]
    return exhaustion(error) or SettingError(f"cannot listen on {place}: {reason.lower()}")


def _try_listening(host: str, port: int) -> None:
    """Listen once as a test: cheroot leaves a socket open if it cannot listen."""
    if not host.strip():
        raise SettingError(EMPTY_HOST)
    if "[" in host or "/" in host:
        raise SettingError(f"cannot listen on {host}: {_NO_HOST}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        if not host.isascii():
            host.encode("idna")
        socket.create_server((host, port), family=family).close()
    except UnicodeError:
        raise SettingError(
            f"cannot listen on {host}:{port}: that is not the name of a host"
        ) from None
    except OSError as error:
        raise listening_error(f"{host}:{port}", error) from None
