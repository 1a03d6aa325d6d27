"""The run of one check: its requests are made, and all answers and visits are recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..core import headers, wire
from ..core.delivery import is_retried
from ..core.identifiers import RandomSource
from ..core.trace import Trace
from ..delivery.dispatcher import try_again
from ..delivery.story_runner import Listeners, StoryRunner
from ..installation import keys
from ..runtime.clock import FastClock, pause
from .check import Check
from .check_requests import CheckStories, Prober
from .observation import Exchange, Visit
from .options import AT_ONCE

LONGEST = 30.0
"""Seconds of real time that one check may take without an answer."""

PACE = 4.0
"""Seconds that a webhook may take for each answer, before a check ends with some of them."""

LATER = (1.0, 11.0)
"""Seconds of real time before a webhook that puts an event off is tried again, and once more.

The minutes between the attempts before were skipped. A webhook that failed to fetch a key may
wait some seconds before it asks for the key again.
"""


@dataclass(slots=True)
class CheckRun:
    """What one check has observed so far, and how long it took.

    ``obstacle`` says why it cannot be judged. ``about_keys`` says that it is about what the
    key host answers. ``limit`` is how many seconds it may take.
    """

    check: Check
    began: float
    exchanges: list[Exchange] = field(default_factory=list)
    visits: tuple[Visit, ...] = ()
    elapsed: float = 0.0
    limit: float = LONGEST
    obstacle: str = ""
    overdue: bool = False
    about_keys: bool = False
    waiting: asyncio.Timeout | None = None

    @property
    def goes_on(self) -> bool:
        """Whether it did not end in time although the webhook answered each request."""
        return self.overdue and bool(self.exchanges) and self.exchanges[-1].is_answered

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange; an answer renews the time limit for the next one."""
        self.exchanges.append(exchange)
        if exchange.is_answered and self.waiting is not None and not self.waiting.expired():
            left = self.limit - (exchange.began + exchange.outcome.elapsed - self.began)
            self.waiting.reschedule(asyncio.get_running_loop().time() + min(LONGEST, left))


def longest(check: Check) -> float:
    """Return how many seconds a check may take if the webhook answers all the time."""
    return max(LONGEST, PACE * check.rounds(AT_ONCE))


@dataclass(frozen=True, slots=True)
class CheckRunner:
    """Runs checks one after the other; ``elapsed`` returns seconds since the first began."""

    runner: StoryRunner
    prober: Prober
    stories: CheckStories
    elapsed: Callable[[], float]

    async def run(self, check: Check, seconds: float) -> CheckRun:
        """Make the requests of a check, in at most ``seconds``."""
        run = CheckRun(check, self.elapsed(), limit=min(seconds, longest(check)))
        visits = self.prober.hosts.visits.count()
        try:
            async with asyncio.timeout(min(run.limit, LONGEST)) as waiting:
                run.waiting = waiting
                await self._send_events(check, run)
                for number, probe in enumerate(check.probes):
                    run.add(await self.prober.send(check, number, probe))
        except TimeoutError:
            run.overdue = True
        run.visits = self.prober.hosts.visits.since(visits)
        run.elapsed = self.elapsed() - run.began
        return run

    async def _send_events(self, check: Check, run: CheckRun) -> None:
        if not check.events:
            return
        story = self.stories.story(check)
        run.about_keys = check.has_new_keys or "key" in story.points
        if "wire" in story.points and self.runner.wired is None:
            run.obstacle = (
                "it tests how requests are written to a socket, and there is no socket here"
            )
            return
        traces: list[Trace] = []

        def note(trace: Trace) -> None:
            traces.append(trace)
            run.add(self._exchange_of(trace))

        clock = FastClock(story.begin)
        await self._runner_of(check).run(story, self.prober.url, clock, Listeners(note))
        if check.is_tried_later and self.prober.hosts.visits.has_keys:
            await self._try_later(story.chance, traces, note)

    async def _try_later(
        self, chance: RandomSource, traces: list[Trace], note: Callable[[Trace], None]
    ) -> None:
        """Retry postponed deliveries twice, each time after some seconds."""
        for seconds in LATER:
            last = {trace.attempt.delivery.number: trace for trace in traces}
            put_off = [each for each in last.values() if is_retried(each.outcome.status_code)]
            if not put_off:
                return
            await pause(seconds)
            for trace in put_off:
                note(await try_again(self.runner.transport, trace, chance))

    def _runner_of(self, check: Check) -> StoryRunner:
        """Return the runner for the story of a check, with its own key paths for faults of keys."""
        runner = self.runner
        runner.answers.use_new_paths()
        if check.at_once is not None:
            runner = replace(runner, options=replace(runner.options, concurrency=check.at_once))
        if not check.has_new_keys:
            return runner
        pair = keys.make_pair()
        runner.answers.add_pair(pair)
        return replace(runner, pair=pair, signer=None)

    def _exchange_of(self, trace: Trace) -> Exchange:
        attempt = trace.attempt
        delivery, payload = attempt.delivery, attempt.delivery.signed.payload
        return Exchange(
            "POST",
            delivery.url,
            headers.of_attempt(attempt),
            payload.body,
            trace.outcome,
            self.elapsed() - trace.outcome.elapsed,
            payload.events,
            (delivery.number, delivery.copy),
            attempt.number,
            trace.ending,
            wire.of_attempt(attempt),
        )
