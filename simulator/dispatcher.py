"""Carries deliveries to a webhook: the one place where the core meets the world.

Attempts begin in order of story time; those due at the same moment may overlap. The decision
what follows an attempt is the core's, the waiting is the clock's.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .clock import Clock, pause, stopwatch
from .core import headers
from .core.delivery import Attempt, Delivery, Wait, attempt, decide
from .core.story import Chance
from .core.trace import Trace
from .transports.base import Transport

Judge = Callable[[Attempt], bool | None]
"""Return whether a receiver of ours vouched for an attempt; None if nobody judges."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How deliveries are carried.

    ``rate`` limits attempts per second of real time; ``max_attempts`` ends a delivery before
    its 24 hours are over.
    """

    concurrency: int = 64
    rate: float | None = None
    max_attempts: int | None = None


@dataclass(order=True, slots=True)
class _Pending:
    """A delivery that is due, at its ``number``th attempt."""

    due: datetime
    order: int
    delivery: Delivery = field(compare=False)
    number: int = field(compare=False)
    begun: datetime | None = field(compare=False, default=None)


class Dispatcher:
    """Carries one stream of deliveries; ``on_trace`` sees every attempt as it ends."""

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        chance: Chance,
        manner: Manner,
        on_trace: Callable[[Trace], None],
        judge: Judge = lambda _: None,
    ) -> None:
        self._transport = transport
        self._clock = clock
        self._chance = chance
        self._manner = manner
        self._on_trace = on_trace
        self._judge = judge
        self._retries: list[_Pending] = []
        self._running = 0
        self._changed = asyncio.Event()
        self._slots = asyncio.Semaphore(manner.concurrency)
        self._next_send = 0.0

    async def carry(self, deliveries: AsyncIterator[Delivery]) -> None:
        """Carry all deliveries, which come in order of story time, to their ends.

        An error in ``on_trace`` ends the work and is raised as it is.
        """
        try:
            await self._carry(deliveries)
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _carry(self, deliveries: AsyncIterator[Delivery]) -> None:
        async with asyncio.TaskGroup() as tasks:
            fresh = await _next(deliveries)
            while True:
                self._changed.clear()
                pending = self._earlier(fresh)
                if pending is None:
                    if not self._running:
                        return
                    await self._changed.wait()
                elif await self._clock.until(pending.due, self._changed, self._running > 0):
                    if pending is fresh:
                        await self._begin(tasks, pending)
                        fresh = await _next(deliveries)
                    else:
                        await self._begin(tasks, heapq.heappop(self._retries))

    def _earlier(self, fresh: _Pending | None) -> _Pending | None:
        retry = self._retries[0] if self._retries else None
        if retry is None or fresh is None:
            return retry or fresh
        return min(retry, fresh)

    async def _begin(self, tasks: asyncio.TaskGroup, pending: _Pending) -> None:
        await self._slots.acquire()
        await self._keep_rate()
        pending.begun = pending.begun or self._clock.now()
        self._running += 1
        tasks.create_task(self._attempt(pending))

    async def _keep_rate(self) -> None:
        if self._manner.rate is None:
            return
        now = stopwatch()
        self._next_send = max(self._next_send, now)
        if self._next_send > now:
            await pause(self._next_send - now)
        self._next_send += 1 / self._manner.rate

    async def _attempt(self, pending: _Pending) -> None:
        now = attempt(pending.delivery, pending.number, self._chance)
        sent_at = self._clock.now()
        try:
            outcome = await self._transport.send(
                now.delivery.url, headers.of_attempt(now), now.delivery.signed.payload.body
            )
            age = self._clock.now() - (pending.begun or sent_at)
            decision = decide(outcome, pending.number, age, self._manner.max_attempts)
            if isinstance(decision, Wait):
                self._retry(pending, decision)
            self._on_trace(Trace(now, sent_at, outcome, decision, self._judge(now)))
        finally:
            self._running -= 1
            self._slots.release()
            self._changed.set()

    def _retry(self, pending: _Pending, decision: Wait) -> None:
        due = self._clock.now() + timedelta(seconds=decision.seconds)
        later = _Pending(due, pending.order, pending.delivery, pending.number + 1, pending.begun)
        heapq.heappush(self._retries, later)


async def _next(deliveries: AsyncIterator[Delivery]) -> _Pending | None:
    delivery = await anext(deliveries, None)
    return _Pending(delivery.due, delivery.number, delivery, 1) if delivery else None
