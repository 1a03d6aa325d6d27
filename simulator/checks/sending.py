"""Sends all checks of a run: in which order, with which limits, and what is held to the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import inf

from ..core.duration import spell
from ..core.event import Event
from ..runtime.clock import pause
from .back_pressure import BackPressure
from .breaking import why_stopped
from .catalogue import FIRST, LAST
from .check import LEVELS, Check
from .check_run import CheckRun, CheckRunner, longest
from .forecast import Forecast, fitted, forecast, requests, time_over
from .held import Held, is_aged, memory_of, with_age
from .lag import Lag
from .measuring import measured
from .observation import Exchange
from .options import CheckOptions, Watcher, WebhookAccess
from .pace import Pace
from .recognition import obstacle_of, recognise
from .sent import Sent
from .settling import ANSWERS_LIMIT
from .soundness import Soundness, is_put_off

OVERDUE = 3
"""If this number of checks in a row do not end in time, no further check is sent."""

_STARTS, _START = 5, 1.0
"""How often a webhook may put its first event off, and the seconds in between."""

_QUEUE = 6.0
"""Seconds within which the first event leaves a queue whose time is announced."""


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
    lag: Lag
    rest: float = 0.0
    soundness: Soundness = field(default_factory=Soundness)

    async def send(self, runner: CheckRunner) -> CheckRunner | None:
        """Send all checks that fit; return the runner with the pace, for what comes later.

        ``None`` means that nothing more can be judged.
        """
        answer = await self._first(runner)
        if answer is None:
            return None
        if answer.is_accepted:
            self.lag.watch(answer.events[0])
        pace = await measured(runner, self.access, answer.outcome, self.sent.others)
        self.sent.pace = pace
        if pace.alone == inf:
            self.sent.recognised = self.sent.stopped = (
                f"the first event was answered in {spell(answer.outcome.elapsed)}, and a second "
                "one by itself not in time: the webhook hangs"
            )
            return None
        runner = replace(runner, pace=pace)
        self.checks = [fitted(each, pace) for each in self.checks]
        forecasts = self._forecasts(runner, pace)
        await self._reserve(forecasts)
        self.watcher.measured(pace, self.seconds(forecasts))
        await self._send_others(runner, forecasts)
        if self.soundness.broken is None:
            await self._send_held(runner)
            await self._send_last(runner)
        return None if self.sent.is_broken else runner

    async def _first(self, runner: CheckRunner) -> Exchange | None:
        """Send the first check; return its answer, if a webhook has answered."""
        if self.options.time_limit <= 0:
            self.sent.stopped = time_over(self.options.time_limit)
            return None
        check = self.checks[0]
        self.watcher.running(check)
        self.sent.runs[FIRST] = run = await self._until_ready(runner, check)
        if not run.exchanges:
            self.sent.stopped = "the webhook does not answer events"
            return None
        self.watcher.sent(run)
        last = run.exchanges[-1]
        client = runner.prober.client
        self.sent.recognised = await recognise(last, client) if last.is_answered else ""
        self.sent.stopped = self.sent.recognised or obstacle_of(last) or self.sent.stopped
        return None if self.sent.recognised or obstacle_of(last) else last

    async def _until_ready(self, runner: CheckRunner, check: Check) -> CheckRun:
        """Send the first check, again and again if a webhook that has just started puts it off."""
        for _ in range(_STARTS):
            run = await runner.run(check, min(self.options.time_limit, longest(0.0)))
            if not is_put_off(run):
                break
            await pause(_START)
        return run

    def _forecasts(self, runner: CheckRunner, pace: Pace) -> dict[str, Forecast]:
        story_of = runner.stories.story
        return {
            check.name: forecast(check, pace, story_of)
            for check in self.checks[1:]
            if self._can_be_sent(check)
        }

    def _can_be_sent(self, check: Check) -> bool:
        return self.options.restart is not None or not check.needs_restart

    async def _reserve(self, forecasts: dict[str, Forecast]) -> None:
        """Set time aside for what follows the last check: a queue, and a restart.

        A queue that takes long is waited for now, so that the time is known.
        """
        await self.lag.known(_QUEUE)
        self.rest += self.lag.seconds
        sending = sum(each.seconds for each in forecasts.values())
        whole = sum(map(requests, self.checks)) * await self.lag.of_each(self._first_events)
        self.rest += min(ANSWERS_LIMIT, max(0.0, whole - sending))
        if self.options.restart is not None:
            late = [each.name for each in self.checks if each.is_before_restart]
            self.rest += self.rest + sum(forecasts.pop(name).seconds for name in late)

    @property
    def _first_events(self) -> list[Event]:
        """The events by which the webhook was measured, as far as it has acknowledged them."""
        found = (each for run in self.sent.others for each in run.exchanges)
        return [event for each in found for event in each.acknowledged]

    def seconds(self, forecasts: dict[str, Forecast]) -> float:
        """Return how long the whole run will take, at most its limit."""
        seconds = sum(each.seconds for each in forecasts.values())
        aged = [each.name for each in self.checks if is_aged(each, self.options)]
        late = [forecasts[each] for each in aged if each in forecasts]
        if first := [each.seconds for each in late if not each.obstacle]:
            seconds = with_age(seconds, sum(first), self._left)
        return min(self.elapsed() + self.rest + seconds, self.options.time_limit)

    @property
    def _left(self) -> float:
        """How many seconds there still are for requests."""
        return self.options.time_limit - self.elapsed() - self.rest

    async def _send_others(self, runner: CheckRunner, forecasts: dict[str, Forecast]) -> None:
        pressure = BackPressure(self.sent.others, not self._is_accepted)
        for check in self._ordered(forecasts):
            if why := await self._why_stop(runner):
                self.sent.stopped = why
                return
            expected = forecasts[check.name]
            left = self._left
            if expected.obstacle or expected.seconds > left:
                self.sent.unfit[check.name] = expected.obstacle or self._too_long(runner)
                continue
            self.watcher.running(check)
            limit = min(left, longest(expected.seconds))
            run = await pressure.run(runner, check, limit, lambda: self._left)
            if run.goes_on and self._left <= 0:
                run.obstacle = time_over(self.options.time_limit)
            self.sent.runs[check.name] = run
            self.watcher.sent(run)

    def _ordered(self, forecasts: dict[str, Forecast]) -> list[Check]:
        """Return the checks in the order in which they are sent.

        Late duplicates begin early. If there is no time for all, what a webhook must do is first.
        """
        others = [
            each
            for each in self.checks[1:]
            if not each.is_before_restart and each.name != LAST and self._can_be_sent(each)
        ]
        is_short = self.seconds(forecasts) >= self.options.time_limit
        return sorted(
            others,
            key=lambda check: (not check.again, LEVELS.index(check.level) if is_short else 0),
        )

    def _too_long(self, runner: CheckRunner) -> str:
        assert runner.pace is not None
        return (
            f"an event takes {spell(runner.pace.alone)}, and so there is not enough time left of "
            f"the {spell(self.options.time_limit)} of --time-limit"
        )

    async def _why_stop(self, runner: CheckRunner) -> str:
        """Return why no further check is to be sent, and nothing again."""
        runs = [*self.sent.runs.values()]
        if len(runs) >= OVERDUE and all(run.overdue for run in runs[-OVERDUE:]):
            return f"{OVERDUE} checks in a row did not end in time: the webhook hangs"
        if self.elapsed() >= self.options.time_limit:
            return time_over(self.options.time_limit)
        if self._is_accepted and await self.soundness.is_lost(runner, runs, self._left):
            why = self._broken()
            for run, _ in Held(runner, runs).waiting():
                run.obstacle = why
            return why
        return ""

    @property
    def _is_accepted(self) -> bool:
        """Whether the webhook accepted the first event."""
        return any(each.is_accepted for each in self.sent.runs[FIRST].exchanges[-1:])

    def _broken(self) -> str:
        """Keep the run that shows that the webhook is broken; return the sentence about it."""
        run, others = self.soundness.broken, [*self.sent.runs.values()]
        assert run is not None
        self.sent.runs[LAST], self.sent.is_broken = run, True
        return why_stopped(run, others)

    async def _send_last(self, runner: CheckRunner) -> None:
        """Send a plain event again, after all others but those about a restart."""
        check = next((each for each in self.checks if each.name == LAST), None)
        if check is None or self._left <= 0:
            self.sent.unfit[LAST] = time_over(self.options.time_limit)
            return
        self.watcher.running(check)
        self.sent.runs[LAST] = run = await self.soundness.ask(runner, check, self._left)
        self.watcher.sent(run)
        if self._is_accepted and self.soundness.broken is not None:
            self.sent.stopped = self._broken()

    async def _send_held(self, runner: CheckRunner) -> None:
        """Send what was put off, then late duplicates behind many other events."""
        runs = [*self.sent.runs.values()]
        held = Held(runner, runs, self.sent.others)
        await held.send_put_off()
        late = [run for run in runs if run.check.again == "end" and not run.obstacle]
        if late:
            await held.send_others(late, memory_of(self.options), self._left)
            aged = [run for run in late if is_aged(run.check, self.options)]
            await held.let_age(aged, self._left)
            await held.send_again("end")
