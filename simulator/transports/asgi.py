"""An ASGI application, called in this process without a port (ASGI 3, its lifespan included)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from ..core.app_request import AppRequest, asgi_scope
from ..core.outcome import Outcome
from ..core.wire import Wire
from .app_wired import AppWired
from .asgi_exchange import AsgiExchange, ClientGoneError
from .lifespan import Lifespan
from .outcomes import too_late

AsgiApp = Callable[..., Awaitable[None]]

_log = logging.getLogger("flowsim.asgi")


class AsgiTransport:
    """Calls an application on the loop that runs; use it with ``async with``.

    ``timeout`` is in seconds. An attempt that takes longer is told that the client has gone,
    and goes on. What is still under way at the end (tasks in the background) has ``timeout``
    seconds to finish. What the application raises is a 500, which has its traceback.
    """

    def __init__(self, app: AsgiApp, *, timeout: float) -> None:
        self._app = app
        self._timeout = timeout
        self._lifespan = Lifespan(app)
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> AsgiTransport:
        await self._lifespan.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._timeout)
        left = [*self._tasks]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._lifespan.stop()

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """POST the body and return what came back."""
        return await self._exchange(AppRequest("POST", url, headers, body))

    async def get(self, url: str, headers: Mapping[str, str]) -> Outcome:
        """GET and return what came back."""
        return await self._exchange(AppRequest("GET", url, headers, b""))

    def wired(self, wire: Wire) -> AppWired:
        """Return a transport for attempts that a fault writes so."""
        return AppWired(self._exchange, wire)

    async def _exchange(self, request: AppRequest) -> Outcome:
        exchange = AsgiExchange(request)
        scope = asgi_scope(request, self._lifespan.state)
        task = asyncio.ensure_future(self._app(scope, exchange.receive, exchange.send))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            async with asyncio.timeout(self._timeout):
                outcome = await exchange.outcome(task)
            if outcome.elapsed > self._timeout:  # it held up the loop
                raise TimeoutError
        except TimeoutError:
            outcome = too_late(exchange.elapsed, self._timeout)
            exchange.abandon()
        if not (task.done() and outcome.problem):
            task.add_done_callback(_log_error)
        return outcome


def _log_error(task: asyncio.Task[None]) -> None:
    """Tell what an application raised after its answer, as servers do.

    That it noticed that nobody waited for more is no news.
    """
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error.__context__ or error, ClientGoneError):
        _log.error("exception in the ASGI application", exc_info=error)
