"""TLS for the web server, such that a client that is slow to shake hands delays only itself."""

from __future__ import annotations

import socket
import ssl
from typing import Any

from cheroot.errors import FatalSSLAlert
from cheroot.ssl import Adapter

from . import socket_files


class _Socket(ssl.SSLSocket):
    """Shakes hands at the first read, in the thread that serves the connection."""

    def recv_into(self, *arguments: Any, **named: Any) -> int:
        try:
            return super().recv_into(*arguments, **named)
        except ssl.SSLError as error:  # no TLS, or an authority that the client does not trust
            raise FatalSSLAlert(*error.args) from None


class Tls(Adapter):
    """Lets cheroot serve with a ready context.

    cheroot's own adapter wants files, and shakes hands in the one thread that accepts.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        context.sslsocket_class = _Socket
        self.context = context

    def bind(self, sock: socket.socket) -> socket.socket:
        """Return the listening socket as it is."""
        return sock

    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
        """Return the socket of a connection and what the application is told of it."""
        wrapped = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return wrapped, self.get_environ()

    def get_environ(self) -> dict[str, str]:
        """Return what the application is told of every connection."""
        return {"wsgi.url_scheme": "https", "HTTPS": "on"}

    def makefile(self, sock: ssl.SSLSocket, mode: str = "r", bufsize: int = -1) -> Any:
        """Return a file over a socket."""
        return socket_files.make(sock, mode, bufsize)
