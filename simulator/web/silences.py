"""Requests that get no response: their connection stays open, is closed, or is reset."""

from __future__ import annotations

import contextlib
import socket
import struct
from typing import TYPE_CHECKING, Literal, get_args

from flask import request

from ..errors import ApiError
from .client_socket import is_ready

if TYPE_CHECKING:
    from .connection import ClientConnection

Silence = Literal["timeout", "close", "reset"]
"""What happens instead of a response: the connection stays open until the sender gives up, is
closed, or is reset."""

SILENCES: tuple[Silence, ...] = get_args(Silence)

KEY = "flowsim.connection"
"""Where the environment of a request holds its connection."""

_LOOK_EVERY = 0.5

_AT_ONCE = struct.pack("ii", 1, 0)
"""How SO_LINGER says that closing a connection resets it."""


def reset(sock: socket.socket) -> None:
    """Close a connection so that its client gets a reset (RST) instead of an end (FIN)."""
    with contextlib.suppress(OSError):  # the client may have gone meanwhile
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    socket.socket.close(sock)


def keep(silence: Silence) -> None:
    """Leave the current request without a response: what its view returns is not sent.

    A ``timeout`` lasts until the client hangs up, or the server ends. Raises ``ApiError`` for a
    request that came over no connection.
    """
    connection: ClientConnection | None = request.environ.get(KEY)
    if connection is None:
        raise ApiError(501, "Not Implemented", "there is no connection that could stay silent")
    if silence == "timeout":
        _wait_for_end(connection.socket)
    connection.silence = silence


def _wait_for_end(sock: socket.socket) -> None:
    """Wait until the client closes its side; bytes that it sends are dropped."""
    with contextlib.suppress(OSError):
        while not (is_ready(sock, _LOOK_EVERY, to_read=True) and _has_ended(sock)):
            pass


def _has_ended(sock: socket.socket) -> bool:
    """Drop the bytes that came; return whether the client has closed its side."""
    return not socket.socket.recv(sock, 1 << 16)
