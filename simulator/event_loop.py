"""The event loop a replay runs on, and what the operating system must allow it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from functools import cache, partial
from typing import Any, Self

from .errors import SettingError

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_OTHER_FILES = 128
"""Open files that a replay needs beside one for each connection."""


Work = Callable[[], Coroutine[Any, Any, None]]


def run(work: Work) -> None:
    """Run what ``work`` returns on uvloop, where there is one.

    SIGINT and SIGTERM cancel it, whenever they come, and then ``KeyboardInterrupt`` is raised.
    """
    interruption = _Interruption()
    with interruption.awaited(), _rare_collections():
        try:
            with asyncio.Runner(loop_factory=loop_factory()) as runner:
                runner.run(interruption.watch(work))
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None
    if interruption.noted:  # it came too late to cancel anything
        raise KeyboardInterrupt


def run_here(work: Work) -> None:
    """Run what ``work`` returns, and leave signals to whoever else handles them.

    It runs on asyncio's own loop, which is made in a third of the time that uvloop takes.
    """
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner, _rare_collections():
        runner.get_loop().run_until_complete(work())


def is_running_here() -> bool:
    """Tell whether an event loop is running in this thread, in which no other one can."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """Return what makes an event loop: uvloop, where there is one."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


_POOL = 4
"""Threads that uvloop starts all at once when it connects for the first time in a process."""


async def _fill_pool() -> None:
    """Let uvloop start its threads now; where one of them cannot be had it ends the process.

    That they can be had is tried out before. Raises ``RuntimeError`` if they cannot.
    """
    loop = asyncio.get_running_loop()
    if type(loop).__module__.startswith("uvloop"):
        _try_threads(_POOL)
        await loop.getaddrinfo("127.0.0.1", 0)


@cache
def _try_threads(number: int) -> None:
    """Have so many threads at once, and end them."""
    release = threading.Event()
    threads = [threading.Thread(target=release.wait, daemon=True) for _ in range(number)]
    try:
        for each in threads:
            each.start()
    finally:
        release.set()
        for each in threads:
            if each.ident is not None:
                each.join()


BackgroundWork = Callable[[Callable[[], None]], Coroutine[Any, Any, None]]


class Background:
    """Work on an event loop in a thread of its own, from ``with`` to the end of its block.

    ``work`` is handed what to call once it is ready, and is cancelled at the end if it has not
    ended itself. What it raises before it is ready is raised by ``with``; what it raises later
    is ``problem``.
    """

    def __init__(self, name: str, work: BackgroundWork) -> None:
        self._work = work
        self._ready = threading.Event()
        self._cancel: Callable[[], object] = lambda: None
        self.problem: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        if self.problem is not None:
            self._thread.join()
            raise self.problem
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(RuntimeError):  # its loop has ended before
            self._cancel()
        self._thread.join()

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=loop_factory()) as runner:
                runner.run(self._watched())
        except asyncio.CancelledError:
            return
        except BaseException as error:
            self.problem = error
        finally:
            self._ready.set()

    async def _watched(self) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        self._cancel = partial(loop.call_soon_threadsafe, task.cancel)
        await _fill_pool()
        await self._work(self._ready.set)


@contextlib.contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for reference cycles rarely: an attempt makes many objects and no cycles.

    At the usual thresholds a quarter of a long replay's own time goes into looking.
    """
    before = gc.get_threshold()
    gc.set_threshold(50_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Interruption:
    """Notes a signal, and cancels the work once there is a loop that can take it."""

    def __init__(self) -> None:
        self.noted = False
        self._cancel: Callable[[], object] | None = None

    async def watch(self, work: Work) -> None:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None
        self._cancel = partial(loop.call_soon_threadsafe, task.cancel)
        if self.noted:
            raise asyncio.CancelledError
        try:
            await _fill_pool()
            await work()
        finally:
            self._cancel = None

    @contextlib.contextmanager
    def awaited(self) -> Iterator[None]:
        try:
            before = {number: signal.signal(number, self._note) for number in _SIGNALS}
        except ValueError:  # not in the main thread, where no signal arrives
            before = {}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note(self, *_: object) -> None:
        self.noted = True
        if self._cancel is not None:
            self._cancel()


@contextlib.contextmanager
def sigterm_interrupts() -> Iterator[None]:
    """Let SIGTERM raise ``KeyboardInterrupt``, as Ctrl-C does, where no loop is running."""
    try:
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    except ValueError:  # not in the main thread, where no signal arrives
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def allow_connections(number: int) -> None:
    """Raise the soft limit of open files so far that every connection can be open at once.

    Raises ``SettingError`` if the hard limit is in the way.
    """
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = number + _OTHER_FILES
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise SettingError(
            f"--concurrency {number} needs {needed} open files, {hard} are allowed; "
            f"expected at most {max(1, hard - _OTHER_FILES)}, or a higher limit (ulimit -n)"
        )
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
