"""Sends deliveries to a webhook: every attempt at a delivery is made here.

Attempts begin in order of story time; those due at the same moment may overlap, and on a clock
that jumps those that hang. The decision what follows an attempt is the core's, the waiting is
the clock's. Challenges and validations are no deliveries: they have no retries and no story
time, so ``transport.request`` makes them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from ..core import headers
from ..core.delivery import CUT_OFF, Attempt, Wait, attempt, decide
from ..core.identifiers import RandomSource
from ..core.outcome import Outcome
from ..core.trace import Trace
from ..core.wire import Wire, of_attempt
from ..runtime import defaults
from ..runtime.clock import Clock, pause, stopwatch
from .agenda import Agenda, Pending
from .release import Release, Releases
from .transport import Transport
from .under_way import AT_ANY_TIME, GRACE, AttemptsUnderWay, Begun

Wired = Callable[[Wire, Release | None], Transport]
"""Returns a transport for one attempt: how it is written, and what it is released with."""

Judge = Callable[[Attempt], bool | None]
"""Returns whether our own receiver verified an attempt; None if there is no such receiver."""


@dataclass(frozen=True, slots=True)
class DeliveryOptions:
    """How deliveries are sent.

    ``rate`` limits attempts per second of real time; ``max_attempts`` ends a delivery before
    its 24 hours are over.
    """

    concurrency: int = defaults.CONCURRENCY
    rate: float | None = None
    max_attempts: int | None = None


async def send_attempt(transport: Transport, now: Attempt) -> Outcome:
    """Make one attempt at a delivery."""
    delivery = now.delivery
    body = delivery.signed.payload.body
    return await transport.send(delivery.url, headers.of_attempt(now), body)


async def try_again(transport: Transport, trace: Trace, chance: RandomSource) -> Trace:
    """Make another attempt at a delivery, its last one; no fault changes how it is written."""
    now = attempt(trace.attempt.delivery, trace.attempt.number + 1, chance)
    outcome = await send_attempt(transport, now)
    decision = decide(outcome, now.number, timedelta(0), now.number)
    return Trace(now, trace.sent_at, outcome, decision)


async def send_once_more(transport: Transport, trace: Trace, chance: RandomSource) -> Trace:
    """Deliver what was delivered before once more, as a new delivery with the same bytes."""
    before = trace.attempt.delivery
    now = attempt(replace(before, copy=before.copy + 1), 1, chance)
    outcome = await send_attempt(transport, now)
    return Trace(now, trace.sent_at, outcome, decide(outcome, 1, timedelta(0), 1))


class Dispatcher:
    """Sends deliveries; ``on_trace`` is called with each attempt when it ends.

    On a clock that jumps, it is called once all attempts that began earlier have ended.
    ``wired`` returns a transport for attempts that faults do not write as HTTP, and for those that
    are released at the same instant.
    """

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        chance: RandomSource,
        options: DeliveryOptions,
        on_trace: Callable[[Trace], None],
        judge: Judge = lambda _: None,
        wired: Wired | None = None,
    ) -> None:
        self._transport = transport
        self._wired = wired
        self._clock = clock
        self._chance = chance
        self._options = options
        self._on_trace = on_trace
        self._judge = judge
        self._running = 0
        self._under_way = AttemptsUnderWay(in_order=clock.jumps)
        self._changed = asyncio.Event()
        self._slots = asyncio.Semaphore(options.concurrency)
        self._releases = Releases(options.concurrency if options.rate is None else 1)
        self._next_send = 0.0

    async def deliver_all(self, agenda: Agenda) -> None:
        """Send all deliveries of an agenda, until each is delivered or dropped.

        An error in ``on_trace`` ends the work and is raised as it is.
        """
        try:
            await self._deliver_all(agenda)
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None

    def look_again(self) -> None:
        """Look at the agenda and the clock again, for one of them has changed."""
        self._changed.set()

    async def _deliver_all(self, agenda: Agenda) -> None:
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._changed.clear()
                due = await agenda.first()
                if due is None and agenda.is_over and not self._running:
                    return
                if await self._clock.until(due, self._changed, self._earliest(agenda)):
                    pending = await agenda.take()
                    if pending is not None:
                        await self._begin(tasks, agenda, pending)

    def _earliest(self, agenda: Agenda) -> datetime | None:
        """Return when an attempt under way may cause another one; None if no attempt is."""
        if not self._running or not self._clock.jumps:
            return None
        earliest = self._under_way.earliest()
        limit = None if earliest == AT_ANY_TIME else agenda.limit
        return earliest if limit is None else min(earliest, limit)

    async def _begin(self, tasks: asyncio.TaskGroup, agenda: Agenda, pending: Pending) -> None:
        await self._slots.acquire()
        await self._keep_rate()
        now = self._clock.now()
        pending.begun = pending.begun or now
        self._running += 1
        begun = self._under_way.begin(now, pending.number)
        tasks.create_task(self._attempt(agenda, pending, begun))

    async def _keep_rate(self) -> None:
        if self._options.rate is None:
            return
        now = stopwatch()
        self._next_send = max(self._next_send, now)
        if self._next_send > now:
            await pause(self._next_send - now)
        self._next_send += 1 / self._options.rate

    async def _attempt(self, agenda: Agenda, pending: Pending, begun: Begun) -> None:
        try:
            delivery = await pending.prepare()
            if delivery is None:
                return
            now = attempt(delivery, pending.number, self._chance)
            sent_at = self._clock.now()
            outcome = await self._send(now, begun)
            ended_at = sent_at if self._clock.jumps else self._clock.now()
            begun.count = partial(self._count, agenda, pending, now, outcome, sent_at, ended_at)
        finally:
            self._running -= 1
            self._slots.release()
            self._under_way.end(begun)
            self._changed.set()

    async def _send(self, now: Attempt, begun: Begun) -> Outcome:
        transport = self._transport if self._wired is None else self._transport_for(now)
        if self._under_way.sent(begun, now.delivery.url):
            asyncio.get_running_loop().call_later(GRACE, self._hangs, begun)
        outcome = await send_attempt(transport, now)
        self._under_way.came(begun, outcome)
        return outcome

    def _hangs(self, begun: Begun) -> None:
        self._under_way.hangs(begun)
        self._changed.set()

    def _count(
        self,
        agenda: Agenda,
        pending: Pending,
        now: Attempt,
        outcome: Outcome,
        sent_at: datetime,
        ended_at: datetime,
    ) -> None:
        """Decide what follows an attempt, and report its trace."""
        age = ended_at - (pending.begun or sent_at)
        most, is_cut = self._options.max_attempts, now.delivery.is_cut
        decision = CUT_OFF if is_cut else decide(outcome, pending.number, age, most)
        if isinstance(decision, Wait):
            agenda.retry(pending, ended_at + timedelta(seconds=decision.seconds))
        self._on_trace(Trace(now, sent_at, outcome, decision, self._judge(now)))

    def _transport_for(self, now: Attempt) -> Transport:
        wire, release = of_attempt(now), self._releases.of(now)
        if self._wired is None or (wire is None and release is None):
            return self._transport
        return self._wired(wire or Wire(now.number), release)
