"""What every report of a replay is called with, and the objects that several of them write."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Protocol

from ..core.delivery import Wait
from ..core.outcome import Outcome, begin
from ..core.trace import Trace
from ..delivery.summary import Summary, Unmet
from ..runtime import defaults


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known before the first delivery of one scenario.

    Captured requests have no ``seed``. ``repeat_with`` are the options that repeat the same
    story, if it takes any; ``events`` is how many there will be; ``receiver`` is true for the
    built-in one. ``speed`` is that of the story's clock, none if it skips waits; ``timeout`` is
    in seconds. ``is_signed_here`` says whether the signatures are of this installation.
    """

    scenario: str
    description: str
    seed: int | None
    repeat_with: str
    events: int
    target: str
    receiver: bool
    skips_waits: bool
    speed: float | None = None
    timeout: float = defaults.TIMEOUT
    max_attempts: int | None = None
    serves_keys: bool = False
    is_signed_here: bool = True


class Report(Protocol):
    """Shows a replay; each call is one fact, and they come in this order."""

    def opened(self, opening: Opening) -> None: ...

    def attempted(self, trace: Trace) -> None: ...

    def closed(self, summary: Summary, elapsed: float) -> None:
        """Show the end; ``elapsed`` is in seconds of real time."""
        ...


class Reports:
    """Several reports of one replay, which know of each call in their order."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self._reports = reports

    def opened(self, opening: Opening) -> None:
        for each in self._reports:
            each.opened(opening)

    def attempted(self, trace: Trace) -> None:
        for each in self._reports:
            each.attempted(trace)

    def closed(self, summary: Summary, elapsed: float) -> None:
        """Close all of them, though one of them cannot be written any more."""
        with ExitStack() as stack:
            for each in reversed(self._reports):
                stack.callback(each.closed, summary, elapsed)


def _said(outcome: Outcome) -> str | None:
    return begin(outcome.body) if outcome.body and not outcome.unread else None


def attempt_object(trace: Trace) -> dict[str, Any]:
    """Return one POST; ``event_id`` is the first of a batch, ``said`` the answer's beginning."""
    attempt, decision = trace.attempt, trace.decision
    events = attempt.delivery.signed.payload.events
    return {
        "type": "attempt",
        "event_id": events[0].id,
        "event_ids": [event.id for event in events],
        "event_code": events[0].notification.event_code,
        "faults": [fault.name for fault in events[0].faults],
        "delivery_id": attempt.delivery_id,
        "attempt": attempt.number,
        "status_code": trace.outcome.status_code,
        "said": _said(trace.outcome),
        "elapsed_ms": round(trace.outcome.elapsed * 1000, 3),
        "outcome": trace.ending,
        "retry_in_s": decision.seconds if isinstance(decision, Wait) else None,
        "reason": trace.reason,
        "cause": trace.cause,
        "verified": trace.verified,
    }


def summary_object(summary: Summary, elapsed: float) -> dict[str, Any]:
    """Return the counts, the first events that missed their expectation, and how it ended.

    ``verified`` is null where flowsim cannot see it, ``error`` unless the replay could not go on.
    """
    return {
        "type": "summary",
        "events": summary.events,
        "deliveries": summary.deliveries,
        "attempts": summary.attempts,
        "delivered": summary.delivered,
        "dropped": summary.dropped,
        "withheld": summary.withheld,
        "left_out": summary.left_out,
        "verified": summary.verified if summary.judged else None,
        "elapsed_s": round(elapsed, 3),
        "unmet_count": summary.unmet_count,
        "unmet": [_unmet_object(each) for each in summary.unmet],
        "ok": summary.ok,
        "error": summary.error or None,
        "exit_code": summary.exit_code,
    }


def _unmet_object(unmet: Unmet) -> dict[str, Any]:
    event, trace = unmet.event, unmet.trace
    return {
        "event_id": event.id,
        "event_code": event.notification.event_code,
        "expect": event.expect,
        "outcome": trace.ending,
        "status_code": trace.outcome.status_code,
        "reason": trace.reason,
        "cause": trace.cause,
        "verified": trace.verified,
    }
