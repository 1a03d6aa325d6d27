"""A webhook that puts events off, since it has too much to do: the check comes again later.

Adobe sends such an event again after a minute (docs/adobe/io-events-protocol.md §4.2). A check
skips these minutes, so it is too fast for a queue that is full: that says nothing about the events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..delivery.dispatcher import DeliveryOptions
from ..runtime.clock import pause
from .attempt_judges import BUSY
from .check import Check
from .check_run import CheckRun, CheckRunner, longest
from .forecast import is_race
from .held import unjudged
from .observation import Exchange

_PAUSES = (1.0, 3.0)
"""Seconds of real time before a check is sent again, and once more."""

_IN_VAIN = 3
"""After so many checks that were put off each time, no check is sent again."""

_PLAIN = 5
"""Plain events that are sent at the same moment: a full queue puts one of them off at least."""

BUSY_AGAIN = "the webhook answers 503 to plain events too, since it has too much to do"
"""Why a check is not judged whose events were put off each time."""


@dataclass(slots=True)
class BackPressure:
    """Sends checks, again if they are put off; ``others`` gets the runs that are not judged.

    A webhook that never accepts an event (``is_off``) gets each check once.
    """

    others: list[CheckRun]
    is_off: bool
    in_vain: int = field(default=0, init=False)
    number: int = field(default=0, init=False)

    async def run(
        self, runner: CheckRunner, check: Check, limit: float, left: Callable[[], float]
    ) -> CheckRun:
        """Make the requests of a check in at most ``limit`` seconds, again as long as time is left.

        It gets an obstacle if the webhook puts it off each time, and plain events too.
        """
        run = await runner.run(check, limit)
        if self.is_off or self.in_vain >= _IN_VAIN or not has_put_off(run):
            return run
        if _has_key_faults(run) and not await self._is_busy(runner):
            return run
        for seconds in _PAUSES:
            if check.sweep or seconds + run.elapsed > left():
                break
            await pause(seconds)
            self.others.append(run)
            run = await self._again(runner, check, min(limit, left()))
            if not has_put_off(run):
                return run
        if await self._is_busy(runner):
            run.obstacle = BUSY_AGAIN
        else:
            self.in_vain += 1
        return run

    async def _again(self, runner: CheckRunner, check: Check, limit: float) -> CheckRun:
        """Send a check with other events."""
        self.number += 1
        run = await runner.run(replace(check, name=f"{check.name}-later-{self.number}"), limit)
        run.check = check
        return run

    async def _is_busy(self, runner: CheckRunner) -> bool:
        """Return whether plain events are put off too, so that the load is the reason."""
        options = DeliveryOptions(_PLAIN, None, 1)
        once = replace(runner, runner=replace(runner.runner, options=options))
        plain = await self._again(once, unjudged("plain", [{"repeat": _PLAIN}]), longest(0.0))
        self.others.append(plain)
        return has_put_off(plain)


def has_put_off(run: CheckRun) -> bool:
    """Return whether a whole request was put off at its first attempt.

    Copies at the same moment may wait for each other, and a check of many events at once is about
    just that.
    """
    check = run.check
    is_about_load = check.group == "load" or any(map(is_race, check.events))
    return not is_about_load and any(map(_is_put_off, run.exchanges))


def _is_put_off(exchange: Exchange) -> bool:
    is_first = exchange.attempt == 1 and exchange.delivery[1] == 0
    is_whole = not any(each.point == "wire" for event in exchange.events for each in event.faults)
    return is_first and is_whole and exchange.status == BUSY and bool(exchange.welcome)


def _has_key_faults(run: CheckRun) -> bool:
    """Return whether a key may be missing: then a webhook rightly puts an event off."""
    events = [event for each in run.exchanges for event in each.events]
    return any(fault.point == "key" for event in events for fault in event.faults)
