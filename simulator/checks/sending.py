"""Sends all checks of a run: in which order, with which limits, and what is held to the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from math import inf

from ..core.duration import spell
from ..core.event import Event
from ..core.outcome import LABELS, Outcome
from ..core.trace import Trace
from ..delivery.dispatcher import DeliveryOptions
from ..delivery.story_runner import Listeners, StoryRunner
from ..runtime.clock import FastClock, stopwatch
from .catalogue import FIRST
from .check import Check
from .check_run import CheckRun, CheckRunner, longest
from .forecast import Forecast, fitted, forecast
from .held import BEHIND, FAR_BEHIND, Held, filler, unjudged
from .observation import Exchange
from .options import CheckOptions, Watcher, WebhookAccess
from .pace import Pace, measure
from .recognition import obstacle_of, recognise

OVERDUE = 3
"""If this number of checks in a row do not end in time, no further check is sent."""

_LEVELS = ("must", "should", "note")


@dataclass(slots=True)
class Sent:
    """What was sent: name of a check → its run.

    ``pace`` is what the webhook needs; ``stopped`` says why the other checks were not sent,
    ``unfit`` why a check was not, by its name. ``recognised`` says what answers in the place of a
    webhook.
    """

    runs: dict[str, CheckRun] = field(default_factory=dict)
    pace: Pace | None = None
    stopped: str = "the checks were stopped before"
    unfit: dict[str, str] = field(default_factory=dict)
    recognised: str = ""


@dataclass(slots=True)
class Sending:
    """Sends ``checks``, the first of which decides whether others are sent.

    ``elapsed`` returns the seconds of the whole run, ``rest`` how many it still needs after the
    last request. What was sent is in ``sent`` at any moment.
    """

    checks: Sequence[Check]
    options: CheckOptions
    access: WebhookAccess
    watcher: Watcher
    elapsed: Callable[[], float]
    sent: Sent
    rest: float = 0.0

    async def send(self, runner: CheckRunner, taken: Callable[[Event], None]) -> CheckRunner | None:
        """Send all checks that fit; return the runner with the pace, for what comes later.

        ``None`` means that nothing can be judged. ``taken`` gets the first event, if it
        was acknowledged.
        """
        answer = await self._first(runner)
        if answer is None:
            return None
        if answer.is_accepted:
            taken(answer.events[0])
        first = answer.outcome
        pace = await self._measured(runner, first)
        if pace.alone == inf:
            self.sent.recognised = self.sent.stopped = (
                f"the first event was answered in {spell(first.elapsed)}, and a second one by "
                "itself not in time: the webhook hangs"
            )
            return None
        runner = replace(runner, pace=pace)
        self.checks = [fitted(each, pace) for each in self.checks]
        forecasts = self._forecasts(runner, pace)
        self.watcher.measured(pace, self.seconds(forecasts))
        await self._send_others(runner, forecasts)
        await self._send_held(runner)
        return runner

    async def _first(self, runner: CheckRunner) -> Exchange | None:
        """Send the first check; return its answer, if a webhook has answered."""
        if self.options.time_limit <= 0:
            self.sent.stopped = self.time_over
            return None
        check = self.checks[0]
        self.watcher.running(check)
        run = await runner.run(check, min(self.options.time_limit, longest(0.0)))
        self.sent.runs[FIRST] = run
        if not run.exchanges:
            self.sent.stopped = "the webhook does not answer events"
            return None
        last = run.exchanges[-1]
        client = runner.prober.client
        self.sent.recognised = await recognise(last, client) if last.is_answered else ""
        self.sent.stopped = self.sent.recognised or obstacle_of(last) or self.sent.stopped
        return None if self.sent.recognised or obstacle_of(last) else last

    async def _measured(self, runner: CheckRunner, first: Outcome) -> Pace:
        """Measure what the webhook needs, with more patience than an attempt has."""
        async with AsyncExitStack() as stack:
            usual = runner.runner
            client = usual.transport
            if self.access.patient is not None:
                client = await stack.enter_async_context(self.access.patient())
            options = DeliveryOptions(usual.options.concurrency, None, 1)
            patient = replace(usual, transport=client, wired=None, options=options)
            measuring = _Measuring(runner, patient)
            pace = await measure(first.elapsed, measuring.events, measuring.batch)
        self.sent.pace = pace
        return pace

    def _forecasts(self, runner: CheckRunner, pace: Pace) -> dict[str, Forecast]:
        story_of = runner.stories.story
        return {
            check.name: forecast(check, pace, story_of)
            for check in self.checks[1:]
            if self._can_be_sent(check)
        }

    def _can_be_sent(self, check: Check) -> bool:
        return self.options.restart is not None or "restart" not in check.needs

    def seconds(self, forecasts: dict[str, Forecast]) -> float:
        """Return how long the whole run will take, at most its limit."""
        whole = self.elapsed() + self.rest + sum(each.seconds for each in forecasts.values())
        return min(whole, self.options.time_limit)

    async def _send_others(self, runner: CheckRunner, forecasts: dict[str, Forecast]) -> None:
        for check in self._ordered(forecasts):
            if why := self._why_stop():
                self.sent.stopped = why
                return
            expected = forecasts[check.name]
            left = self.options.time_limit - self.elapsed() - self.rest
            if expected.obstacle or expected.seconds > left:
                self.sent.unfit[check.name] = expected.obstacle or self._too_long(runner)
                continue
            self.watcher.running(check)
            run = await runner.run(check, min(left, longest(expected.seconds)))
            if run.goes_on and self.elapsed() + self.rest >= self.options.time_limit:
                run.obstacle = self.time_over
            self.sent.runs[check.name] = run

    def _ordered(self, forecasts: dict[str, Forecast]) -> list[Check]:
        """Return the checks in the order in which they are sent.

        Late duplicates begin early. If there is no time for all, what a webhook must do is first.
        """
        others = [
            each
            for each in self.checks[1:]
            if not is_before_restart(each) and self._can_be_sent(each)
        ]
        is_short = self.seconds(forecasts) >= self.options.time_limit
        return sorted(
            others,
            key=lambda check: (not check.again, _LEVELS.index(check.level) if is_short else 0),
        )

    def _too_long(self, runner: CheckRunner) -> str:
        assert runner.pace is not None
        return (
            f"an event takes {spell(runner.pace.alone)}, and so there is not enough time left of "
            f"the {spell(self.options.time_limit)} of --time-limit"
        )

    @property
    def time_over(self) -> str:
        """Why a check is not judged that began too late, or was under way then."""
        return f"the {spell(self.options.time_limit)} of --time-limit were over"

    def _why_stop(self) -> str:
        """Return why no further check is to be sent."""
        last = [*self.sent.runs.values()][-OVERDUE:]
        if len(last) == OVERDUE and all(run.overdue for run in last):
            return f"{OVERDUE} checks in a row did not end in time: the webhook hangs"
        return self.time_over if self.elapsed() >= self.options.time_limit else ""

    async def _send_held(self, runner: CheckRunner) -> None:
        """Send what was put off, then late duplicates behind many other events."""
        runs = [*self.sent.runs.values()]
        held = Held(runner, runs)
        await held.send_put_off()
        late = [run for run in runs if run.check.again == "end" and not run.obstacle]
        if late:
            await self._send_filler(runner, held, late)
            await held.send_again("end")

    async def _send_filler(self, runner: CheckRunner, held: Held, late: list[CheckRun]) -> None:
        wanted = FAR_BEHIND if self.options.thorough else BEHIND
        missing = wanted - min(map(held.behind, late))
        pace = runner.pace
        assert pace is not None

        def seconds(check: Check) -> float:
            return forecast(check, pace, runner.stories.story).seconds

        others = filler(missing, seconds, in_batches=takes_batches([*self.sent.runs.values()]))
        left = self.options.time_limit - self.elapsed() - self.rest
        if others is not None and seconds(others) <= left:
            held.others.append(await runner.run(others, longest(seconds(others))))


def is_before_restart(check: Check) -> bool:
    """Return whether a check is sent right before the webhook is restarted."""
    return "restart" in check.needs and not check.again


def takes_batches(runs: Sequence[CheckRun]) -> bool:
    """Return whether the webhook has acknowledged a body with several events."""
    return any(each.is_accepted and len(each.events) > 1 for run in runs for each in run.exchanges)


@dataclass(frozen=True, slots=True)
class _Measuring:
    """Sends events that are not judged, and measures the time until the last answer."""

    runner: CheckRunner
    patient: StoryRunner

    async def events(self, number: int) -> float:
        return await self._send(number, {})

    async def batch(self, number: int) -> float:
        return await self._send(1, {"faults": [{"batch": number}]})

    async def _send(self, number: int, event: dict[str, object]) -> float:
        named = f"pace-{number}-{stopwatch()}"  # each time other events
        check = unjudged(named, [{**event, "repeat": number}])
        story = self.runner.stories.story(check)
        options = replace(self.patient.options, concurrency=number)
        started = stopwatch()
        traces: list[Trace] = []
        is_alone = number == 1 and not event
        runner = replace(self.runner.runner if is_alone else self.patient, options=options)
        listeners, url = Listeners(traces.append), self.runner.prober.url
        await runner.run(story, url, FastClock(story.begin), listeners)
        is_missing = any(each.outcome.status_code in LABELS for each in traces)
        return inf if is_missing else stopwatch() - started
