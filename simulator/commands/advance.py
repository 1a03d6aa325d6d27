"""``flowsim advance``: let time pass on a manual clock."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from ..core.printable import printable_values
from ..runtime.defaults import TIMEOUT
from . import _last_object
from ._options import option
from ._output import print_json, say, say_meanwhile
from ._registration_lines import moment, styled_status, under_way
from ._service import CONTROL, Json, ServiceCall, calls_service, next_command
from ._types import ATTEMPT_TIME, DURATION

if TYPE_CHECKING:
    pass

_LOOK_EVERY = 1.0
_FIRST_LINE, _LINE_EVERY = 5.0, 60.0
"""Seconds until a line says how far the clock is, where no terminal shows it, and between later
ones; at first the time between them doubles."""

_LATE = 604
_STOPPED = 130

_MOST_CHANGES = 20
"""At most this many changes are printed."""


@click.command()
@click.argument("duration", type=DURATION, metavar="DURATION")
@option(
    "--timeout S",
    "How long each attempt may take, instead of 10s; after that it counts as 604.",
    ATTEMPT_TIME,
)
@calls_service
def command(call: ServiceCall, duration: float, timeout: float | None) -> int | None:
    """Move the service's clock forward, and wait until all due deliveries are made.

    All deliveries that become due are attempted in their order, and recorded. This needs flowsim up
    --clock manual. Ctrl-C stops the clock too. While the clock moves, flowsim advance 0 waits for
    it.

    \b
    flowsim advance 24h
    flowsim advance 24h --timeout 1s
    """
    from ..runtime.event_loop import sigterm_interrupts

    with sigterm_interrupts():
        advance = _Advance(call, duration, timeout)
        try:
            clock = advance.run()
            after = call.status()
        except KeyboardInterrupt:
            if not advance.before:
                raise
            advance.stop()
            return _STOPPED
    call.show(clock, _lines(duration, *printable_values([advance.before, clock, after])))
    return None


def _lines(seconds: float, before: Json, clock: Json, after: Json) -> Iterator[str]:
    """Yield the time of the clock, and the registrations whose status has changed."""
    yield _summary(clock, seconds, after)
    changes = [*_changes(before, after)]
    yield from changes[:_MOST_CHANGES]
    if (more := len(changes) - _MOST_CHANGES) > 0:
        yield f"… and {more:,} more: {next_command('registrations')}"


@dataclass(slots=True)
class _Advance:
    """One advance, from the request to its end; ``before`` is the service's status before it.

    ``next_line`` is after how many seconds of real time a line says how far the clock is.
    """

    call: ServiceCall
    seconds: float
    timeout: float | None
    before: Json = field(default_factory=dict)
    started: float = 0.0
    next_line: float = field(default_factory=lambda: _FIRST_LINE)
    may_hint: bool = True

    def run(self) -> Json:
        """Return the clock after it has arrived; raises ``FlowsimError`` if it was stopped."""
        from ..errors import FlowsimError
        from ..runtime.clock import stopwatch

        self.before = self.call.status()
        asked = {"seconds": self.seconds, "wait": 0, "timeout": self.timeout}
        client = self.call.client
        clock: Json = client.post(f"{CONTROL}/clock/advance", asked)
        end, self.started, self.may_hint = clock["end"], stopwatch(), self.timeout is None
        while not clock["arrived"] and clock["now"] <= end:
            clock = client.get(f"{CONTROL}/clock", wait=_LOOK_EVERY)
            self._show(clock)
        self._clear()
        if clock["now"] < end:
            now = moment(printable_values(clock)["now"])
            raise FlowsimError(f"the clock was stopped early, at {now} UTC; advance it again")
        return clock

    def stop(self) -> None:
        """Stop the clock, if this command has started it, and print how far it moved."""
        from ..errors import FlowsimError

        self._clear()
        if not self.seconds or not self.before["clock"]["arrived"]:
            _say_stopped("stopped waiting; the clock is not stopped")
            return
        try:
            clock = self.call.client.post(f"{CONTROL}/clock/stop")
            after = self.call.status()
        except (FlowsimError, KeyboardInterrupt):
            _say_stopped("stopped waiting; the clock stops by itself within 30s")
            return
        if self.call.as_json:
            print_json(clock)
        clock, after = printable_values([clock, after])
        say(f"stopped: {_summary(clock, self.seconds, after)}", err=True)

    def _show(self, clock: Json) -> None:
        """Show the time of the clock: on a terminal each time, otherwise as a line now and then."""
        from ..runtime.clock import stopwatch

        if clock["arrived"]:
            return
        text, elapsed = _how_far(printable_values(clock)), stopwatch() - self.started
        if self.may_hint and elapsed >= _FIRST_LINE:
            self._hint(clock)
        if sys.stderr.isatty():
            say_meanwhile(text)
        elif elapsed >= self.next_line:
            self.next_line += min(self.next_line, _LINE_EVERY)
            say(text, err=True)

    def _clear(self) -> None:
        """Empty the last line of a terminal."""
        if sys.stderr.isatty():
            say_meanwhile("")

    def _hint(self, clock: Json) -> None:
        """Print how long it takes and what is faster, after an attempt without an answer.

        Attempts at different deliveries run at the same time, those at one delivery one by one.
        """
        from ..core.duration import spell

        attempts = self.call.client.get(f"{CONTROL}/attempts", limit=50)
        more = max((_more_after(each, clock) for each in attempts), default=0)
        if more:
            self.may_hint = False
            self._clear()
            rest = spell(more * TIMEOUT)
            reason = f"an attempt that is not answered takes 10s, so the rest may take about {rest}"
            remedy = (
                "--timeout 1s counts it as 604 after 1s: press Ctrl-C, and advance the rest with it"
            )
            say(f"hint: {reason}; {remedy}", err=True)


def _say_stopped(sentence: str) -> None:
    say(sentence, err=True)
    _last_object.write(sentence, _STOPPED)


def _more_after(attempt: Json, clock: Json) -> int:
    """Return how many attempts may follow until the clock arrives, after one without an answer."""
    from ..core.delivery import attempts_after

    if attempt["status_code"] != _LATE or attempt["at"] < clock["begin"]:
        return 0
    return attempts_after(attempt["attempt"], _seconds_between(attempt["at"], clock["end"]))


def _how_far(clock: Json) -> str:
    from ..core.duration import spell

    whole = spell(_seconds_between(clock["begin"], clock["end"]))
    passed = spell(_seconds_between(clock["begin"], clock["now"]))
    return f"{moment(clock['now'])} UTC, {passed} of {whole} have passed"


def _summary(clock: Json, seconds: float, after: Json) -> str:
    """Return the time of the clock, how far it moved, and how many deliveries are under way.

    A clock that was stopped has moved less than the ``seconds`` that were asked for.
    """
    from ..core.duration import spell

    passed = _seconds_between(clock["begin"], clock["now"])
    way = f"{spell(seconds)} later"
    if passed < seconds - 0.001:
        way = f"{spell(passed)} of {spell(seconds)} have passed"
    return f"{moment(clock['now'])} UTC, {way}; {under_way(after)}"


def _seconds_between(begin: str, end: str) -> float:
    """Return the seconds; raises ``ServiceError`` for other texts: it is no service of flowsim."""
    from ..core.instant import parse
    from ..errors import ServiceError

    try:
        return (parse(end) - parse(begin)).total_seconds()
    except ValueError:
        reason = "the service does not say what time it is; name another with --service"
        raise ServiceError(200, reason) from None


def _changes(before: Json, after: Json) -> Iterator[str]:
    """Yield a line for each registration whose status has changed."""
    known = {each["registration_id"]: each["status"] for each in before["registrations"]}
    for each in after["registrations"]:
        was = known.get(each["registration_id"], each["status"])
        if was != each["status"]:
            yield f"{each['name']}: {styled_status(was)} → {styled_status(each['status'])}"
