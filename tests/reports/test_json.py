"""A replay as JSON, one object a line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from flowsim.core.delivery import Attempt, Decision, Delivered, Delivery, Drop, Wait
from flowsim.core.event import Event, Notification
from flowsim.core.outcome import Outcome
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload
from flowsim.core.trace import Trace
from flowsim.delivery.summary import Summary
from flowsim.reports.format_table import ReplayOutput
from flowsim.reports.formats.json import JsonLines
from flowsim.reports.replay_report import Opening

from ..cases import for_each

SENT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


def a_trace(
    decision: Decision, outcome: Outcome, verified: bool | None = None, code: str = "a_code"
) -> Trace:
    """Return a second attempt at a batch of two events."""
    notification = Notification(code, "event", {})
    events = tuple(Event(name, SENT, "delivered", notification) for name in ("one", "two"))
    signed = SignedPayload(Payload(b"[]", "application/json", events), ("", ""), ("", ""))
    return Trace(
        Attempt(Delivery(1, signed, SENT, "http://w/", "a_provider"), 2, "an id"),
        SENT,
        outcome,
        decision,
        verified,
    )


def written(*traces: Trace) -> list[str]:
    lines: list[str] = []
    report = JsonLines(ReplayOutput(lines.append, lines.append))
    for trace in traces:
        report.attempted(trace)
    return lines


def test_an_attempt_names_the_first_event_and_all_of_them() -> None:
    (line,) = written(a_trace(Delivered(), Outcome(200, 0.0123456, b"taken\n"), verified=True))
    assert json.loads(line) == {
        "type": "attempt",
        "event_id": "one",
        "event_ids": ["one", "two"],
        "event_code": "a_code",
        "says": None,
        "faults": [],
        "delivery_id": "an id",
        "attempt": 2,
        "status_code": 200,
        "said": "taken",
        "elapsed_ms": 12.346,
        "outcome": "delivered",
        "retry_in_s": None,
        "reason": None,
        "cause": None,
        "verified": True,
    }


@pytest.mark.parametrize(
    ("decision", "problem", "expected"),
    [
        (Wait(900.0), "", ("retry", 900.0, None)),
        (Wait(60.0), "connection reset", ("retry", 60.0, "connection reset")),
        (Drop("401 is not retried"), "", ("dropped", None, "401 is not retried")),
    ],
)
def test_the_next_step_after_an_attempt_has_its_reason(
    decision: Decision, problem: str, expected: tuple[Any, ...]
) -> None:
    (line,) = written(a_trace(decision, Outcome(602, 0.0, problem=problem)))
    parsed = json.loads(line)
    assert (parsed["outcome"], parsed["retry_in_s"], parsed["reason"]) == expected


@for_each(
    ("decision", "outcome", "said", "cause"),
    [
        (Drop("602 on the only attempt"), Outcome(602, 0.0, problem="refused"), None, "refused"),
        (Drop("400 is not retried"), Outcome(400, 0.0, b"no"), "no", None),
        (
            Drop("400 is not retried"),
            Outcome(400, 0.0, b"\x0b", unread="it is br"),
            None,
            "it is br",
        ),
        (Delivered(), Outcome(200, 0.0, b"\x0b", unread="it is br"), None, None),
    ],
)
def test_the_cause_stands_beside_the_reason_and_readable_bodies(
    decision: Decision, outcome: Outcome, said: str | None, cause: str | None
) -> None:
    (line,) = written(a_trace(decision, outcome))
    parsed = json.loads(line)
    assert (parsed["said"], parsed["cause"]) == (said, cause)


def test_an_object_is_one_line_with_any_values() -> None:
    (line,) = written(a_trace(Delivered(), Outcome(200, 0.0), code='new\nline "é"'))
    assert "\n" not in line
    assert json.loads(line)["event_code"] == 'new\nline "é"'


@pytest.mark.parametrize(("judged", "verified"), [(True, 3), (False, None)])
def test_the_summary_counts_events_and_says_whether_they_were_verified(
    judged: bool, verified: int | None
) -> None:
    lines: list[str] = []
    summary = Summary(judged, 4, 2, 5, 3, 1, 3, 1, True)
    JsonLines(ReplayOutput(lines.append, lines.append)).closed(summary, 1.23456)
    assert [json.loads(line) for line in lines] == [
        {
            "type": "summary",
            "events": 4,
            "copies": 0,
            "deliveries": 2,
            "attempts": 5,
            "delivered": 3,
            "dropped": 1,
            "withheld": 0,
            "left_out": 0,
            "verified": verified,
            "elapsed_s": 1.235,
            "unmet_count": 0,
            "unmet": [],
            "ok": False,
            "error": None,
            "exit_code": 1,
        }
    ]


def test_the_options_that_repeat_a_story_are_not_in_the_output() -> None:
    output: list[str] = []
    notes: list[str] = []
    report = JsonLines(ReplayOutput(output.append, notes.append))
    for again in ("", "--seed 7 --at 2026-01-15T09:30:00.000Z"):
        report.opened(Opening("story", "", 7, again, 1, "", receiver=True, skips_waits=True))
    assert (output, notes) == ([], ["story: repeat with --seed 7 --at 2026-01-15T09:30:00.000Z"])
