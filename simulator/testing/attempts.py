"""What a replay has sent, and what happened: attempts, events, notifications."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..core import headers
from ..core.delivery import Attempt, Wait
from ..core.event import Event
from ..core.trace import Trace, meets
from .wording import in_python


@dataclass(frozen=True, slots=True)
class AttemptReport:
    """One POST.

    ``number`` counts from 1; a batch has several ``event_ids``. ``status_code`` is HTTP's, or
    601, 602, 604 or 611 without an answer. ``cause`` says why there was none, or none that can be
    read; ``problem`` is the same, or the traceback of an application. ``elapsed`` is in
    seconds of real time, ``sent_at`` story time.
    """

    number: int
    event_ids: tuple[str, ...]
    headers: Mapping[str, str]
    body: bytes
    status_code: int
    answer: bytes
    cause: str | None
    problem: str
    elapsed: float
    sent_at: datetime
    ending: str

    @property
    def json(self) -> Any:
        """The request body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class EventReport:
    """One event, and how its delivery ended.

    ``attempts`` are all attempts at it, in their order. ``ending`` is ``delivered``,
    ``dropped``, or ``withheld`` by a fault. ``expected`` is what the scenario expects;
    ``received`` says in a few words what happened.
    """

    id: str
    code: str
    expected: str | int
    ending: str
    received: str
    ok: bool
    attempts: tuple[AttemptReport, ...]

    @property
    def statuses(self) -> tuple[int, ...]:
        """The status codes of the answers, in order."""
        return tuple(each.status_code for each in self.attempts)

    @property
    def body(self) -> bytes:
        """The exact request body; that of a batch holds other events too."""
        return self.attempts[0].body if self.attempts else b""

    @property
    def json(self) -> Any:
        """That body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class SignedNotification:
    """A signed request: headers, and the exact bytes of the body; a batch has several events."""

    headers: dict[str, str]
    body: bytes
    event_ids: tuple[str, ...]
    event_code: str

    @property
    def event_id(self) -> str:
        """The id of the event, or of a batch's first one."""
        return self.event_ids[0]

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def notification_of(attempt: Attempt) -> SignedNotification:
    """Return the request that an attempt would send."""
    payload = attempt.delivery.signed.payload
    return SignedNotification(
        dict(headers.of_attempt(attempt)),
        payload.body,
        tuple(event.id for event in payload.events),
        payload.events[0].notification.event_code,
    )


def attempt_of(trace: Trace) -> AttemptReport:
    """Return the report of an attempt."""
    attempt, outcome = trace.attempt, trace.outcome
    payload = attempt.delivery.signed.payload
    return AttemptReport(
        attempt.number,
        tuple(event.id for event in payload.events),
        headers.of_attempt(attempt),
        payload.body,
        outcome.status_code,
        outcome.body,
        trace.cause and in_python(trace.cause),
        outcome.traceback or in_python(outcome.problem),
        outcome.elapsed,
        trace.sent_at,
        trace.ending,
    )


def events_of(traces: Iterable[Trace], withheld: Iterable[Event]) -> tuple[EventReport, ...]:
    """Return the events in the order in which they were first sent, the withheld ones last."""
    found: dict[str, list[Trace]] = {}
    events: dict[str, Event] = {}
    for trace in traces:
        for event in trace.attempt.delivery.signed.payload.events:
            found.setdefault(event.id, []).append(trace)
            events.setdefault(event.id, event)
    reports = [_event(events[id_], each) for id_, each in found.items()]
    rest = (event for event in withheld if event.id not in found)
    return (*reports, *map(_withheld, rest))


def _event(event: Event, traces: list[Trace]) -> EventReport:
    """Return the report of an event; it is ``ok`` if each delivery meets the expectation."""
    ended = [each for each in traces if not isinstance(each.decision, Wait)]
    missed = [each for each in ended if not meets(event.expect, each)]
    decisive = (missed or ended or traces)[-1]
    return EventReport(
        event.id,
        event.notification.event_code,
        event.expect,
        decisive.ending,
        received(decisive),
        bool(ended) and not missed,
        tuple(map(attempt_of, traces)),
    )


def _withheld(event: Event) -> EventReport:
    code = event.notification.event_code
    return EventReport(event.id, code, event.expect, "withheld", "never sent", True, ())


def received(trace: Trace) -> str:
    """Return how a delivery ended: ``delivered (200)``, ``dropped: 404 is not retried``."""
    if trace.ending == "delivered":
        return f"delivered ({trace.outcome.status_code})"
    cause = trace.outcome.problem
    has_more = cause and cause != trace.reason
    return in_python(f"{trace.ending}: {trace.reason}" + (f" ({cause})" if has_more else ""))
