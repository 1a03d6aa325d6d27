"""The requests by which a webhook is measured at the start of a check run."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf

from ..core.outcome import LABELS, Outcome
from ..delivery.dispatcher import DeliveryOptions
from ..delivery.story_runner import Listeners, StoryRunner
from ..runtime.clock import FastClock, stopwatch
from .check_run import CheckRun, CheckRunner
from .held import unjudged
from .options import WebhookAccess
from .pace import Pace, measure


@dataclass(frozen=True, slots=True)
class Measuring:
    """Sends events that are not judged, and measures the time until the last answer.

    ``patient`` waits longer for an answer than an attempt does. ``runs`` is what was sent.
    """

    runner: CheckRunner
    patient: StoryRunner
    runs: list[CheckRun] = field(default_factory=list)

    async def events(self, number: int) -> float:
        """Send events at the same moment; return seconds, or ``inf`` if an answer is missing."""
        return await self._send(number, {})

    async def batch(self, number: int) -> float:
        """Send one batch of events; return as ``events`` does."""
        return await self._send(1, {"faults": [{"batch": number}]})

    async def _send(self, number: int, event: dict[str, object]) -> float:
        named = f"pace-{number}-{stopwatch()}"  # each time other events
        check = unjudged(named, [{**event, "repeat": number}])
        story = self.runner.stories.story(check)
        options = replace(self.patient.options, concurrency=number)
        started, run = stopwatch(), CheckRun(check, self.runner.elapsed())
        self.runs.append(run)
        is_alone = number == 1 and not event
        runner = replace(self.runner.runner if is_alone else self.patient, options=options)
        listeners, url = Listeners(partial(self.runner.note, run)), self.runner.prober.url
        await runner.run(story, url, FastClock(story.begin), listeners)
        is_missing = any(each.status in LABELS for each in run.exchanges)
        return inf if is_missing else stopwatch() - started


async def measured(
    runner: CheckRunner, access: WebhookAccess, first: Outcome, runs: list[CheckRun]
) -> Pace:
    """Measure what the webhook needs, with more patience than an attempt has.

    ``first`` came of the first event. What is sent is added to ``runs``.
    """
    async with AsyncExitStack() as stack:
        usual = runner.runner
        client = usual.transport
        if access.patient is not None:
            client = await stack.enter_async_context(access.patient())
        options = DeliveryOptions(usual.options.concurrency, None, 1)
        patient = replace(usual, transport=client, wired=None, options=options)
        measuring = Measuring(runner, patient, runs)
        return await measure(first.elapsed, measuring.events, measuring.batch)
