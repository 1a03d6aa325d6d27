"""What was seen at an endpoint, for a while: many attempts that fail alike share one look."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from ..clock import stopwatch
from ..http_client.endpoint import Endpoint

T = TypeVar("T")

REMEMBERED = 10.0
"""Seconds for which a look is not repeated."""

_MOST_REMEMBERED = 1_000


class Looks(Generic[T]):
    """Looks at endpoints with ``look``, which raises nothing, and remembers what it returns."""

    def __init__(self, look: Callable[[Endpoint], Awaitable[T]]) -> None:
        self._look = look
        self._seen: dict[Endpoint, tuple[float, T]] = {}
        self._under_way: dict[Endpoint, asyncio.Task[T]] = {}

    async def at(self, where: Endpoint) -> T:
        """Return what there is to see, now or a moment ago."""
        if where in self._seen and stopwatch() < self._seen[where][0]:
            return self._seen[where][1]
        task = self._under_way.get(where)
        if task is None:
            task = self._under_way[where] = asyncio.create_task(self._looked(where))
        return await asyncio.shield(task)

    async def _looked(self, where: Endpoint) -> T:
        try:
            found = await self._look(where)
        finally:
            del self._under_way[where]
        if len(self._seen) >= _MOST_REMEMBERED:
            self._seen.clear()
        self._seen[where] = stopwatch() + REMEMBERED, found
        return found
