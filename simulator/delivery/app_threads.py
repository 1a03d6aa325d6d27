"""Threads in which WSGI applications are called: a new one for each request, or one for all."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

from ..core.outcome import Outcome
from .applications import Work

T = TypeVar("T")

Piece = Callable[[], BaseException | None]


async def in_new_thread(work: Callable[[], T]) -> T:
    """Do the work in a new daemon thread."""
    return await _handed_over(work, _start)


class OneThread:
    """Does work in the thread that made this object, one piece after the other.

    If the event loop runs in that thread, ``call`` works at once. Otherwise ``serve`` does the
    work in that thread, and ``call`` waits for it.
    """

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._work: SimpleQueue[Piece | None] = SimpleQueue()

    async def call(self, work: Work) -> Outcome:
        """Let that thread work; work is left out if its caller was cancelled."""
        if threading.get_ident() == self._thread:
            with loop_out_of_sight():
                return work()
        return await _handed_over(work, self._work.put)

    def ask(self, work: Callable[[], T]) -> T:
        """Let that thread work; the calling thread, which is another one, waits."""
        future: Future[T] = Future()
        self._work.put(partial(_do, future, work))
        return future.result()

    def end(self) -> None:
        """Make ``serve`` return."""
        self._work.put(None)

    def serve(self) -> None:
        """Work until the end; Ctrl-C is raised here, too.

        This thread may have an event loop, which waits meanwhile.
        """
        while (piece := self._work.get()) is not None:
            with loop_out_of_sight():
                error = piece()
            if isinstance(error, KeyboardInterrupt):
                raise error


@contextlib.contextmanager
def loop_out_of_sight() -> Iterator[None]:
    """Hide the loop of this thread: with one, Django calls no database, Flask no coroutine."""
    loop = asyncio._get_running_loop()  # noqa: SLF001 - as below
    asyncio._set_running_loop(None)  # noqa: SLF001 - public to event loops
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)  # noqa: SLF001


async def _handed_over(work: Callable[[], T], hand: Callable[[Piece], None]) -> T:
    """Let another thread do the work, and wait for its outcome."""
    future: Future[T] = Future()
    hand(partial(_do, future, work))
    return await asyncio.wrap_future(future)


def _start(piece: Piece) -> None:
    threading.Thread(target=piece, name="flowsim webhook", daemon=True).start()


def _do(future: Future[T], work: Callable[[], T]) -> BaseException | None:
    """Do the work, unless the future was cancelled, and return the exception, if one was raised."""
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)
            return error
    return None
