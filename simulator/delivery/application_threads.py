"""In which thread an application is called that knows no event loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

from ..core.outcome import Outcome

T = TypeVar("T")

Work = Callable[[], Outcome]
Piece = Callable[[], BaseException | None]
Call = Callable[[Work], Awaitable[Outcome]]
"""Does a piece of work in some thread, and returns what it returned."""


async def in_new_thread(work: Work) -> Outcome:
    """Work in a thread of its own, which nobody has to wait for."""
    return await _handed_over(work, _start)


class OneThread:
    """Work for the thread that made this, one piece after the other.

    An event loop in that thread works itself; one in another thread waits until ``serve`` has.
    """

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._work: SimpleQueue[Piece | None] = SimpleQueue()

    async def call(self, work: Work) -> Outcome:
        """Let that thread work; what nobody waits for any more is left out."""
        if threading.get_ident() == self._thread:
            with _out_of_sight(asyncio.get_running_loop()):
                return work()
        return await _handed_over(work, self._work.put)

    def ask(self, work: Callable[[], T]) -> T:
        """Let that thread work, and wait for it in another one."""
        future: Future[T] = Future()
        self._work.put(partial(_do, future, work))
        return future.result()

    def end(self) -> None:
        """Let ``serve`` return."""
        self._work.put(None)

    def serve(self) -> None:
        """Work until the end; Ctrl-C is raised here, too."""
        while (piece := self._work.get()) is not None:
            error = piece()
            if isinstance(error, KeyboardInterrupt):
                raise error


@contextlib.contextmanager
def _out_of_sight(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Let nobody see that a loop is running: Django would call no database, Flask no coroutine."""
    asyncio._set_running_loop(None)  # noqa: SLF001 - public to event loops
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)  # noqa: SLF001


async def _handed_over(work: Work, hand: Callable[[Piece], None]) -> Outcome:
    """Let whoever is handed the work do it, and wait for him."""
    here = asyncio.get_running_loop()
    future: asyncio.Future[Outcome] = here.create_future()
    hand(partial(_do_for, here, future, work))
    return await future


def _start(piece: Piece) -> None:
    threading.Thread(target=piece, name="flowsim webhook", daemon=True).start()


def _do(future: Future[T], work: Callable[[], T]) -> BaseException | None:
    """Work, and return what was raised."""
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)
            return error
    return None


def _do_for(
    loop: asyncio.AbstractEventLoop, future: asyncio.Future[Outcome], work: Work
) -> BaseException | None:
    """Work for a coroutine, if it still waits, and return what was raised."""
    if future.done():
        return None
    outcome: Outcome | None = None
    error: BaseException | None = None
    try:
        outcome = work()
    except BaseException as raised:
        error = raised
    with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits
        loop.call_soon_threadsafe(_settle, future, outcome, error)
    return error


def _settle(
    future: asyncio.Future[Outcome], outcome: Outcome | None, error: BaseException | None
) -> None:
    if future.done():  # by now nobody waits
        return
    if error is not None:
        future.set_exception(error)
    elif outcome is not None:
        future.set_result(outcome)
