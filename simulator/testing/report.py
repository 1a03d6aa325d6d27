"""The report of a replay: events, attempts, and the timeline that a failing test shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import click

from ..captures.story import CapturedStory
from ..core.printable import count, printable
from ..core.trace import Trace
from ..delivery.story_runner import AnyStory
from ..reports.attempt_lines import AttemptLines
from .attempts import AttemptReport, EventReport, attempt_of, events_of
from .nearest import one
from .reach import ORIGIN
from .runs import ReplayResult
from .wording import in_python

MOST_LINES = 60
"""Attempts that are shown, at most: those of the beginning and those of the end."""

MOST_TRACE_LINES = 40


@dataclass(eq=False)
class ReplayReport:
    """A replay that has ended.

    ``is_shown`` is true after an assertion has shown the timeline.
    """

    story: AnyStory
    target: str
    result: ReplayResult = field(repr=False)
    skips_waits: bool = True
    is_shown: bool = field(default=False, init=False, repr=False)

    @property
    def seed(self) -> int | None:
        """The seed of the story: the same one repeats it. Captured requests have none."""
        return self.story.seed

    @property
    def traces(self) -> list[Trace]:
        """The traces of all attempts, with their deliveries and outcomes."""
        return self.result.traces

    @cached_property
    def attempts(self) -> tuple[AttemptReport, ...]:
        """Every attempt, in the order in which they ended."""
        return tuple(map(attempt_of, self.result.traces))

    @cached_property
    def events(self) -> tuple[EventReport, ...]:
        """Every event, in the order in which they were first sent."""
        withheld = (event for each in self.result.withheld for event in each.signed.payload.events)
        return events_of(self.result.traces, withheld)

    @property
    def delivered(self) -> tuple[EventReport, ...]:
        """The events that the webhook has accepted."""
        return tuple(each for each in self.events if each.ending == "delivered")

    @property
    def dropped(self) -> tuple[EventReport, ...]:
        """The events that were not delivered."""
        return tuple(each for each in self.events if each.ending == "dropped")

    @property
    def left_out(self) -> tuple[str, ...]:
        """A sentence for each captured request that could not be read."""
        return self.story.unread if isinstance(self.story, CapturedStory) else ()

    @property
    def ok(self) -> bool:
        """Whether each event ended as expected, and no captured request was left out."""
        return all(each.ok for each in self.events) and not self.left_out

    @property
    def title(self) -> str:
        """What was replayed, and how to repeat it."""
        story = self.story
        seed = "" if story.seed is None else f", seed {story.seed}"
        again = f", repeat with {story.repeat_with}" if story.repeat_with else ""
        return f"flowsim: {printable(story.name)} to {printable(self.target)}{seed}{again}"

    @property
    def timeline(self) -> str:
        """A line for each attempt, as ``flowsim replay`` prints it."""
        return "\n".join(timeline_lines(self.result.traces, skips_waits=self.skips_waits))

    def event(
        self,
        code: str | None = None,
        *,
        id: str | None = None,  # noqa: A002 - the name in EventReport
        status: int | None = None,
        ending: str | None = None,
    ) -> EventReport:
        """Return the first event that fits: its event code, its id, its last status, its ending.

        Raises ``AssertionError`` that names the nearest event if there is none.
        """
        __tracebackhide__ = True
        wanted = {"code": code, "status": status, "ending": ending, "id": id}
        return one("event", wanted, [(each, _fields(each)) for each in self.events])

    def assert_delivered(self) -> None:
        """Raise ``AssertionError`` unless each event ended as expected.

        An event is expected to be delivered, unless the scenario expects something else. A captured
        request that cannot be read is an error, too. The error shows what was expected beside what
        was received, and the timeline.
        """
        __tracebackhide__ = True
        missed = [each for each in self.events if not each.ok]
        if missed or self.left_out:
            self.is_shown = True
            raise AssertionError(self._complaint(missed))

    def _complaint(self, missed: list[EventReport]) -> str:
        head = f"{len(missed)} of {count(len(self.events), 'event')} did not end as expected"
        rows = [("event", "event code", "expected", "received")]
        rows += [(each.id[:8], each.code, str(each.expected), each.received) for each in missed]
        shown = table(rows[: 1 + MOST_LINES])
        hints = [f"left out: {each}" for each in self.left_out]
        if isinstance(self.story, CapturedStory):
            hints += [f"sent as it is: {each}" for each in self.story.notes]
        statuses = {each.outcome.status_code for each in self.result.traces}
        if statuses <= {404, 405} and self.target.startswith(ORIGIN):  # the mistake made most often
            hints += ["is the webhook at another path? say so: path='/hook', or flowsim_path"]
        return "\n".join([head, self.title, *hints, "", *shown, "", *self._attempts_at(missed)])

    def _attempts_at(self, missed: list[EventReport]) -> Iterator[str]:
        """Yield the timeline, or of a long one the attempts at the events that were missed."""
        traces, ids = self.result.traces, {each.id for each in missed}
        if len(traces) > MOST_LINES and ids:
            traces = [each for each in traces if ids.intersection(_ids(each))]
            yield f"{count(len(traces), 'attempt')} at these:"
        yield from timeline_lines(traces, skips_waits=self.skips_waits)

    def __repr__(self) -> str:
        dropped = f", {len(self.dropped)} dropped" if self.dropped else ""
        name = printable(self.story.name)
        return f"<ReplayReport of {name}: {len(self.delivered)} delivered{dropped}>"


def _ids(trace: Trace) -> Iterator[str]:
    return (each.id for each in trace.attempt.delivery.signed.payload.events)


def _fields(event: EventReport) -> Mapping[str, object]:
    last = event.statuses[-1] if event.statuses else None
    fields = {"code": event.code, "status": last, "ending": event.ending, "id": event.id}
    return {**fields, "received": event.received}


def timeline_lines(traces: Sequence[Trace], *, skips_waits: bool) -> Iterator[str]:
    """Yield a line for each attempt, and the last traceback of an application."""
    half = MOST_LINES // 2
    attempts = AttemptLines(shows_all=True, skips_waits=skips_waits)
    ends = (line for trace in _ends(traces, half) for line in attempts.of(trace))
    shown = [in_python(click.unstyle(line)) for line in ends]
    if len(traces) > MOST_LINES:
        shown.insert(half, f"… {len(traces) - MOST_LINES:,} attempts more …")
    yield from shown
    tracebacks = [each.outcome.traceback for each in traces if each.outcome.traceback]
    if tracebacks:
        yield ""
        yield "the application raised:"
        yield from map(printable, tracebacks[-1].split("\n")[-MOST_TRACE_LINES:])


def _ends(traces: Sequence[Trace], half: int) -> list[Trace]:
    if len(traces) <= 2 * half:
        return [*traces]
    return [*traces[:half], *traces[-half:]]


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table with aligned columns; all values are made printable."""
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
