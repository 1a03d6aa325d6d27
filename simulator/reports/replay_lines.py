"""A replay in lines to read: one an attempt, then the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click

from ..core.printable import count, printable
from ..core.trace import Trace, is_accepted, meets
from ..delivery.summary import Summary, Unmet
from .attempt_lines import AttemptLines, ending_of, status_label
from .replay_report import Hints, Opening
from .styles import bold, dim

UNSEEN = "; flowsim cannot see whether the target verified them"
"""What the figures say if our own receiver does not verify."""


class ReplayLines:
    """Writes lines with ``write``; ``progress`` is called after each attempt.

    Attempts that fail the same way again and again are counted, unless ``shows_all``.
    """

    def __init__(
        self,
        write: Callable[[str], None],
        progress: Callable[[Trace], None] = lambda _: None,
        *,
        shows_all: bool = False,
    ) -> None:
        self._write = write
        self._progress = progress
        self._shows_all = shows_all
        self._lines = AttemptLines(shows_all=shows_all)
        self._hints = Hints()
        self._opened = False

    def opened(self, opening: Opening) -> None:
        """Write the first lines of a story: what it tells, and where its events go."""
        self._write_all(self._lines.rest())
        self._lines = AttemptLines(shows_all=self._shows_all, skips_waits=opening.skips_waits)
        self._hints.opened(opening)
        self._opened = True
        again = f" (repeat with {opening.repeat_with})" if opening.repeat_with else ""
        where = "the built-in receiver" if opening.receiver else printable(opening.target)
        description = printable(opening.description.strip())
        self._write(f"{bold(printable(opening.scenario))}: {description}".rstrip(": "))
        seed = "" if opening.seed is None else f", seed {opening.seed}"
        self._write(dim(f"{count(opening.events, 'event')} to {where}{seed}{again}"))

    def attempted(self, trace: Trace) -> None:
        """Write the lines that an attempt brings, and a hint if one is due."""
        self._write_all(self._lines.of(trace))
        if hint := self._hints.attempted(trace):
            self._write(click.style(hint, fg="yellow"))
        self._progress(trace)

    def closed(self, summary: Summary, elapsed: float) -> None:
        """Show the figures, unless no delivery could begin."""
        self._write_all(self._lines.rest())
        if self._opened or summary.stopped:
            self._write_all(summary_lines(summary, elapsed, self._hints.closed(summary)))

    def _write_all(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._write(line)


def summary_lines(summary: Summary, elapsed: float, hint: str = "") -> list[str]:
    """Return the figures of a replay, the unmet expectations, and ``ok`` or ``not ok``."""
    copied = f" ({summary.events + summary.copies:,} with copies)" if summary.copies else ""
    made = (
        f"{count(summary.events, 'event')}{copied}, {count(summary.deliveries, 'delivery')}, "
        f"{count(summary.attempts, 'attempt')} in {elapsed:.2f} s"
    )
    verified = f", {summary.verified:,} verified" if summary.judged else UNSEEN
    withheld = f", {summary.withheld:,} withheld" if summary.withheld else ""
    ends = f"{summary.delivered:,} delivered, {summary.dropped:,} dropped{withheld}{verified}"
    lines = [f"{made}: {ends}"]
    if summary.attempts:
        p50, p95, p99 = summary.percentiles()
        lines.append(dim(f"an attempt took p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms"))
    return [*lines, *_unmet_lines(summary), *([hint] if hint else []), _ok_line(summary)]


def _unmet_lines(summary: Summary) -> list[str]:
    """Return the first events that missed their expectation, and how many more there are."""
    if not summary.unmet:
        return []
    more = summary.unmet_count - len(summary.unmet)
    rest = [f"  … and {more:,} more"] if more else []
    return ["not as expected:", *map(_unmet_line, summary.unmet), *rest]


def _unmet_line(unmet: Unmet) -> str:
    event, trace = unmet.event, unmet.trace
    code, id_ = printable(event.notification.event_code), printable(event.id[:8])
    parts = [f"  {code} {id_} {status_label(trace.outcome.status_code)} {ending_of(trace)}"]
    if trace.cause:
        parts.append(printable(trace.cause))
    if not meets(event.expect, trace):
        parts.append(f"expected {event.expect}")
    if trace.verified is False and is_accepted(event.expect):
        parts.append("not verified")
    return " · ".join(parts)


def _ok_line(summary: Summary) -> str:
    if summary.ok:
        met = "every event that was delivered" if summary.withheld else "every event"
        return click.style("ok", fg="green", bold=True) + f": {met} met its expectation"
    reasons = []
    if not summary.finished:
        reasons.append("stopped before the end")
    if summary.unexpected:
        reasons.append(f"{count(summary.unexpected, 'event')} did not meet the expectation")
    if summary.unverified:
        reasons.append(f"{summary.unverified:,} not verified")
    if summary.left_out:
        reasons.append(f"{count(summary.left_out, 'captured request')} left out")
    return click.style("not ok", fg="red", bold=True) + f": {', '.join(reasons)}"
