"""The built-in receiver is a correct webhook: a replay with any fault ends as expected."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from flowsim.families.registry import FAULTS

from ..cases import for_each
from .replaying import to_receiver

ARGUMENTS = {"slow-body": "100ms", "slow-key-host": "50ms", "burst": 5}
"""Arguments that make a test short."""

REASONS = {
    "body-missing": "the body is not JSON",
    "broken-json": "the body is not JSON",
    "foreign-key": "no public key at",
    "foreign-recipient": "the recipient is '[0-9a-f]{32}', not '0123456789abcdef",
    "recipient-missing": "no recipient client id in the body",
    "signatures-case-flipped": "signature-1: does not fit the body",
    "signatures-invalid": "signature-1: does not fit the body",
    "signatures-reused": "signature-1: does not fit the body",
    "signatures-swapped": "signature-1: does not fit the body",
    "tampered-body": "signature-1: does not fit the body",
    "unsigned": "signature-1: missing",
    "wrong-content-length": "the body is not JSON",
    **{name: "is not a key path" for name in FAULTS if name.startswith("key-path-")},
}
"""Fault → why the receiver must refuse what comes; any reason does for others."""


def expected(*endings: str) -> list[str]:
    return [name for name in FAULTS if FAULTS[name].expect in endings]


def written(name: str) -> Any:
    return {name: ARGUMENTS[name]} if name in ARGUMENTS else name


@pytest.mark.slow
@for_each("name", expected("delivered", "not-retried"))
@for_each("scenario", ["cloudevents", "failure-copy"])
def test_a_fault_that_a_correct_consumer_tolerates_is_delivered_and_verified(
    name: str, scenario: str
) -> None:
    summary, traces = to_receiver([written(name)], FAULTS[name].expect, scenario)
    assert summary.ok
    assert summary.delivered == summary.verified >= summary.events > 0
    assert summary.dropped == summary.withheld == 0
    assert {trace.outcome.status_code for trace in traces} <= {200, 602}


@for_each("name", expected("rejected", "not-delivered"))
@for_each("scenario", ["cloudevents", "failure-copy"])
def test_a_fault_that_a_correct_consumer_refuses_is_rejected_for_its_reason(
    name: str, scenario: str
) -> None:
    summary, traces = to_receiver([written(name)], FAULTS[name].expect, scenario)
    assert summary.ok
    assert summary.dropped == summary.events == len(traces)
    assert summary.verified == summary.unverified == 0
    for trace in traces:
        assert re.search(REASONS.get(name, ""), json.loads(trace.outcome.body)["reason"])


@pytest.mark.parametrize(("name", "expect"), [("unsigned", "delivered"), ("duplicate", "rejected")])
def test_an_expectation_that_is_not_met_fails_the_replay(name: str, expect: str) -> None:
    summary, _ = to_receiver([name], expect)
    assert not summary.ok
    assert summary.unexpected == summary.deliveries


def test_a_dropped_event_is_not_delivered_but_counted() -> None:
    summary, traces = to_receiver(["drop"], "delivered")
    assert (summary.ok, summary.withheld, traces) == (True, 3, [])


def test_an_event_that_comes_several_times_is_one_event() -> None:
    summary, _ = to_receiver([{"duplicate": 3}], "delivered")
    assert (summary.events, summary.deliveries, summary.delivered) == (3, 9, 9)


def test_faults_of_several_points_act_on_one_event() -> None:
    named = ["json-escapes", "json-white-space", "one-signature-invalid", "key-crlf", "duplicate"]
    summary, _ = to_receiver([*named, "header-case", "chunked-body", "codes-of-2023"], "delivered")
    assert (summary.ok, summary.deliveries) == (True, 6)
