"""The result of a replay: counts of events, deliveries and attempts."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from ..core.delivery import Delivery
from ..core.event import Event
from ..core.trace import Trace, is_accepted, meets

MOST_UNMET = 20
"""How many events that missed their expectation are kept, at most; the others are counted."""

STOPPED = 130
"""The exit code of what Ctrl-C or another signal has stopped."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """An event that did not meet its expectation, and its last attempt."""

    event: Event
    trace: Trace


@dataclass(slots=True)
class Summary:
    """Counts that grow while a replay runs: of events, unless the name says otherwise.

    ``events`` counts each event once, ``copies`` each further time that a fault sends it.
    ``delivered``, ``dropped``, ``verified``, ``unverified`` and ``unexpected`` count an event
    each time it is sent: at the end ``delivered`` and ``dropped`` are together ``events`` and
    ``copies``. ``withheld`` counts, beside ``events``, events that a fault
    did not let reach the webhook. ``judged`` says that our own receiver verifies every
    delivery; ``unverified`` counts events that it did not verify but should. ``left_out`` counts
    captured requests that could not be read. ``finished`` says that everything was delivered,
    ``stopped`` that a signal ended the replay before. ``unmet`` holds the first events that were
    unexpected or unverified, ``unmet_count`` counts all of them. ``error`` says why the replay
    could not go on, ``error_code`` is the exit code then. ``milliseconds`` has the duration of
    each attempt, four bytes each.
    """

    judged: bool
    events: int = 0
    deliveries: int = 0
    attempts: int = 0
    delivered: int = 0
    dropped: int = 0
    verified: int = 0
    unexpected: int = 0
    finished: bool = False
    stopped: bool = False
    unverified: int = 0
    withheld: int = 0
    unmet: list[Unmet] = field(default_factory=list)
    unmet_count: int = 0
    error: str = ""
    error_code: int = 0
    left_out: int = 0
    copies: int = 0
    milliseconds: array[float] = field(default_factory=lambda: array("f"))

    def count(self, trace: Trace) -> None:
        """Count one attempt, and its events if it was the last attempt."""
        self.attempts += 1
        self.milliseconds.append(trace.outcome.elapsed * 1000)
        if trace.attempt.number == 1:
            self.deliveries += 1
            number = len(trace.attempt.delivery.signed.payload.events)
            if trace.attempt.delivery.copy:
                self.copies += number
            else:
                self.events += number
        if trace.ending != "retry":
            self._count_ended(trace)

    def _count_ended(self, trace: Trace) -> None:
        events = trace.attempt.delivery.signed.payload.events
        if trace.ending == "delivered":
            self.delivered += len(events)
        else:
            self.dropped += len(events)
        if trace.verified:
            self.verified += len(events)
        for event in events:
            is_unexpected = not meets(event.expect, trace)
            is_unverified = self.judged and not trace.verified and is_accepted(event.expect)
            self.unexpected += is_unexpected
            self.unverified += is_unverified
            if is_unexpected or is_unverified:
                self._count_unmet(event, trace)

    def _count_unmet(self, event: Event, trace: Trace) -> None:
        self.unmet_count += 1
        if len(self.unmet) < MOST_UNMET:
            self.unmet.append(Unmet(event, trace))

    def withhold(self, delivery: Delivery) -> None:
        """Count the events of a delivery that a fault does not let reach the webhook."""
        self.withheld += len(delivery.signed.payload.events)

    @property
    def ok(self) -> bool:
        """Whether every event ended as expected.

        Where that is judged, those expected to be accepted were verified too. No captured
        request was left out.
        """
        mistakes = self.unexpected or self.unverified or self.left_out
        return self.finished and not mistakes

    @property
    def exit_code(self) -> int:
        """The exit code: 0 if ``ok``, 1 if not, another one if the replay could not go on."""
        if self.stopped:
            return STOPPED
        return self.error_code or (0 if self.ok else 1)

    def percentiles(self) -> tuple[float, float, float]:
        """Return p50, p95 and p99 of the attempts, in milliseconds; zeros without attempts."""
        ordered = sorted(self.milliseconds)
        if not ordered:
            return 0.0, 0.0, 0.0
        p50, p95, p99 = (ordered[-(-len(ordered) * part // 100) - 1] for part in (50, 95, 99))
        return p50, p95, p99
