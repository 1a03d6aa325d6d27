"""TLS for the web server; hands are shaken as bytes come, without a thread that waits for them."""

from __future__ import annotations

import socket
import ssl


class Tls:
    """Lets cheroot serve with a ready context; its own adapters want files."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context

    def bind(self, sock: socket.socket) -> socket.socket:
        """Return the listening socket as it is; cheroot calls this."""
        return sock

    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
        """Return the socket of a connection and what the application is told of it.

        Raises ``OSError`` if the client is gone.
        """
        sock.getpeername()  # Python's own look comes when there is another socket to be closed
        wrapped = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return wrapped, {"wsgi.url_scheme": "https", "HTTPS": "on"}
