"""What the answer to a batch with one odd event says about a webhook."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from flowsim.checks import catalogue
from flowsim.checks.check import Check
from flowsim.checks.observation import Exchange, Observation
from flowsim.core.outcome import Outcome

from .test_catalogue import STORIES

REFUSED, OTHERS = catalogue.find("batch-bad-event"), catalogue.find("batch-bad-event-others")
STRANGER = catalogue.find("batch-with-stranger-inside")


def seen(check: Check, status: int, counts: Mapping[int, int]) -> Observation:
    """Return a batch and its answer; ``counts``: place, from 1, and how often it was processed."""
    (payload,) = STORIES.story(check).payloads()
    exchange = Exchange("POST", "/", {}, payload.body, Outcome(status, 0.1), 0.0, payload.events)
    processed = {each.id: counts.get(n, 0) for n, each in enumerate(payload.events, 1)}
    return Observation("/", (exchange,), processed)


ALL_BUT_THE_BAD = {1: 1, 2: 1, 4: 1, 5: 1}


@pytest.mark.parametrize("status", [200, 202, 500, 503])
@pytest.mark.parametrize("bad", [0, 1, 2])
def test_the_good_events_of_a_batch_are_processed_whatever_was_answered(
    status: int, bad: int
) -> None:
    assert OTHERS.judge(seen(OTHERS, status, {**ALL_BUT_THE_BAD, 3: bad})).state == "passed"


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("times", [0, 2])
def test_a_good_event_that_is_lost_or_done_twice_fails(status: int, times: int) -> None:
    verdict = OTHERS.judge(seen(OTHERS, status, {**ALL_BUT_THE_BAD, 5: times}))
    assert verdict.state == "failed"
    assert verdict.received.endswith("(1 of 4)")


def test_only_an_answer_that_ends_the_retries_refuses_for_good() -> None:
    states = {status: REFUSED.judge(seen(REFUSED, status, {})).state for status in STATUSES}
    assert states == {**dict.fromkeys(STATUSES, "failed"), **dict.fromkeys(KEPT, "passed")}


KEPT = (200, 204, 429, 500, 503, 604)
STATUSES = (*KEPT, 301, 400, 401, 413, 422, 505)


def test_only_the_stranger_of_a_batch_must_not_be_processed() -> None:
    for status in (200, 401):
        assert STRANGER.judge(seen(STRANGER, status, {1: 1, 2: 1, 4: 1, 5: 1})).state == "passed"
        assert STRANGER.judge(seen(STRANGER, status, {3: 1})).state == "failed"
