"""The event loop a replay runs on."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from functools import cache, partial
from types import FrameType
from typing import Any, Self

if sys.platform == "win32":
    _ENDING = [signal.SIGTERM]
else:
    _ENDING = [signal.SIGTERM, signal.SIGHUP]  # the second comes when the terminal is closed

Work = Callable[[], Coroutine[Any, Any, None]]
Handler = Callable[[int, FrameType | None], Any]


def run(work: Work, interruption: Interruption | None = None) -> None:
    """Run the result of ``work`` on uvloop, if it is installed.

    SIGINT, SIGTERM and SIGHUP cancel it at any moment, and then ``KeyboardInterrupt`` is
    raised. An ``interruption`` does the same, from any thread.
    """
    interruption = interruption or Interruption()
    with _handled([signal.SIGINT, *_ENDING], interruption.note), _rare_collections():
        try:
            with asyncio.Runner(loop_factory=loop_factory()) as runner:
                runner.run(interruption.watch(work))
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None
    if interruption.noted:  # it came too late to cancel anything
        raise KeyboardInterrupt


def run_here(work: Work) -> None:
    """Run what ``work`` returns, without handlers for signals.

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
    """Return the factory of event loops: uvloop's, if it is installed."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


_POOL = 4
"""Threads that uvloop starts all at once when it connects for the first time in a process."""


async def _fill_pool() -> None:
    """Let uvloop start its threads now; it would end the process if one could not start.

    Before that, as many threads are started for a trial. Raises ``RuntimeError`` if they cannot
    be started.
    """
    loop = asyncio.get_running_loop()
    if type(loop).__module__.startswith("uvloop"):
        _try_threads(_POOL)
        await loop.getaddrinfo("127.0.0.1", 0)


@cache
def _try_threads(number: int) -> None:
    """Start ``number`` threads at once, and end them."""
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

    ``work`` gets a function that it calls once it is ready. It is cancelled at the end of the
    block if it has not ended itself. What it raises before it is ready is raised by ``with``;
    ``problem`` is what it raises later.
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


class Interruption:
    """Ends the work of ``run`` early, once there is a loop that can cancel it."""

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

    def note(self, number: int, _: FrameType | None) -> None:
        """Interrupt because of a signal."""
        _ignore_next_hang_up(number)
        self.interrupt()

    def interrupt(self) -> None:
        """End the work now, or at its beginning; any thread may call this."""
        self.noted = True
        if (cancel := self._cancel) is not None:
            with contextlib.suppress(RuntimeError):  # its loop has ended
                cancel()


@contextlib.contextmanager
def sigterm_interrupts() -> Iterator[None]:
    """Let SIGTERM and SIGHUP raise ``KeyboardInterrupt``, as Ctrl-C does, where no loop is running.

    A SIGHUP that is ignored, as by nohup, stays ignored. Ctrl-C is handled as Python does by
    itself, which asyncio relies on.
    """
    handled = [signal.SIGINT] if callable(signal.getsignal(signal.SIGINT)) else []
    with _handled(handled, signal.default_int_handler), _handled(_ENDING, _interrupt):
        yield


def _interrupt(number: int, _: FrameType | None) -> None:
    _ignore_next_hang_up(number)
    raise KeyboardInterrupt


@contextlib.contextmanager
def _handled(numbers: list[signal.Signals], handler: Handler) -> Iterator[None]:
    """Handle signals until the end of the block; an ignored SIGHUP stays ignored."""
    handled = [number for number in numbers if not _is_ignored_hang_up(number)]
    try:
        before = {number: signal.signal(number, handler) for number in handled}
    except ValueError:  # not in the main thread, where no signal arrives
        before = {}
    try:
        yield
    finally:
        for number, former in before.items():
            if not _is_ignored_hang_up(number):
                signal.signal(number, former)


def _ignore_next_hang_up(number: int) -> None:
    """Ignore a second SIGHUP: system and shell send one each, and it would interrupt the ending."""
    if sys.platform != "win32" and number == signal.SIGHUP:
        signal.signal(number, signal.SIG_IGN)


def _is_ignored_hang_up(number: int) -> bool:
    if sys.platform == "win32":
        return False
    return number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN
