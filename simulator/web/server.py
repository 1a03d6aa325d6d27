"""A WSGI application on a real socket, in a thread of its own."""

from __future__ import annotations

import threading

from cheroot.wsgi import Server as CherootServer
from flask import Flask

from ..errors import SettingError

_IDLE_CONNECTIONS = 4096


class Server:
    """Serves an application until ``close``; port 0 takes a free port.

    Raises ``SettingError`` if it cannot listen where it is told to.
    """

    def __init__(self, app: Flask, host: str, port: int, threads: int = 16) -> None:
        self._server = CherootServer(
            (host, port), app, numthreads=threads, request_queue_size=1024, shutdown_timeout=1
        )
        self._server.keep_alive_conn_limit = _IDLE_CONNECTIONS
        # A client that hangs up is no news here.
        setattr(self._server, "error_log", lambda *_, **__: None)  # noqa: B010 - mypy: a method
        # How often the serving thread looks up, and so how soon it notices close().
        self._server.expiration_interval = 0.01
        try:
            self._server.prepare()
        except OSError as error:
            reason = str(error.args[-1] if error.args else error).split("\n")[0]
            raise SettingError(f"cannot listen on {host}:{port}: {reason}") from None
        self._thread = threading.Thread(target=self._server.serve, daemon=True)
        self._thread.start()

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
