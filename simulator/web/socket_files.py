"""What a server reads requests from and writes answers to."""

from __future__ import annotations

import socket

from cheroot.makefile import StreamReader, StreamWriter


class Writer(StreamWriter):
    """Sends what is written at once; while it ``holds``, with what is written next."""

    holds = False

    def _flush_unlocked(self) -> None:
        if not self.holds:
            super()._flush_unlocked()  # type: ignore[misc]


def make(sock: socket.socket, mode: str = "r", size: int = -1) -> StreamReader | Writer:
    """Return a file over a socket."""
    return (StreamReader if "r" in mode else Writer)(sock, mode, size)
