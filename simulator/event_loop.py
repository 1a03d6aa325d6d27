"""The event loop a replay runs on, and what the operating system must allow it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine, Iterator
from typing import Any

from .errors import SettingError

_OTHER_FILES = 128
"""Open files that a replay needs beside one for each connection."""


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine on uvloop, where there is one; SIGTERM stops it as Ctrl-C does."""
    try:
        import uvloop
    except ImportError:
        factory = asyncio.new_event_loop
    else:
        factory = uvloop.new_event_loop
    try:
        with asyncio.Runner(loop_factory=factory) as runner, _sigterm_interrupts():
            runner.run(work)
    finally:
        work.close()  # it was never begun if a signal came before it


@contextlib.contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    def interrupt(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
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
