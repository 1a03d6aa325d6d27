"""What a replay came to: counts of events, deliveries and attempts."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from .delivery import Delivery
from .trace import Trace, is_accepted, meets


@dataclass(slots=True)
class Summary:
    """Running counts; ``deliveries`` and ``attempts`` count what they say, the others events.

    ``delivered``, ``dropped``, ``verified``, ``unverified`` and ``unexpected`` count an event
    each time it is delivered, for a fault may repeat it; ``withheld`` counts events that
    faults let nobody have. ``judged`` is true where a receiver of ours verifies every
    delivery; ``unverified`` are those that it should have verified and did not.
    ``finished`` says that all was told, ``stopped`` that somebody ended it before.
    ``milliseconds`` keeps the duration of each attempt, four bytes each.
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
    milliseconds: array[float] = field(default_factory=lambda: array("f"))

    def count(self, trace: Trace) -> None:
        """Take in one attempt, and the events that it ends."""
        self.attempts += 1
        self.milliseconds.append(trace.outcome.elapsed * 1000)
        if trace.attempt.number == 1:
            self.deliveries += 1
            if not trace.attempt.delivery.copy:
                self.events += len(trace.attempt.delivery.signed.payload.events)
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
        elif self.judged:
            self.unverified += sum(is_accepted(event.expect) for event in events)
        self.unexpected += sum(not meets(event.expect, trace) for event in events)

    def withhold(self, delivery: Delivery) -> None:
        """Take in a delivery that a fault keeps from the webhook."""
        self.withheld += len(delivery.signed.payload.events)

    @property
    def ok(self) -> bool:
        """Every event came to its expected end.

        Where that is judged, those expected to be accepted were verified too.
        """
        return self.finished and not self.unexpected and not self.unverified

    def percentiles(self) -> tuple[float, float, float]:
        """Return p50, p95 and p99 of the attempts, in milliseconds; zeros without attempts."""
        ordered = sorted(self.milliseconds)
        if not ordered:
            return 0.0, 0.0, 0.0
        p50, p95, p99 = (ordered[-(-len(ordered) * part // 100) - 1] for part in (50, 95, 99))
        return p50, p95, p99
