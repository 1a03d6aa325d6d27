"""The record of one attempt, and what ``expect`` of a scenario means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.delivery import Attempt, Delivered, Delivery, Drop, Wait, decide
from flowsim.core.outcome import Outcome
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload
from flowsim.core.trace import Trace, meets

from ..cases import for_each

BEGIN = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
SIGNED = SignedPayload(Payload(b"{}", "application/json", ()), ("one", "two"), ("/1", "/2"))
STATUSES = st.integers(100, 699)


def last_trace(status: int, number: int = 1, max_attempts: int | None = 1) -> Trace:
    """Return the trace of an attempt that got this status, and after which none follows."""
    outcome = Outcome(status, 0.01)
    decision = decide(outcome, number, timedelta(), max_attempts)
    assert not isinstance(decision, Wait)
    return Trace(
        Attempt(Delivery(1, SIGNED, BEGIN, "http://w/", "a_provider"), number, "id"),
        BEGIN,
        outcome,
        decision,
    )


def test_an_attempt_ends_as_delivered_retry_or_dropped() -> None:
    attempt = Attempt(Delivery(1, SIGNED, BEGIN, "http://w/", "a_provider"), 1, "id")
    endings = [
        Trace(attempt, BEGIN, Outcome(0, 0.0), decision).ending
        for decision in (Delivered(), Wait(60.0), Drop("a reason"))
    ]
    assert endings == ["delivered", "retry", "dropped"]


@given(STATUSES)
def test_delivered_is_any_2xx(status: int) -> None:
    assert meets("delivered", last_trace(status)) == (200 <= status < 300)


@for_each("status", [400, 401, 403, 404, 410, 413, 415, 422, 499])
def test_rejected_is_a_4xx_that_is_dropped_at_once(status: int) -> None:
    assert meets("rejected", last_trace(status))


@for_each("status", [200, 204, 429, 500, 503, 601, 602, 604, 611])
def test_an_answer_that_is_retried_does_not_count_as_rejected(status: int) -> None:
    """A webhook that was down or overloaded until the last attempt has not judged anything."""
    assert not meets("rejected", last_trace(status))


def test_a_4xx_after_retries_counts_as_rejected() -> None:
    assert meets("rejected", last_trace(401, number=5, max_attempts=None))


@given(STATUSES, STATUSES)
def test_an_expected_status_code_must_be_the_answer(expected: int, status: int) -> None:
    assert meets(expected, last_trace(status)) == (expected == status)


@given(STATUSES)
def test_an_expected_status_code_may_deliver_or_drop(status: int) -> None:
    assert meets(status, last_trace(status))


@given(STATUSES)
def test_an_event_that_must_not_be_delivered_may_be_refused_or_put_off(status: int) -> None:
    is_answer, is_2xx = status < 600, 200 <= status < 300
    assert meets("not-delivered", last_trace(status)) is (is_answer and not is_2xx)


@given(STATUSES)
def test_an_event_that_must_not_be_retried_is_taken_or_dropped_at_once(status: int) -> None:
    decision = decide(Outcome(status, 0.01), 1, timedelta(), None)
    assert meets("not-retried", last_trace(status)) is not isinstance(decision, Wait)
