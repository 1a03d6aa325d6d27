"""The event loop of an async test, for checks, which run on loops of other threads meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from inspect import isawaitable
from typing import Any, TypeVar

from ..delivery.app_threads import loop_out_of_sight
from ..delivery.applications import kind_of
from ..delivery.asgi import AsgiApp

T = TypeVar("T")

Exchanged = tuple[Any, ...]
"""``receive`` and ``send`` of ASGI."""


class HomeLoop:
    """The loop on which it is made; what it returns may be called in any other thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def app(self, target: Any) -> Any:
        """Return an ASGI application that runs on this loop; any other target as it is."""
        if isinstance(target, str | int) or target is None or kind_of(target) != "asgi":
            return target
        return self._bridged(target)

    def asked(self, function: Any) -> Any:
        """Return a function that calls another one on this loop, and awaits it if it is async.

        What is no function is returned as it is.
        """
        if not callable(function):
            return function
        answer: Callable[..., Any] = function

        def ask(*arguments: Any) -> Any:
            call = self._answer(answer, *arguments)
            return asyncio.run_coroutine_threadsafe(call, self._loop).result()

        return ask

    async def _answer(self, function: Callable[..., Any], *arguments: Any) -> Any:
        with loop_out_of_sight():
            result = function(*arguments)
        return await result if isawaitable(result) else result

    def _bridged(self, app: AsgiApp) -> AsgiApp:
        async def called(scope: Any, away: asyncio.AbstractEventLoop, request: Exchanged) -> None:
            receive, send = request
            await app(scope, lambda: _on(away, receive()), lambda each: _on(away, send(each)))

        async def bridged(scope: Any, *request: Any) -> None:
            await _on(self._loop, called(scope, asyncio.get_running_loop(), request))

        return bridged


async def _on(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
    """Await work that runs on another loop; if this is cancelled, so is that."""
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, loop))
