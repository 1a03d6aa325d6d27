"""The run of one check: its requests are made, and all answers and visits are recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..core import headers, wire
from ..core.identifiers import RandomSource
from ..core.trace import Trace
from ..delivery.story_runner import Listeners, StoryRunner
from ..installation import keys
from ..runtime.clock import FastClock
from ..story.story import Story
from .check import Check
from .check_requests import CheckStories, Prober
from .mutated_parts import plain_body
from .observation import Exchange
from .pace import Pace
from .shrinking import Shrinking
from .visits import Visit

LONGEST = 30.0
"""Seconds of real time that one check may take without an answer."""

_SHARE = 0.8
"""The part of its time in which a sweep may make its refused events smaller."""

_SPARE = 3.0
"""A check may take this many times as long as it is expected to, and ``LONGEST`` more."""


@dataclass(slots=True)
class CheckRun:
    """What one check has observed so far, and how long it took.

    ``obstacle`` says why it cannot be judged. ``about_keys`` says that it is about what the
    key host answers. ``limit`` is how many seconds it may take. ``at_once`` is how many requests
    were under way at the same moment, at most. ``traces`` are those of its deliveries, and
    ``chance`` draws what is new in another attempt. ``behind`` is how many other events came
    before its deliveries were sent once more, and ``aged`` how many seconds had passed then.
    ``smallest`` are the smallest events of a sweep that were refused.
    """

    check: Check
    began: float
    exchanges: list[Exchange] = field(default_factory=list)
    visits: tuple[Visit, ...] = ()
    elapsed: float = 0.0
    limit: float = LONGEST
    at_once: int = 1
    obstacle: str = ""
    overdue: bool = False
    about_keys: bool = False
    traces: list[Trace] = field(default_factory=list)
    chance: RandomSource | None = None
    behind: int | None = None
    aged: float = 0.0
    smallest: list[Exchange] = field(default_factory=list)
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


def longest(seconds: float) -> float:
    """Return how many seconds a check may take that is expected to take ``seconds``."""
    return LONGEST + _SPARE * seconds


@dataclass(frozen=True, slots=True)
class CheckRunner:
    """Runs checks one after the other; ``elapsed`` returns seconds since the first began.

    ``pace`` is what the webhook needs, once it is known.
    """

    runner: StoryRunner
    prober: Prober
    stories: CheckStories
    elapsed: Callable[[], float]
    pace: Pace | None = None

    async def run(self, check: Check, seconds: float) -> CheckRun:
        """Make the requests of a check, in at most ``seconds``."""
        run = CheckRun(check, self.elapsed(), limit=seconds, at_once=self._at_once(check))
        visits = self.prober.hosts.visits.count()
        try:
            async with asyncio.timeout(min(run.limit, LONGEST)) as waiting:
                run.waiting = waiting
                await self._send_events(check, run)
                if check.sweep:
                    await self._shrink(check, run)
                for number, probe in enumerate(check.probes):
                    run.add(await self.prober.send(check, number, probe))
        except TimeoutError:
            run.overdue = True
        run.waiting = None  # what is sent later has no limit of its own
        run.visits = self.prober.hosts.visits.since(visits)
        run.elapsed = self.elapsed() - run.began
        return run

    async def _send_events(self, check: Check, run: CheckRun) -> Story | None:
        """Send the events of a check; return their story, if it was sent."""
        if not check.events:
            return None
        story = self.stories.story(check)
        run.chance = story.chance
        run.about_keys = check.has_new_keys or "key" in story.points

        def note(trace: Trace) -> None:
            self.note(run, trace)

        clock = FastClock(story.begin)
        runner = self._runner_of(check, run.at_once)
        await runner.run(story, self.prober.url, clock, Listeners(note))
        return story

    async def _shrink(self, check: Check, run: CheckRun) -> None:
        """Make the refused events of a sweep smaller, as long as there is time."""

        async def send(part: Check) -> list[Exchange]:
            return await self._send_part(part, run)

        end = run.began + _SHARE * run.limit
        shrinking = Shrinking(check, send, lambda: self.elapsed() < end, run.smallest)
        await shrinking.run([*run.exchanges])

    async def _send_part(self, part: Check, run: CheckRun) -> list[Exchange]:
        """Send further events of a run; their deliveries are numbered after those before."""
        last = max(each.delivery[0] for each in run.exchanges)
        other = CheckRun(part, self.elapsed())
        story = await self._send_events(part, other)
        for each in other.exchanges:
            number, copy = each.delivery
            plain = b"" if each.is_accepted or story is None else plain_body(story)
            run.add(replace(each, delivery=(last + number, copy), plain=plain))
        return run.exchanges[-len(other.exchanges) :]

    def note(self, run: CheckRun, trace: Trace) -> None:
        """Keep what came of an attempt."""
        run.traces.append(trace)
        run.add(self._exchange_of(trace))

    def _at_once(self, check: Check) -> int:
        """Return how many requests of a check may be under way at the same moment."""
        usual = self.runner.options.concurrency
        known = usual if self.pace is None else min(usual, self.pace.at_once)
        return min(known, check.at_once or known)

    def _runner_of(self, check: Check, at_once: int) -> StoryRunner:
        """Return the runner for the story of a check, with its own key paths for faults of keys."""
        runner = self.runner
        runner.answers.use_new_paths()
        runner = replace(runner, options=replace(runner.options, concurrency=at_once))
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
