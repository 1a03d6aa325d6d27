"""In which thread an application is called that knows no event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from queue import SimpleQueue

from ..core.outcome import Outcome

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
        self._work: SimpleQueue[tuple[Future[Outcome], Work] | None] = SimpleQueue()

    async def call(self, work: Work) -> Outcome:
        """Let that thread work; what nobody waits for any more is left out."""
        future: Future[Outcome] = Future()
        self._work.put((future, work))
        return await asyncio.wrap_future(future)

    def end(self) -> None:
        """Let ``serve`` return."""
        self._work.put(None)

    def serve(self) -> None:
        """Work until the end."""
        while (piece := self._work.get()) is not None:
            _do(*piece)


def _do(future: Future[Outcome], work: Work) -> None:
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)
