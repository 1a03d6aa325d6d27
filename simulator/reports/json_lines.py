"""A replay as JSON: one object a line, and nothing else on standard output."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core import compact_json
from ..core.delivery import Drop, Wait
from ..core.summary import Summary
from ..core.trace import Trace
from .base import Opening


class JsonLines:
    """Writes each attempt, and at last the summary, with ``write``.

    What repeats the story is told to ``note``, which does not write to standard output.
    """

    def __init__(self, write: Callable[[str], None], note: Callable[[str], None]) -> None:
        self._write = write
        self._note = note

    def opened(self, opening: Opening) -> None:
        if opening.repeat_with:
            self._note(f"{opening.scenario}: repeat with {opening.repeat_with}")

    def attempted(self, trace: Trace) -> None:
        self._write(_line(attempt_object(trace)))

    def closed(self, summary: Summary, elapsed: float) -> None:
        self._write(_line(summary_object(summary, elapsed)))


def attempt_object(trace: Trace) -> dict[str, Any]:
    """Return one POST; ``event_id`` is the first of a batch."""
    attempt, decision = trace.attempt, trace.decision
    events = attempt.delivery.signed.payload.events
    return {
        "type": "attempt",
        "event_id": events[0].id,
        "event_ids": [event.id for event in events],
        "event_code": events[0].notification.event_code,
        "delivery_id": attempt.delivery_id,
        "attempt": attempt.number,
        "status_code": trace.outcome.status_code,
        "elapsed_ms": round(trace.outcome.elapsed * 1000, 3),
        "outcome": trace.ending,
        "retry_in_s": decision.seconds if isinstance(decision, Wait) else None,
        "reason": reason_of(trace),
        "verified": trace.verified,
    }


def reason_of(trace: Trace) -> str | None:
    """Return why an attempt was not the delivery, in a few words; none if it was."""
    if isinstance(trace.decision, Drop):
        return trace.decision.reason
    return trace.outcome.problem or None


def summary_object(summary: Summary, elapsed: float) -> dict[str, Any]:
    """Return the counts; ``verified`` is null where nobody judged."""
    return {
        "type": "summary",
        "events": summary.events,
        "deliveries": summary.deliveries,
        "attempts": summary.attempts,
        "delivered": summary.delivered,
        "dropped": summary.dropped,
        "verified": summary.verified if summary.judged else None,
        "elapsed_s": round(elapsed, 3),
        "ok": summary.ok,
    }


def _line(content: dict[str, Any]) -> str:
    return compact_json.encode(content).decode()
