"""When an event that is accepted only at its retry counts against a webhook."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flowsim.checks.attempt_judges import answered_in_time, each_accepted_at_first
from flowsim.checks.event_judges import as_expected
from flowsim.checks.observation import Exchange, Observation
from flowsim.core.outcome import NETWORK, TIMEOUT, Outcome

from ..faults.way import events_of, way_of


def seen(*statuses: int, fault: Any = None, beside: int = 0) -> Observation:
    """Return the attempts at one event, and ``beside`` accepted events at the same time."""
    way = way_of(events_of(), *([fault] if fault else ()))
    event = way.payloads[0].events[0]

    def one(status: int, number: int, attempt: int) -> Exchange:
        began = 0.0 if number else float(attempt)
        outcome = Outcome(status, 5.0 if number else 0.5)
        return Exchange(
            *("POST", "/", {}, b"", outcome, began, (event,), (number, 0), attempt),
        )

    attempts = [one(status, 0, attempt) for attempt, status in enumerate(statuses, 1)]
    return Observation("/", (*attempts, *(one(200, other + 1, 1) for other in range(beside))))


@pytest.mark.parametrize("status", [500, 502, 503, TIMEOUT, NETWORK])
def test_an_event_that_is_accepted_only_at_its_retry_fails(status: int) -> None:
    for judge in (as_expected, each_accepted_at_first):
        verdict = judge(seen(status, 200))
        assert verdict.state == "failed"
        assert verdict.expected == "a 2xx at the first attempt"
        assert verdict.received.endswith("at first, and a 2xx at attempt 2")
        assert verdict.exchange is not None
        assert verdict.exchange.attempt == 1


@pytest.mark.parametrize("fault", ["truncated-body", "hang-up", "key-404-once", "slow-key-host"])
def test_a_fault_of_the_connection_or_the_key_host_excuses_it(fault: str) -> None:
    assert as_expected(seen(503, 200, fault=fault)).state == "passed"


def test_a_fault_that_leaves_request_and_keys_alone_excuses_nothing() -> None:
    assert as_expected(seen(503, 200, fault="json-escapes")).state == "failed"


@pytest.mark.parametrize("status", [503, TIMEOUT, NETWORK])
def test_other_requests_at_the_same_time_excuse_a_busy_webhook(status: int) -> None:
    assert as_expected(seen(status, 200, beside=5)).state == "passed"


def test_a_crash_beside_other_requests_is_no_sign_of_too_much_work() -> None:
    assert as_expected(seen(500, 200, beside=5)).state == "failed"


def test_a_limit_of_requests_is_about_our_speed_and_gives_no_verdict() -> None:
    assert as_expected(seen(429, 200)).state == "passed"
    assert each_accepted_at_first(seen(429, 200)).state == "not judged"


def test_what_is_refused_for_good_is_the_matter_of_other_checks() -> None:
    assert each_accepted_at_first(seen(400, beside=1)).state == "passed"
    assert each_accepted_at_first(seen(400)).state == "not judged"
    assert each_accepted_at_first(seen(200)).state == "passed"


def test_an_event_to_refuse_says_nothing_about_first_attempts() -> None:
    accepted = seen(500, 200)
    refusals = tuple(
        replace(each, events=tuple(replace(event, expect="rejected") for event in each.events))
        for each in accepted.exchanges
    )
    assert each_accepted_at_first(replace(accepted, exchanges=refusals)).state == "not judged"


@pytest.mark.parametrize("statuses", [(200,), (503, 200), (503, 503, 503), (500, TIMEOUT)])
def test_any_answer_to_the_first_attempt_is_in_time(statuses: tuple[int, ...]) -> None:
    assert answered_in_time(seen(*statuses, fault="slow-key-host")).state == "passed"


def test_a_first_attempt_without_an_answer_is_not_in_time() -> None:
    """Even if the key is there at the retry."""
    verdict = answered_in_time(seen(TIMEOUT, 200, fault="slow-key-host"))
    assert (verdict.state, verdict.expected) == ("failed", "an answer within 10 s")
