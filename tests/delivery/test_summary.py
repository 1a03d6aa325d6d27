"""The counts and the result of a replay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.delivery import Attempt, Decision, Delivered, Delivery, Drop, Wait
from flowsim.core.event import Event, Notification
from flowsim.core.outcome import Outcome
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload
from flowsim.core.trace import Trace
from flowsim.delivery.summary import Summary

BEGIN = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
WAIT, DROP = Wait(60.0), Drop("401 is not retried")


def a_trace(
    decision: Decision = Delivered(),  # noqa: B008 - frozen
    *expects: str | int,
    status: int = 200,
    number: int = 1,
    verified: bool | None = True,
    elapsed: float = 0.0,
    copy: int = 0,
) -> Trace:
    """Return an attempt at a payload with one event for each expectation; one if none is given."""
    notification = Notification("code", "event", {})
    events = tuple(
        Event(str(index), BEGIN, expect, notification)
        for index, expect in enumerate(expects or ("delivered",))
    )
    signed = SignedPayload(Payload(b"{}", "application/json", events), ("", ""), ("", ""))
    delivery = Delivery(1, signed, BEGIN, "http://w/", "a_provider", copy)
    attempt = Attempt(delivery, number, "id")
    return Trace(attempt, BEGIN, Outcome(status, elapsed), decision, verified)


def summed(*traces: Trace, judged: bool = True, finished: bool = True) -> Summary:
    summary = Summary(judged, finished=finished)
    for trace in traces:
        summary.count(trace)
    return summary


def test_a_batch_is_one_delivery_and_one_attempt_of_many_events() -> None:
    summary = summed(a_trace(Delivered(), *["delivered"] * 20))
    assert (summary.deliveries, summary.attempts) == (1, 1)
    assert (summary.events, summary.delivered, summary.verified) == (20, 20, 20)


def test_a_delivery_with_several_attempts_is_counted_once() -> None:
    summary = summed(
        a_trace(WAIT, status=503, verified=True),
        a_trace(WAIT, status=503, number=2, verified=True),
        a_trace(number=3),
    )
    assert (summary.events, summary.deliveries, summary.attempts) == (1, 1, 3)
    assert (summary.delivered, summary.dropped, summary.verified) == (1, 0, 1)
    assert summary.ok


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 20), st.sampled_from([Delivered(), DROP])))
)
def test_events_and_copies_are_together_those_delivered_and_dropped(
    sent: list[tuple[int, int, Decision]],
) -> None:
    traces = [a_trace(way, *["delivered"] * size, copy=copy) for copy, size, way in sent]
    summary = summed(*traces)
    assert summary.events + summary.copies == summary.delivered + summary.dropped
    assert summary.events == sum(size for copy, size, _ in sent if not copy)


def test_an_event_that_waits_for_a_retry_has_not_ended() -> None:
    summary = summed(a_trace(WAIT, status=503), finished=False)
    assert (summary.events, summary.delivered, summary.dropped) == (1, 0, 0)
    assert not summary.ok


def test_each_event_of_a_batch_has_its_own_expectation() -> None:
    expects: list[str | int] = ["delivered", "rejected", 401, "delivered"]
    summary = summed(a_trace(DROP, *expects, status=401, verified=None), judged=False)
    assert (summary.dropped, summary.unexpected) == (4, 2)
    assert not summary.ok


def test_an_expected_drop_is_no_failure() -> None:
    assert summed(a_trace(DROP, "rejected", status=401, verified=None), judged=False).ok


@pytest.mark.parametrize("verified", [False, None])
def test_where_deliveries_are_judged_each_must_be_verified(verified: bool | None) -> None:
    traces = a_trace(), a_trace(verified=verified)
    assert not summed(*traces, judged=True).ok
    assert summed(*traces, judged=False).ok


def test_events_expected_to_be_rejected_need_no_verification() -> None:
    """A correct receiver does not verify a forged event."""
    summary = summed(a_trace(DROP, "rejected", 401, status=401, verified=False), judged=True)
    assert (summary.ok, summary.verified, summary.unverified) == (True, 0, 0)
    accepted = summed(a_trace(Delivered(), "delivered", 204, status=204, verified=False))
    assert (accepted.ok, accepted.unverified) == (False, 2)


def test_an_event_that_is_delivered_again_is_still_one_event() -> None:
    first = a_trace()
    delivery = replace(first.attempt.delivery, copy=1)
    again = replace(first, attempt=replace(first.attempt, delivery=delivery))
    summary = summed(first, again)
    assert (summary.events, summary.deliveries, summary.delivered) == (1, 2, 2)


def test_withheld_events_are_counted_and_no_failure() -> None:
    summary = summed(finished=True)
    summary.withhold(a_trace(Delivered(), "delivered", "rejected").attempt.delivery)
    assert (summary.ok, summary.withheld, summary.events) == (True, 2, 0)


def test_a_replay_that_was_stopped_is_not_ok() -> None:
    assert summed(a_trace(), finished=True).ok
    assert not summed(a_trace(), finished=False).ok


@given(st.lists(st.sampled_from(["delivered", "retry", "dropped"])))
def test_delivered_and_dropped_add_up_to_the_events_that_ended(endings: list[str]) -> None:
    decisions = {"delivered": Delivered(), "retry": WAIT, "dropped": DROP}
    summary = summed(*(a_trace(decisions[ending], "delivered", 200) for ending in endings))
    assert summary.attempts == len(endings)
    assert summary.delivered == 2 * endings.count("delivered")
    assert summary.dropped == 2 * endings.count("dropped")


def test_without_attempts_there_are_no_percentiles() -> None:
    assert summed().percentiles() == (0.0, 0.0, 0.0)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=300))
def test_a_percentile_is_the_shortest_duration_that_enough_attempts_keep(
    eighths: list[int],
) -> None:
    """Eighths of a second are exact in milliseconds and in four bytes."""
    summary = summed(*(a_trace(elapsed=number / 8) for number in eighths))
    durations = [number * 125.0 for number in eighths]

    def share(limit: float) -> Fraction:
        return Fraction(sum(each <= limit for each in durations), len(durations))

    for part, found in zip((50, 95, 99), summary.percentiles(), strict=True):
        enough = [each for each in durations if share(each) >= Fraction(part, 100)]
        assert found == min(enough)
