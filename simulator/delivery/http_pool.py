"""Connections that are kept for the next request to the same endpoint."""

from __future__ import annotations

import asyncio

from ..runtime.clock import stopwatch
from .http_connecting import Connector, Endpoint
from .http_connection import Connection

KEEP_ALIVE = 1.0
"""Seconds an idle connection is kept: less than most servers do.

A server that closes one just as a request goes out makes that attempt fail: nothing here shows
whether the request was read, and it is the sender's business to try again.
"""


class Pool:
    """Connections to use again; at most ``most`` are open at once, idle ones included.

    The caller of ``take`` and ``open`` must call ``give_back``.
    """

    def __init__(self, connector: Connector, most: int) -> None:
        self._connector = connector
        self._most = most
        self._taken = 0
        self._idle: dict[Connection, tuple[Endpoint, float]] = {}  # the longest idle first
        self._at: dict[Endpoint, list[Connection]] = {}
        self._next_look: asyncio.TimerHandle | None = None

    def take(self, endpoint: Endpoint) -> Connection | None:
        """Return the connection that became idle last, if one can still be used."""
        while at := self._at.get(endpoint):
            connection = at[-1]
            fresh = stopwatch() - self._idle[connection][1] <= KEEP_ALIVE
            self._forget(connection)
            if fresh and connection.is_open:
                self._taken += 1
                return connection
            connection.close()
        return None

    async def open(self, endpoint: Endpoint, seconds: float | None = None) -> Connection:
        """Return a new connection, made in ``seconds`` seconds; raises as ``Connector.connect``."""
        if self._idle and self._taken + len(self._idle) >= self._most:
            self._drop(next(iter(self._idle)))
        self._taken += 1
        try:
            return await self._connector.connect(endpoint, seconds)
        except BaseException:
            self._taken -= 1
            raise

    def shorten(self, seconds: float) -> None:
        """Shorten the time for each current answer by ``seconds`` seconds."""
        for connection in [*self._connector.open_ones]:
            connection.shorten(seconds)

    def close_idle(self) -> None:
        """Close the connections that are idle, so that another can be opened."""
        for connection in [*self._idle]:
            self._drop(connection)

    def give_back(self, endpoint: Endpoint, connection: Connection, reusable: bool) -> None:
        """Keep a connection for a while, or close one that cannot be used again."""
        self._taken -= 1
        if not (reusable and connection.is_open):
            connection.close()
            return
        self._idle[connection] = endpoint, stopwatch()
        self._at.setdefault(endpoint, []).append(connection)
        if self._next_look is None:
            self._look_later(KEEP_ALIVE)

    async def close(self) -> None:
        """Close all connections, and wait until they are."""
        if self._next_look is not None:
            self._next_look.cancel()
        connections = [*self._connector.open_ones]
        for connection in connections:
            connection.close()
        await asyncio.gather(*(each.lost.wait() for each in connections))

    def _look(self) -> None:
        """Close connections that were idle for too long; plan the next call of this function."""
        self._next_look = None
        while self._idle:
            connection, (_, since) = next(iter(self._idle.items()))
            left = since + KEEP_ALIVE - stopwatch()
            if left > 0:
                self._look_later(left)
                return
            self._drop(connection)

    def _look_later(self, seconds: float) -> None:
        self._next_look = asyncio.get_running_loop().call_later(seconds, self._look)

    def _drop(self, connection: Connection) -> None:
        self._forget(connection)
        connection.close()

    def _forget(self, connection: Connection) -> None:
        endpoint, _ = self._idle.pop(connection)
        at = self._at[endpoint]
        at.remove(connection)
        if not at:
            del self._at[endpoint]
