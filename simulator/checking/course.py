"""The course of one check: its requests are made, and everything is noted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..clock import FastClock, pause
from ..core import headers, wire
from ..core.chance import Chance
from ..core.delivery import is_retried
from ..core.judging.check import Check
from ..core.judging.exchange import Exchange
from ..core.judging.visit import Visit
from ..core.trace import Trace
from ..delivery.dispatcher import try_again
from ..delivery.story_runner import Listeners, StoryRunner
from ..signing import keys
from .lines import AT_ONCE
from .probing import Prober
from .scripting import Script

LONGEST = 30.0
"""Seconds of real time that one check may take without an answer."""

PACE = 4.0
"""Seconds that a webhook may take for each answer, before a check ends with some of them."""

LATER = (1.0, 11.0)
"""Seconds of real time before a webhook that puts an event off is tried again, and once more.

The minutes between the attempts before were skipped. Who has failed to fetch a key may well let
some seconds pass before he asks for it again.
"""


@dataclass(slots=True)
class Course:
    """What one check has seen so far.

    ``obstacle`` says why it cannot be judged. ``about_keys`` tells that it is about what the
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
        """Tell whether it did not end in time, though the webhook answered to the last."""
        return self.overdue and bool(self.exchanges) and self.exchanges[-1].is_answered

    def note(self, exchange: Exchange) -> None:
        """Keep an exchange; after an answer the next one is waited for as long again."""
        self.exchanges.append(exchange)
        if exchange.is_answered and self.waiting is not None and not self.waiting.expired():
            left = self.limit - (exchange.began + exchange.outcome.elapsed - self.began)
            self.waiting.reschedule(asyncio.get_running_loop().time() + min(LONGEST, left))


def longest(check: Check) -> float:
    """Return how many seconds a check may take if the webhook answers all the time."""
    return max(LONGEST, PACE * check.rounds(AT_ONCE))


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs checks one after the other; ``elapsed`` says how long all of them have lasted."""

    stories: StoryRunner
    prober: Prober
    script: Script
    elapsed: Callable[[], float]

    async def run(self, check: Check, seconds: float) -> Course:
        """Make a check's requests, in so many seconds at most."""
        course = Course(check, self.elapsed(), limit=min(seconds, longest(check)))
        visits = self.prober.hosts.visits.count()
        try:
            async with asyncio.timeout(min(course.limit, LONGEST)) as waiting:
                course.waiting = waiting
                await self._tell(check, course)
                for number, probe in enumerate(check.probes):
                    course.note(await self.prober.send(check, number, probe))
        except TimeoutError:
            course.overdue = True
        course.visits = self.prober.hosts.visits.since(visits)
        course.elapsed = self.elapsed() - course.began
        return course

    async def _tell(self, check: Check, course: Course) -> None:
        if not check.events:
            return
        story = self.script.story(check)
        course.about_keys = check.has_new_keys or "key" in story.stations
        if "wire" in story.stations and self.stories.wired is None:
            course.obstacle = "it is about how requests are written, and there is no socket here"
            return
        traces: list[Trace] = []

        def note(trace: Trace) -> None:
            traces.append(trace)
            course.note(self._noted(trace))

        clock = FastClock(story.begin)
        await self._stories(check).run(story, self.prober.url, clock, Listeners(note))
        if check.is_tried_later and self.prober.hosts.visits.has_keys:
            await self._try_later(story.chance, traces, note)

    async def _try_later(
        self, chance: Chance, traces: list[Trace], note: Callable[[Trace], None]
    ) -> None:
        """Try again what was put off, twice, and let some time pass before."""
        for seconds in LATER:
            last = {trace.attempt.delivery.number: trace for trace in traces}
            put_off = [each for each in last.values() if is_retried(each.outcome.status_code)]
            if not put_off:
                return
            await pause(seconds)
            for trace in put_off:
                note(await try_again(self.stories.transport, trace, chance))

    def _stories(self, check: Check) -> StoryRunner:
        """Return what runs a check's story; its keys are at paths of its own, if it has faults."""
        stories = self.stories
        stories.answers.part()
        if check.at_once is not None:
            options = replace(stories.options, concurrency=check.at_once)
            stories = replace(stories, options=options)
        if not check.has_new_keys:
            return stories
        pair = keys.make_pair()
        stories.answers.lend(pair)
        return replace(stories, pair=pair, signer=None)

    def _noted(self, trace: Trace) -> Exchange:
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
