"""What is held to the end of a check run: events that were put off, and late duplicates.

So their waits cost little time: meanwhile all other checks are made. A late duplicate comes behind
many other events, since a webhook may remember only the latest ids. In a thorough run it also comes
more than a minute later, since a webhook may forget each id after a minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from ..core.delivery import is_retried
from ..core.payload import MOST_EVENTS
from ..core.trace import Trace
from ..delivery.dispatcher import send_once_more, try_again
from ..runtime.clock import pause
from .check import Again, Check
from .check_run import CheckRun, CheckRunner, longest
from .event_judges import as_expected
from .forecast import forecast
from .observation import event_ids
from .options import CheckOptions

LATER = (1.0, 11.0)
"""Seconds of real time before a webhook that puts an event off is tried again, and once more.

The minutes between the attempts before were skipped. A webhook that failed to fetch a key may
wait some seconds before it asks for the key again.
"""

MEMORY, FAR_MEMORY = 100, 1_000
"""How many event ids a webhook may remember that is to be found: usually, and in a thorough run."""

AGE = 70.0
"""Seconds of real time after which late duplicates come in a thorough run, at least.

A memory that ends after a minute is usual.
"""

_SPARE = 0.01
"""Seconds more, since a wait may end a little early."""

_MORE = 1.2
"""So many times as many other events come before a late duplicate."""

OTHERS = "other-events"
"""The name under which events of no interest are sent."""

_MANY = 10.0
"""Seconds from which on other events come in batches, if the webhook takes them."""


@dataclass(frozen=True, slots=True)
class Held:
    """Sends what is held; ``runs`` are those of all checks so far, ``others`` are not judged."""

    runner: CheckRunner
    runs: Sequence[CheckRun]
    others: list[CheckRun] = field(default_factory=list)

    async def send_put_off(self) -> None:
        """Retry postponed deliveries twice, each time some seconds after the attempt before.

        A key host that was down is up again then.
        """
        self.runner.runner.answers.end_outages()
        for seconds in LATER:
            waiting = self.waiting()
            if not waiting:
                return
            last = max(run.exchanges[-1].ended for run, _ in waiting)
            await pause(max(0.0, last + seconds - self.runner.elapsed()))
            for run, trace in waiting:
                assert run.chance is not None
                self.runner.note(
                    run, await try_again(self.runner.runner.transport, trace, run.chance)
                )

    def waiting(self) -> list[tuple[CheckRun, Trace]]:
        """Return the last attempts at deliveries that are to be tried again later."""
        return [(run, trace) for run in self._tried_later() for trace in _put_off(run)]

    def _tried_later(self) -> list[CheckRun]:
        if not self.runner.prober.hosts.visits.has_keys:
            return []
        return [run for run in self.runs if run.check.is_tried_later and not run.obstacle]

    async def send_again(self, when: Again) -> None:
        """Deliver once more what checks have delivered that wait for this moment."""
        for run in self.runs:
            if run.check.again == when and not run.obstacle:
                run.behind, run.aged = self.behind(run), self.age(run)
                await self._once_more(run)

    async def _once_more(self, run: CheckRun) -> None:
        first = [each for each in run.traces if each.attempt.number == 1]
        slots = asyncio.Semaphore(run.at_once)

        async def send(trace: Trace) -> None:
            assert run.chance is not None
            async with slots:
                sent = send_once_more(self.runner.runner.transport, trace, run.chance)
                self.runner.note(run, await sent)

        await asyncio.gather(*map(send, first))

    async def let_age(self, runs: Sequence[CheckRun], within: float) -> None:
        """Wait until the deliveries of ``runs`` are ``AGE`` seconds old, if it takes ``within``."""
        missing = max((AGE - self.age(run) for run in runs), default=0.0)
        if 0 < missing <= within:
            await pause(missing + _SPARE)

    async def send_others(self, late: Sequence[CheckRun], memory: int, within: float) -> None:
        """Send other events before ``late`` duplicates, to find a ``memory`` of so many ids.

        None are sent if they take longer than ``within`` seconds.
        """
        missing = others_before(memory) - min(map(self.behind, late))
        pace = self.runner.pace
        assert pace is not None

        def seconds(check: Check) -> float:
            return forecast(check, pace, self.runner.stories.story).seconds

        others = filler(missing, seconds, in_batches=takes_batches(self.runs))
        if others is not None and seconds(others) <= within:
            self.others.append(await self.runner.run(others, longest(seconds(others))))

    def age(self, run: CheckRun) -> float:
        """Return how many seconds ago the last delivery of a run was answered."""
        return self.runner.elapsed() - max((each.ended for each in run.exchanges), default=0.0)

    def behind(self, run: CheckRun) -> int:
        """Return how many other events the webhook acknowledged after the last one of a run."""
        began = max((each.began for each in run.exchanges), default=0.0)
        later = [
            each
            for other in (*self.runs, *self.others)
            if other is not run
            for each in other.exchanges
            if each.is_accepted and each.began >= began
        ]
        return len(event_ids(later))


def memory_of(options: CheckOptions) -> int:
    """Return how many event ids a webhook may remember that the run is to find."""
    return FAR_MEMORY if options.thorough else MEMORY


def is_aged(check: Check, options: CheckOptions) -> bool:
    """Return whether the late duplicates of a check wait until ``AGE`` seconds are over.

    Only what was processed shows whether a webhook still knew them.
    """
    is_judged = check.needs_effects and options.processed is not None
    return options.thorough and check.again == "end" and is_judged


def with_age(seconds: float, late: float, left: float) -> float:
    """Return how long the requests of a thorough run take, with the wait for late duplicates.

    Without it they take ``seconds``, of which the first copies take ``late``. The wait is left out
    if it does not end within ``left`` seconds.
    """
    aged = late + AGE
    return max(seconds, aged) if aged <= left else seconds


def others_before(memory: int) -> int:
    """Return how many other events come before a late duplicate, at least."""
    return round(_MORE * memory)


def filler(missing: int, seconds: Callable[[Check], float], *, in_batches: bool) -> Check | None:
    """Return a check that sends ``missing`` events of no interest; ``None`` if none are missing.

    They come in batches if the webhook takes batches, and single events would take long.
    """
    if missing <= 0:
        return None
    single = unjudged(OTHERS, [{"repeat": missing}])
    if not in_batches or seconds(single) < _MANY:
        return single
    batches = ceil(missing / MOST_EVENTS)
    return unjudged(OTHERS, [{"repeat": batches, "faults": [{"batch": MOST_EVENTS}]}])


def unjudged(name: str, events: Sequence[Mapping[str, Any]]) -> Check:
    """Return a check that sends events and says nothing about them."""
    return Check(name, "http", "note", "", "", "", "", as_expected, events=events)


def takes_batches(runs: Sequence[CheckRun]) -> bool:
    """Return whether the webhook has acknowledged a body with several events."""
    return any(each.is_accepted and len(each.events) > 1 for run in runs for each in run.exchanges)


def _put_off(run: CheckRun) -> list[Trace]:
    last = {trace.attempt.delivery.number: trace for trace in run.traces}
    return [each for each in last.values() if is_retried(each.outcome.status_code)]
