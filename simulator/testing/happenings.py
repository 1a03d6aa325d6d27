"""What has happened at a receiver or a service, as a test that fails shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

from ..core.printable import count, printable
from ..events_service.control.overview import AttemptSummary
from ..events_service.control.triggering import TriggeredEvent
from ..receiver.stub import Received
from ..reports.attempt_lines import status_label
from .report import table

MOST_ROWS = 30
"""The last ones are shown, at most so many."""

_ID = 8


def of_receiver(received: Sequence[Received]) -> str:
    """Return a table of requests: event, answer, and whether it was verified."""
    rows = [("event", "event code", "try", "answered", "verified")]
    for each in received[-MOST_ROWS:]:
        headers, reason = each.headers, each.reception.reason
        tried = headers.get("x-adobe-retry-count", "")
        number = str(int(tried) + 1) if tried.isdecimal() else "1"
        code, id_ = headers.get("x-adobe-event-code", "?"), headers.get("x-adobe-event-id", "?")
        rows.append((id_[:_ID], code, number, str(each.answered), reason or "yes"))
    return _shown("request", len(received), rows)


def of_service(
    published: Sequence[TriggeredEvent],
    attempts: Sequence[AttemptSummary],
    names: Mapping[str, str],
) -> str:
    """Return tables of triggered events and of attempts; ``names`` has those of registrations."""
    events = [("event", "event code", "registrations")]
    for event in published[-MOST_ROWS:]:
        taken = ", ".join(names.get(each, each[:_ID]) for each in event.registrations)
        refused = f"; refused by the filter of {len(event.filtered)}" if event.filtered else ""
        id_ = (event.event_id or "-")[:_ID]
        events.append((id_, event.event_code, (taken or "none takes it") + refused))
    rows = [("event", "registration", "try", "answer", "outcome")]
    for each in attempts[-MOST_ROWS:]:
        name = names.get(each.registration_id, each.registration_id[:_ID])
        outcome = f"{each.outcome}: {each.cause}" if each.cause else each.outcome
        answer = click.unstyle(status_label(each.status_code))
        rows.append((each.event_id[:_ID], name, str(each.attempt), answer, outcome))
    of_events = _shown("event", len(published), events)
    return f"{of_events}\n{_shown('attempt', len(attempts), rows)}"


def _shown(noun: str, number: int, rows: Sequence[tuple[str, ...]]) -> str:
    head = count(number, noun) if number else f"no {noun}"
    more = f", the last {MOST_ROWS}" if number > MOST_ROWS else ""
    lines = table(rows) if number else []
    return "\n".join([printable(f"{head}{more}"), *lines])
