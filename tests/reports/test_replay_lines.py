"""The lines of a replay for a reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click
import pytest

from flowsim.core.delivery import Attempt, Decision, Delivered, Delivery, Drop, Wait
from flowsim.core.event import Event, Notification
from flowsim.core.outcome import Outcome
from flowsim.core.payload import Payload
from flowsim.core.printable import count
from flowsim.core.signature import SignedPayload
from flowsim.core.trace import Trace
from flowsim.delivery.summary import MOST_UNMET, Summary
from flowsim.reports.attempt_lines import attempt_line
from flowsim.reports.replay_lines import ReplayLines, summary_lines
from flowsim.reports.replay_report import Opening

from ..cases import for_each

SENT = datetime(2026, 1, 15, 9, 30, 0, 7_000, tzinfo=UTC)
OPENING = Opening(
    scenario="a-story",
    description="What happens.\n",
    seed=7,
    repeat_with="",
    events=2,
    target="http://127.0.0.1:3000/",
    receiver=False,
    skips_waits=True,
)


def a_trace(
    status: int,
    decision: Decision,
    *expects: str | int,
    verified: bool | None = None,
    problem: str = "",
) -> Trace:
    """Return a first attempt at a payload with one event for each expectation."""
    notification = Notification("a_code", "event", {})
    events = tuple(Event("0123456789", SENT, expect, notification) for expect in expects)
    signed = SignedPayload(Payload(b"{}", "application/json", events), ("", ""), ("", ""))
    attempt = Attempt(Delivery(1, signed, SENT, "http://w/", "a_provider"), 2, "an id")
    return Trace(attempt, SENT, Outcome(status, 0.0124, problem=problem), decision, verified)


def a_try(
    number: int, status: int, decision: Decision, *, delivery: int = 1, at: datetime = SENT
) -> Trace:
    """Return one of several attempts at a delivery."""
    one = a_trace(status, decision, "delivered")
    sent = replace(one.attempt.delivery, number=delivery)
    return replace(one, attempt=Attempt(sent, number, "an id"), sent_at=at)


@for_each(
    ("trace", "ending"),
    [
        (a_trace(200, Delivered(), "delivered"), "[200] 12 ms · delivered"),
        (
            a_trace(200, Delivered(), "delivered", verified=True),
            "[200] 12 ms · delivered · verified",
        ),
        (
            a_trace(200, Delivered(), "delivered", verified=False),
            "[200] 12 ms · delivered · not verified",
        ),
        (
            a_trace(204, Delivered(), "rejected"),
            "[204] 12 ms · delivered · expected rejected",
        ),
        (a_trace(503, Wait(120.0), "delivered"), "[503] 12 ms · retry in 2m (skipped)"),
        (
            a_trace(401, Drop("401 is not retried"), "rejected"),
            "[401] 12 ms · dropped: 401 is not retried",
        ),
        (
            a_trace(604, Drop("604 on the only attempt"), "delivered", problem="late"),
            "[604 timeout] 12 ms · late · dropped: 604 on the only attempt · expected delivered",
        ),
        (
            a_trace(602, Wait(60.0), "delivered", problem="connection refused"),
            "[602 network] 12 ms · connection refused · retry in 1m (skipped)",
        ),
    ],
)
def test_an_attempt_is_one_line(trace: Trace, ending: str) -> None:
    line = click.unstyle(attempt_line(trace))
    assert line == f"09:30:00.007 → a_code 01234567 try 2 {ending}"


def test_a_batch_is_named_by_its_first_event_with_its_size() -> None:
    line = click.unstyle(attempt_line(a_trace(200, Delivered(), "delivered", "delivered")))
    assert "a_code 01234567 (batch of 2) try 2" in line


def test_a_redelivery_is_marked_before_its_try() -> None:
    trace = a_trace(200, Delivered(), "delivered")
    again = replace(trace.attempt, delivery=replace(trace.attempt.delivery, is_again=True))
    line = click.unstyle(attempt_line(replace(trace, attempt=again)))
    assert "a_code 01234567 redelivered try 2 [200]" in line


def test_each_unmet_expectation_of_a_batch_is_reported_once() -> None:
    trace = a_trace(400, Drop("400 is not retried"), "delivered", 401, "delivered", "rejected")
    line = click.unstyle(attempt_line(trace))
    assert line.endswith("· expected delivered · expected 401")


def test_an_answer_that_cannot_be_decoded_is_named_and_not_shown() -> None:
    trace = a_trace(400, Drop("400 is not retried"), "rejected")
    outcome = Outcome(400, 0.0124, b"\x0b\x02", unread="its answer is encoded as 'br'")
    line = click.unstyle(attempt_line(replace(trace, outcome=outcome)))
    assert line.endswith("· dropped: 400 is not retried · its answer is encoded as 'br'")


def test_a_real_wait_is_not_printed_as_skipped() -> None:
    line = click.unstyle(attempt_line(a_trace(503, Wait(60.0), "delivered"), skips_waits=False))
    assert line.endswith("· retry in 1m")


@for_each(("status", "colour"), [(204, "green"), (302, "yellow"), (404, "red"), (503, "magenta")])
def test_the_class_of_a_status_has_its_colour(status: int, colour: str) -> None:
    line = attempt_line(a_trace(status, Wait(60.0), "delivered"))
    assert click.style(f"[{status}]", fg=colour) in line


@for_each(
    ("number", "noun", "spelt"),
    [
        (0, "event", "0 events"),
        (1, "event", "1 event"),
        (1, "delivery", "1 delivery"),
        (12_000, "delivery", "12,000 deliveries"),
    ],
)
def test_a_count_agrees_with_its_noun(number: int, noun: str, spelt: str) -> None:
    assert count(number, noun) == spelt


def test_the_figures_of_a_replay_that_went_well() -> None:
    summary = Summary(True, 1200, 1200, 1201, 1200, 0, 1200, 0, True)
    summary.milliseconds.extend([2.0] * 1200 + [9.0])
    assert [click.unstyle(line) for line in summary_lines(summary, 0.5)] == [
        "1,200 events, 1,200 deliveries, 1,201 attempts in 0.50 s: "
        "1,200 delivered, 0 dropped, 1,200 verified",
        "an attempt took p50 2 ms, p95 2 ms, p99 2 ms",
        "ok: every event met its expectation",
    ]


def test_copies_are_named_so_that_the_figures_add_up() -> None:
    summary = Summary(True, 10, 8, 8, 10, 2, 10, 0, True, copies=2)
    first, *_ = summary_lines(summary, 0.5)
    assert first == (
        "10 events (12 with copies), 8 deliveries, 8 attempts in 0.50 s: "
        "10 delivered, 2 dropped, 10 verified"
    )


@for_each(
    ("summary", "verdict"),
    [
        (Summary(False, 2, 2, 2, 1, 1, 0, 1, True), "1 event did not meet the expectation"),
        (Summary(False, 2, 2, 2, 2, 0, 0, 0, False), "stopped before the end"),
        (Summary(True, 3, 3, 3, 3, 0, 1, 0, True, unverified=2), "2 not verified"),
        (
            Summary(True, 2, 2, 2, 0, 2, 0, 2, False, unverified=2),
            "stopped before the end, 2 events did not meet the expectation, 2 not verified",
        ),
    ],
)
def test_the_last_line_says_all_that_went_wrong(summary: Summary, verdict: str) -> None:
    assert not summary.ok
    assert click.unstyle(summary_lines(summary, 0.5)[-1]) == f"not ok: {verdict}"


def test_a_report_begins_with_the_story_and_moves_the_bar() -> None:
    lines: list[str] = []
    reported: list[Trace] = []
    trace = a_trace(200, Delivered(), "delivered")
    report = ReplayLines(lines.append, reported.append)
    report.opened(OPENING)
    report.attempted(trace)
    report.closed(Summary(False, finished=True), 0.0)
    assert [click.unstyle(line) for line in lines] == [
        "a-story: What happens.",
        "2 events to http://127.0.0.1:3000/, seed 7",
        click.unstyle(attempt_line(trace)),
        "0 events, 0 deliveries, 0 attempts in 0.00 s: "
        "0 delivered, 0 dropped; flowsim cannot see whether the target verified them",
        "ok: every event met its expectation",
    ]
    assert reported == [trace]


def test_where_nothing_was_begun_there_are_no_figures() -> None:
    lines: list[str] = []
    ReplayLines(lines.append).closed(Summary(False), 0.0)
    assert lines == []


# What went wrong, at the end


def reported(*traces: Trace, judged: bool = False, **known: Any) -> list[str]:
    """Return the lines of a replay of these attempts."""
    lines: list[str] = []
    report, summary = ReplayLines(lines.append), Summary(judged)
    report.opened(replace(OPENING, **known))
    for trace in traces:
        report.attempted(trace)
        summary.count(trace)
    summary.finished = True
    report.closed(summary, 0.0)
    return [click.unstyle(line) for line in lines]


def test_events_that_missed_their_expectation_are_listed_before_the_end() -> None:
    outcome = Outcome(604, 10.0, problem="no connection within 10s")
    late = replace(a_trace(604, Drop("604 on the only attempt"), "delivered"), outcome=outcome)
    lines = reported(
        a_trace(404, Drop("404 is not retried"), "delivered"),
        a_trace(200, Delivered(), "delivered"),
        a_trace(204, Delivered(), "rejected"),
        late,
    )
    assert lines[lines.index("not as expected:") + 1 :] == [
        "  a_code 01234567 [404] dropped: 404 is not retried · expected delivered",
        "  a_code 01234567 [204] delivered · expected rejected",
        "  a_code 01234567 [604 timeout] dropped: 604 on the only attempt · no connection within "
        "10s · expected delivered",
        "not ok: 3 events did not meet the expectation",
    ]


def test_events_that_our_receiver_did_not_verify_are_listed_too() -> None:
    lines = reported(a_trace(200, Delivered(), "delivered", verified=False), judged=True)
    assert "  a_code 01234567 [200] delivered · not verified" in lines


def test_the_first_of_many_events_are_listed_and_the_others_counted() -> None:
    many = [a_trace(404, Drop("404 is not retried"), "delivered")] * (MOST_UNMET + 1200)
    listed = reported(*many)
    begin = listed.index("not as expected:")
    assert len(listed[begin + 1 : -1]) == MOST_UNMET + 1
    assert listed[-2] == "  … and 1,200 more"
    assert listed[-1] == "not ok: 1,220 events did not meet the expectation"


def test_a_hanging_webhook_is_reported_once_with_the_time_left() -> None:
    late = [a_try(number, 604, Wait(60.0)) for number in (1, 2)]
    hints = [line for line in reported(*late) if "hangs" in line]
    assert hints == [
        "the webhook hangs: no answer within 10s; while it does, this delivery takes about "
        "16m20s more (98 attempts), and --max-attempts 1 gives up earlier"
    ]
    (few,) = [line for line in reported(late[0], max_attempts=3, timeout=2.0) if "hangs" in line]
    assert "within 2s; while it does, this delivery takes about 4s more (2 attempts)" in few
    assert "a smaller --max-attempts" in few
    (slow,) = [line for line in reported(late[0], speed=60.0) if "hangs" in line]
    assert "takes about 40m5s more" in slow


def test_a_last_attempt_that_hangs_needs_no_hint() -> None:
    assert "hangs" not in "".join(reported(a_try(1, 604, Drop("over"))))


@pytest.mark.parametrize("answer", [401, 403])
def test_a_refusal_while_no_keys_are_served_names_the_option(answer: int) -> None:
    refused = a_trace(answer, Drop("it is not retried"), "delivered")
    hint = f"hint: the webhook answers {answer}, and no keys are served: --serve-keys 4020 serves"
    assert reported(refused)[-2].startswith(hint)
    foreign = reported(refused, is_signed_here=False)[-2]
    assert foreign.endswith("were made with other keys: add --resign --serve-keys 4020")
    for known in ({"serves_keys": True}, {"receiver": True}):
        assert "hint" not in "".join(reported(refused, **known))
    wanted = a_trace(answer, Drop("it is not retried"), "rejected")
    assert "hint" not in "".join(reported(wanted))
