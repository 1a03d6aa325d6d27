"""TLS for the web server; hands are shaken as bytes come, without a thread that waits for them."""

from __future__ import annotations

import socket
import ssl
from typing import Any, NoReturn

from cheroot.ssl import Adapter


class Tls(Adapter):
    """Lets cheroot serve with a ready context; its own adapter wants files."""

    def __init__(self, context: ssl.SSLContext) -> None:
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

    def makefile(self, *_: Any) -> NoReturn:
        """Connections make their own files."""
        raise NotImplementedError
