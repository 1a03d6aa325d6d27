"""The lifespan of an ASGI application: it is started before the first request, and stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ..errors import UnreachableError

LIFESPAN_LIMIT = 60.0
"""Seconds that startup or shutdown may take."""


class Lifespan:
    """Starts and stops an application; one that knows no lifespan is left alone.

    ``state`` is what the application keeps there, for all of its requests.
    """

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.state: dict[str, Any] = {}
        self._app = app
        self._asked: asyncio.Queue[str] = asyncio.Queue()
        self._answers: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the application; raises ``UnreachableError`` if it says that it cannot."""
        scope = {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "state": self.state,
        }
        self._task = asyncio.ensure_future(self._app(scope, self._receive, self._answers.put))
        answer = await self._ask("startup")
        if answer.get("type") == "lifespan.startup.failed":
            await self._end()
            raise _refusal("start", answer)

    async def stop(self) -> None:
        """Stop the application; raises ``UnreachableError`` if it says that it cannot."""
        try:
            if self._task is not None and not self._task.done():
                answer = await self._ask("shutdown")
                if answer.get("type") == "lifespan.shutdown.failed":
                    raise _refusal("stop", answer)
        finally:
            await self._end()

    async def _receive(self) -> dict[str, str]:
        return {"type": f"lifespan.{await self._asked.get()}"}

    async def _ask(self, what: str) -> MutableMapping[str, Any]:
        """Return the answer of the application; empty if it ended without one."""
        assert self._task is not None
        self._asked.put_nowait(what)
        answer = asyncio.ensure_future(self._answers.get())
        done, _ = await asyncio.wait(
            {answer, self._task}, timeout=LIFESPAN_LIMIT, return_when=asyncio.FIRST_COMPLETED
        )
        if answer in done:
            return answer.result()
        answer.cancel()
        if done:
            return {} if self._answers.empty() else self._answers.get_nowait()
        await self._end()
        raise UnreachableError(f"the application's {what} took longer than {LIFESPAN_LIMIT:.0f} s")

    async def _end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


def _refusal(what: str, answer: MutableMapping[str, Any]) -> UnreachableError:
    lines = str(answer.get("message") or "it does not say why").strip().splitlines()
    return UnreachableError(f"the application did not {what}: {lines[-1]}")
