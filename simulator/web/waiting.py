"""Connections that wait: for the rest of a request, for another one, or for a thread.

One thread watches all of them, and accepts new ones. So idle connections take no threads.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections import deque
from typing import TYPE_CHECKING

from ..runtime import system_limits
from ..runtime.clock import stopwatch
from .connection import ClientConnection
from .incoming_body import Next

if TYPE_CHECKING:
    from .server import HttpServer

_ACCEPTED_AT_ONCE = 64
_LOOK_EVERY = 0.5
"""Seconds between searches for connections that have waited too long."""

_ACCEPT_PAUSE = 0.1
"""Seconds until connections are accepted again after accepting has failed."""


class Waiting:
    """What cheroot calls a connection manager; ``most`` connections are open at once.

    If there are more, those that have waited longest are closed. ``put`` and ``wake`` may be
    called from any thread, everything else belongs to the one that ``run``s.
    """

    def __init__(self, server: HttpServer, listening: socket.socket, most: int) -> None:
        self._server = server
        self._listening = listening
        self._most = most
        self._selector = selectors.DefaultSelector()
        self._wakeup_reader, self._wakeup_writer = socket.socketpair()
        # Connection → events it is watched for; the one that has waited longest comes first.
        self._waiting: dict[ClientConnection, int] = {}
        self._placeless: dict[ClientConnection, None] = {}
        self._returned: deque[ClientConnection] = deque()
        self._next_look = self._accepting_from = 0.0
        self._is_stopped = False
        self._running = threading.Lock()
        for each in (self._listening, self._wakeup_reader, self._wakeup_writer):
            each.setblocking(False)
        self._selector.register(self._wakeup_reader, selectors.EVENT_READ)

    # What cheroot calls.

    def put(self, conn: ClientConnection) -> None:
        """Take a connection back from a thread."""
        self._returned.append(conn)
        self.wake()

    def run(self, _: float) -> None:
        """Watch all connections until ``stop``, in the calling thread.

        The argument is cheroot's interval in seconds; it is not needed, since ``put`` wakes us.
        """
        with self._running:
            while not self._is_stopped:
                self._turn()

    def stop(self) -> None:
        """Make ``run`` return, and wait until it has."""
        self._is_stopped = True
        self.wake()
        with self._running:
            pass

    def close(self) -> None:
        """Close all connections that wait."""
        for conn in [*self._waiting, *self._placeless, *self._returned]:
            conn.close()
        self._selector.close()
        self._wakeup_reader.close()
        self._wakeup_writer.close()

    @property
    def can_add_keepalive_connection(self) -> bool:
        """Whether a connection may stay open when it has been answered."""
        return len(self._waiting) < self._most

    def wake(self) -> None:
        """Wake the thread that watches, so that it sees what has changed."""
        with contextlib.suppress(OSError):  # it is awake, or has ended
            self._wakeup_writer.send(b"\0")

    def _turn(self) -> None:
        self._watch_for_new_ones()
        for key, _ in self._selector.select(_LOOK_EVERY):
            if key.fileobj is self._listening:
                self._accept()
            elif key.fileobj is self._wakeup_reader:
                self._wakeup_reader.recv(4096)
            else:
                self._look_at(key.data)
        while self._returned:
            self._look_at(self._returned.popleft())
        for conn in [*self._placeless]:
            self._look_at(conn)
        self._end_late_ones()

    def _watch_for_new_ones(self) -> None:
        """Accept connections, except for a short pause after one could not be accepted."""
        watched = self._listening in self._selector.get_map()
        if watched != (stopwatch() >= self._accepting_from):
            if watched:
                self._selector.unregister(self._listening)
            else:
                self._selector.register(self._listening, selectors.EVENT_READ)

    def _accept(self) -> None:
        for _ in range(_ACCEPTED_AT_ONCE):
            try:
                sock, address = self._listening.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if system_limits.lack(error) and not self._close_one():
                    self._accepting_from = stopwatch() + _ACCEPT_PAUSE
                return
            if len(self._waiting) >= self._most:
                self._close_one()
            try:
                conn = self._server.connection(sock, address)
            except (OSError, MemoryError):  # the client is gone already
                sock.close()
            else:
                self._look_at(conn)

    def _close_one(self) -> bool:
        """Close the connection that has waited longest; return whether there was one."""
        conn = next(iter(self._waiting), None)
        if conn is not None:
            self._let_go(conn)
            conn.close()
        return conn is not None

    def _look_at(self, conn: ClientConnection) -> None:
        """Read what a connection has sent, and keep, answer or close it."""
        try:
            following = conn.take_in()
        except MemoryError:  # others may need less
            following = Next.CLOSE
        if following is Next.WAIT:
            self._keep(conn)
            return
        if following is Next.ANSWER_WHILE_IT_COMES and not conn.waits.take_place():
            self._let_go(conn)
            self._placeless[conn] = None
            return
        self._let_go(conn)
        if following is Next.CLOSE:
            conn.close()
        else:
            self._server.process_conn(conn)

    def _keep(self, conn: ClientConnection) -> None:
        """Watch a connection for the events that it waits for."""
        watched = self._waiting.get(conn)
        if watched is None:
            self._selector.register(conn.socket, conn.events, conn)
        elif watched != conn.events:
            self._selector.modify(conn.socket, conn.events, conn)
        self._waiting[conn] = conn.events

    def _let_go(self, conn: ClientConnection) -> None:
        """Stop watching a connection."""
        self._placeless.pop(conn, None)
        if self._waiting.pop(conn, None) is not None:
            self._selector.unregister(conn.socket)

    def _end_late_ones(self) -> None:
        now = stopwatch()
        if now < self._next_look:
            return
        self._next_look = now + _LOOK_EVERY
        for conn in [each for each in (*self._waiting, *self._placeless) if each.deadline < now]:
            self._let_go(conn)
            if conn.is_over:
                conn.close()
            else:
                conn.end_late()
                self._look_at(conn)
