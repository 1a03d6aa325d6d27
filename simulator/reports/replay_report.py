"""What the reports of a replay share: what they are called with, JSON objects and hints."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..core.delivery import Wait, backoff, most_attempts
from ..core.duration import spell
from ..core.outcome import TIMEOUT, Outcome, plain_beginning
from ..core.trace import Trace, is_accepted
from ..delivery.summary import Summary, Unmet
from ..families.event_line import payload_line
from ..families.registry import Families, shipped
from ..runtime import defaults


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known before the first delivery of one scenario.

    Captured requests have no ``seed``. ``repeat_with`` are the options that repeat the same
    story, if it takes any; ``events`` is how many there will be; ``receiver`` is true for the
    built-in one. ``speed`` is that of the story's clock, none if it skips waits; ``timeout`` is
    in seconds. ``is_signed_here`` says whether the signatures are of this installation;
    ``families`` are those of the events.
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
    families: Families = field(default_factory=shipped)


class Report(Protocol):
    """Shows a replay: calls are ``opened`` for each story, ``attempted``, and last ``closed``."""

    def opened(self, opening: Opening) -> None: ...

    def attempted(self, trace: Trace) -> None: ...

    def closed(self, summary: Summary, elapsed: float) -> None:
        """Show the end; ``elapsed`` is in seconds of real time."""
        ...


class Reports:
    """The reports of one replay; each call reaches them in their order."""

    def __init__(self, reports: Iterable[Report]) -> None:
        self._reports = [*reports]

    def add(self, report: Report) -> None:
        """Add a report, which gets the calls from now on."""
        self._reports.append(report)

    def opened(self, opening: Opening) -> None:
        for each in self._reports:
            each.opened(opening)

    def attempted(self, trace: Trace) -> None:
        for each in self._reports:
            each.attempted(trace)

    def closed(self, summary: Summary, elapsed: float) -> None:
        """Close all of them, even if one of them cannot be written."""
        with ExitStack() as stack:
            for each in reversed(self._reports):
                stack.callback(each.closed, summary, elapsed)


def _said(outcome: Outcome) -> str | None:
    return plain_beginning(outcome.body) if outcome.body and not outcome.unread else None


def attempt_object(trace: Trace, families: Families) -> dict[str, Any]:
    """Return one attempt for JSON; of a batch, ``event_id`` is that of the first event.

    ``says`` is what the event says in a few words of its family, ``said`` the beginning of the
    answer's body; ``retry_in_s`` is in seconds.
    """
    attempt, decision = trace.attempt, trace.decision
    events = attempt.delivery.signed.payload.events
    return {
        "type": "attempt",
        "event_id": events[0].id,
        "event_ids": [event.id for event in events],
        "event_code": events[0].notification.event_code,
        "says": payload_line(families, attempt.delivery.signed.payload) or None,
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
    """Return the counts, the first events that missed their expectation, and the result.

    ``verified`` is null if no receiver of flowsim verifies; ``error`` is null unless the replay
    could not go on.
    """
    return {
        "type": "summary",
        "events": summary.events,
        "copies": summary.copies,
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


_REFUSALS = (401, 403)
"""What webhooks answer to a signature that they cannot check."""


class Hints:
    """Looks at the attempts of a replay; each hint is given once."""

    def __init__(self) -> None:
        self._opening: Opening | None = None
        self._has_hung = False

    def opened(self, opening: Opening) -> None:
        """Keep what is known of the story that begins."""
        self._opening = opening

    def attempted(self, trace: Trace) -> str:
        """Return a hint after the first attempt at which the webhook hangs, else an empty text."""
        is_one = trace.outcome.status_code == TIMEOUT and trace.ending == "retry"
        if self._has_hung or self._opening is None or not is_one:
            return ""
        self._has_hung = True
        return _of_a_hang(trace.attempt.number, self._opening)

    def closed(self, summary: Summary) -> str:
        """Return a hint if signatures were refused and no keys were served, else an empty text."""
        opening = self._opening
        if opening is None or opening.receiver or opening.serves_keys:
            return ""
        refused = next(filter(_is_refused, summary.unmet), None)
        if refused is None:
            return ""
        status = refused.trace.outcome.status_code
        return f"hint: the webhook answers {status}, and {_remedy(opening)}"


def _of_a_hang(number: int, opening: Opening) -> str:
    last = most_attempts(opening.max_attempts)
    rest = opening.timeout * (last - number)
    if opening.speed is not None:
        rest += sum(map(backoff, range(number, last))) / opening.speed
    fewer = "--max-attempts 1" if opening.max_attempts is None else "a smaller --max-attempts"
    tries = "1 attempt" if last - number == 1 else f"{last - number} attempts"
    return (
        f"the webhook hangs: no answer within {spell(opening.timeout)}; while it does, this "
        f"delivery takes about {spell(round(rest))} more ({tries}), and {fewer} gives up earlier"
    )


def _is_refused(unmet: Unmet) -> bool:
    return unmet.trace.outcome.status_code in _REFUSALS and is_accepted(unmet.event.expect)


def _remedy(opening: Opening) -> str:
    port = defaults.KEYS_PORT
    if not opening.is_signed_here:
        return f"the signatures were made with other keys: add --resign --serve-keys {port}"
    return (
        f"no keys are served: --serve-keys {port} serves them at http://127.0.0.1:{port}, "
        "for a webhook that reads the key host from its configuration"
    )
