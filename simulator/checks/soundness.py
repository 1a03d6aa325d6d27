"""Whether the webhook still accepts a plain event, as it did at the beginning.

A webhook may break during a run: a pool of connections is empty, or a lock is never released.
Each check after that would only say this again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..delivery.dispatcher import DeliveryOptions
from ..runtime.clock import pause, stopwatch
from .attempt_judges import puts_off
from .catalogue import LAST, find
from .check import Check
from .check_run import CheckRun, CheckRunner
from .observation import Exchange

IN_VAIN = 3
"""After this number of checks in a row without any event accepted, a plain event is sent."""

_TIMES, _PAUSE = 2, 1.0
"""How often a plain event is sent that is refused, at least, and the seconds in between."""

_PATIENCE = 30.0
"""Seconds within which a webhook that puts a plain event off has to accept one: until then it may
work on what a burst has left in its queue."""


@dataclass(slots=True)
class Soundness:
    """Asks whether the webhook is sound; ``broken`` is the run that shows that it is not.

    ``asked`` is how many checks had been made when it was asked last, ``sent`` how many plain
    events were sent.
    """

    broken: CheckRun | None = None
    asked: int = 0
    sent: int = 0

    async def is_lost(self, runner: CheckRunner, runs: Sequence[CheckRun], left: float) -> bool:
        """Return whether the last checks were in vain and a plain event is refused too."""
        if len(runs) - self.asked >= IN_VAIN and are_in_vain(runs) and left > 0:
            self.asked = len(runs)
            await self.ask(runner, find(LAST), left)
        return self.broken is not None

    async def ask(self, runner: CheckRunner, check: Check, left: float) -> CheckRun:
        """Send a plain event, and again after a pause if it is refused; return the last run.

        A webhook that puts it off is asked longer. All of it takes ``left`` seconds at most.
        """
        once = replace(runner.runner, options=DeliveryOptions(1, None, 1))
        runner, began, number = replace(runner, runner=once), stopwatch(), 0
        while True:
            self.sent, number = self.sent + 1, number + 1
            named = replace(check, name=f"{check.name}-{self.sent}")  # each time another event
            run = await runner.run(named, max(0.0, began + left - stopwatch()))
            run.check = check
            self.broken = None if run.exchanges and run.exchanges[-1].is_accepted else run
            patience = min(left, _PATIENCE if is_put_off(run) else 0.0)
            is_over = number >= _TIMES and stopwatch() - began >= patience
            if self.broken is None or is_over or stopwatch() - began + _PAUSE >= left:
                return run
            await pause(_PAUSE)


def is_put_off(run: CheckRun) -> bool:
    """Return whether the last answer of a run says that the webhook takes the event later."""
    return bool(run.exchanges) and puts_off(run.exchanges[-1])


def are_in_vain(runs: Iterable[CheckRun]) -> bool:
    """Return whether no event of the last checks got another answer than a server error."""
    last = [each for each in runs if any(one.events for one in each.exchanges)][-IN_VAIN:]
    return len(last) == IN_VAIN and all(map(_is_in_vain, last))


def _is_in_vain(run: CheckRun) -> bool:
    """Return whether each event to accept was in vain; each of all events, if there is none."""
    sent = [each for each in run.exchanges if each.events]
    return all(map(_is_error, [each for each in sent if each.welcome] or sent))


def _is_error(exchange: Exchange) -> bool:
    return exchange.status >= 500  # labels of a missing answer are numbers beyond it
