"""In which thread an application is called that knows no event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

from ..core.outcome import Outcome

T = TypeVar("T")

Work = Callable[[], Outcome]
Call = Callable[[Work], Awaitable[Outcome]]
"""Does a piece of work in some thread, and returns what it returned."""


async def in_new_thread(work: Work) -> Outcome:
    """Work in a thread of its own, which nobody has to wait for."""
    future: Future[Outcome] = Future()
    run = threading.Thread(target=_do, args=(future, work), name="flowsim webhook", daemon=True)
    run.start()
    return await asyncio.wrap_future(future)


class OneThread:
    """Work for whichever thread calls ``serve``, one piece after the other."""

    def __init__(self) -> None:
        self._work: SimpleQueue[Callable[[], BaseException | None] | None] = SimpleQueue()

    async def call(self, work: Work) -> Outcome:
        """Let that thread work; what nobody waits for any more is left out."""
        return await asyncio.wrap_future(self._put(work))

    def ask(self, work: Callable[[], T]) -> T:
        """Let that thread work, and wait for it in another one."""
        return self._put(work).result()

    def end(self) -> None:
        """Let ``serve`` return."""
        self._work.put(None)

    def serve(self) -> None:
        """Work until the end; Ctrl-C is raised here, too."""
        while (piece := self._work.get()) is not None:
            error = piece()
            if isinstance(error, KeyboardInterrupt):
                raise error

    def _put(self, work: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()
        self._work.put(partial(_do, future, work))
        return future


def _do(future: Future[T], work: Callable[[], T]) -> BaseException | None:
    """Work, and return what was raised."""
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)
            return error
    return None
