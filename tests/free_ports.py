"""Ports that are free, and stay free until a test listens on them.

The system may give a port that it chose to a connection in the next moment: to one of another
test, or of another process that runs tests. No system gives these ports to connections by default.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import socket

_FIRST, _NUMBER = 20_000, 12_000
_APART = 1_009
"""Processes that start one after the other begin so far apart."""

_numbers = itertools.count(os.getpid() * _APART)


def free_port() -> int:
    """Return a port of 127.0.0.1 that this process was not given lately."""
    for number in itertools.islice(_numbers, _NUMBER):
        port = _FIRST + number % _NUMBER
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError("no port is free")
