"""The threads of a server that answer requests."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable
from queue import SimpleQueue

from ..clock import stopwatch
from .connection import Connection

_FORCED = 0.25
"""Seconds for threads to end whose connections have been shut."""


class Threads:
    """Answers connections; can be ended in a bounded time, whatever its threads do.

    cheroot's own pool waits for each thread without end. ``answer`` must raise no error.
    """

    def __init__(self, number: int, answer: Callable[[Connection], None]) -> None:
        self._number = number
        self._answer = answer
        self._queue: SimpleQueue[Connection | None] = SimpleQueue()
        self._threads: list[_Thread] = []

    def start(self) -> None:
        """Start all threads; raises ``RuntimeError`` if the system allows no more."""
        for number in range(1, self._number + 1):
            thread = _Thread(f"request {number}", self._queue, self._answer)
            thread.start()
            self._threads.append(thread)

    def put(self, conn: Connection) -> None:
        """Have a connection answered by the next thread that is free."""
        self._queue.put(conn)

    def stop(self, timeout: float = 0.0) -> None:
        """End all threads; those that are still busy after so many seconds are left alone."""
        for _ in self._threads:
            self._queue.put(None)
        busy = _joined(self._threads, timeout)
        for thread in busy:
            thread.hang_up()
        _joined(busy, _FORCED)


class _Thread(threading.Thread):
    """One thread, and what it is busy with."""

    def __init__(
        self,
        name: str,
        queue: SimpleQueue[Connection | None],
        answer: Callable[[Connection], None],
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._queue = queue
        self._answer = answer
        self._conn: Connection | None = None

    def run(self) -> None:
        while (conn := self._queue.get()) is not None:
            self._conn = conn
            self._answer(conn)
            self._conn = None

    def hang_up(self) -> None:
        """Let a thread that waits for its client see that it is gone."""
        if (conn := self._conn) is not None:
            with contextlib.suppress(OSError):
                conn.hang_up()


def _joined(threads: Iterable[_Thread], seconds: float) -> list[_Thread]:
    """Wait for threads, so long for all together, and return those that go on."""
    until = stopwatch() + seconds
    for thread in threads:
        thread.join(max(0.0, until - stopwatch()))
    return [thread for thread in threads if thread.is_alive()]
