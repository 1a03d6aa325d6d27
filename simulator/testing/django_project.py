"""What an application of a Django project needs in a test: the connection with its transaction.

Connections belong to threads. Django calls synchronous code through asgiref, which chooses a
thread: the one that waits in ``async_to_sync``, or else a new one for each request. At the ends of
a request Django closes a connection that is in a transaction; its own test client keeps it.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from functools import partial
from typing import Any

from ..core.outcome import Outcome
from ..runtime.event_loop import Work


def is_django_used() -> bool:
    """Return whether this process has a Django project."""
    conf = sys.modules.get("django.conf")
    return conf is not None and conf.settings.configured


def run(work: Work) -> None:
    """Run work on a loop of another thread, while its synchronous code runs in this one.

    Work is cancelled if this thread is interrupted.
    """
    from asgiref.sync import async_to_sync

    cancel: Callable[[], object] = lambda: None  # noqa: E731 - replaced once there is a task

    async def cancellable() -> None:
        nonlocal cancel
        task = asyncio.current_task()
        assert task is not None
        cancel = partial(asyncio.get_running_loop().call_soon_threadsafe, task.cancel)
        await work()

    try:
        async_to_sync(cancellable)()
    except BaseException:
        with contextlib.suppress(RuntimeError):  # its loop has ended before
            cancel()
        raise


@contextlib.asynccontextmanager
async def in_one_thread() -> AsyncIterator[None]:
    """Let the synchronous code of all requests in the block run in one thread, in turn."""
    if not is_django_used():
        yield
        return
    from asgiref.sync import ThreadSensitiveContext

    async with ThreadSensitiveContext():
        yield


@contextlib.contextmanager
def transactions_kept() -> Iterator[None]:
    """Keep connections open that are in a transaction, as requests begin and end in the block."""
    if not is_django_used():
        yield
        return
    from django.core.signals import (  # type: ignore[import-untyped]
        request_finished,
        request_started,
    )
    from django.db import close_old_connections, connections  # type: ignore[import-untyped]

    def close_others(**_: object) -> None:
        for each in connections.all(initialized_only=True):
            if not each.in_atomic_block:
                each.close()

    signals = request_started, request_finished
    _replace(signals, close_old_connections, close_others)
    try:
        yield
    finally:
        _replace(signals, close_others, close_old_connections)


def _replace(signals: Iterable[Any], former: object, later: object) -> None:
    for each in signals:
        each.disconnect(former)
        each.connect(later)


async def call(work: Callable[[], Outcome]) -> Outcome:
    """Do work in the thread where Django's ``sync_to_async`` would."""
    from asgiref.sync import sync_to_async

    return await sync_to_async(work)()
