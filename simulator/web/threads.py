"""The threads of a server that answer requests."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterable

from ..runtime.clock import stopwatch
from .connection import ClientConnection

_FORCED = 0.25
"""Seconds for threads to end whose connections have been shut."""


class RequestThreads:
    """Answers connections in at most ``most`` threads, each started when it is needed.

    The thread that became idle last is used first, so that the memory of the others is not
    touched. ``stop`` takes a bounded time even if threads are busy; cheroot's own pool waits for
    each of them. ``answer`` must raise no error.
    """

    def __init__(self, most: int, answer: Callable[[ClientConnection], None]) -> None:
        self._most = most
        self._answer = answer
        self._lock = threading.Lock()
        self._waiting: deque[ClientConnection] = deque()
        self._idle: list[_Thread] = []
        self._threads: list[_Thread] = []
        self._is_stopped = False

    def start(self) -> None:
        """Start the first thread; raises ``RuntimeError`` if the system allows none."""
        with self._lock:
            self._idle.append(self._another())

    def put(self, conn: ClientConnection) -> None:
        """Have a connection answered, by the next thread that is free if all are busy."""
        with self._lock:
            thread = self._idle.pop() if self._idle else self._one_more()
            if thread is None:
                self._waiting.append(conn)
            else:
                thread.give(conn)

    def stop(self, timeout: float = 0.0) -> None:
        """End all threads; those that are still busy after ``timeout`` seconds are left running."""
        with self._lock:
            self._is_stopped = True
            while self._idle:
                self._idle.pop().give(None)
        for conn in self._waiting:
            conn.close()
        busy = _join(self._threads, timeout)
        for thread in busy:
            thread.hang_up()
        _join(busy, _FORCED)

    def _one_more(self) -> _Thread | None:
        """Return a new thread, or None if there can be no more."""
        if len(self._threads) >= self._most:
            return None
        try:
            return self._another()
        except (RuntimeError, MemoryError):  # the system allows no more: the others go on
            return None

    def _another(self) -> _Thread:
        thread = _Thread(f"request {len(self._threads) + 1}", self._answer, self._go_on)
        thread.start()
        self._threads.append(thread)
        return thread

    def _go_on(self, thread: _Thread) -> None:
        """Give a thread the next connection; it is idle if none waits, and ends after ``stop``."""
        with self._lock:
            if self._is_stopped:
                thread.give(None)
            elif self._waiting:
                thread.give(self._waiting.popleft())
            else:
                self._idle.append(thread)


class _Thread(threading.Thread):
    """One thread, and the connection that it answers."""

    def __init__(
        self,
        name: str,
        answer: Callable[[ClientConnection], None],
        go_on: Callable[[_Thread], None],
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._answer = answer
        self._go_on = go_on
        self._asleep = threading.Lock()
        self._asleep.acquire()
        self._conn: ClientConnection | None = None

    def give(self, conn: ClientConnection | None) -> None:
        """Wake the thread to answer a connection, or to end for None."""
        self._conn = conn
        self._asleep.release()

    def run(self) -> None:
        self._asleep.acquire()
        while self._conn is not None:
            self._answer(self._conn)
            self._conn = None
            self._go_on(self)
            self._asleep.acquire()

    def hang_up(self) -> None:
        """Shut the connection of the thread, so that the thread stops waiting for the client."""
        if (conn := self._conn) is not None:
            with contextlib.suppress(OSError):
                conn.hang_up()


def _join(threads: Iterable[_Thread], seconds: float) -> list[_Thread]:
    """Wait for all threads at most this time in all, and return those that still run."""
    until = stopwatch() + seconds
    for thread in threads:
        thread.join(max(0.0, until - stopwatch()))
    return [thread for thread in threads if thread.is_alive()]
