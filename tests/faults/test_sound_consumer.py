"""The built-in receiver is a sound consumer: a replay comes out right with any fault."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from flowsim import faults
from flowsim.bootstrap import open_story
from flowsim.core.amendment import Change
from flowsim.core.summary import Summary
from flowsim.core.trace import Trace
from flowsim.replay.run import ReplayOptions, run
from flowsim.reports.base import Opening

NAMES = faults.names()
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
    "signatures-swapped": "signature-1: does not fit the body",
    "tampered-body": "signature-1: does not fit the body",
    "unsigned": "signature-1: missing",
    "wrong-content-length": "the body is not JSON",
    **{name: "is not a key path" for name in NAMES if name.startswith("key-path-")},
}
"""Fault → why the receiver must refuse what comes, and no other reason will do."""


class Traces:
    """A report that keeps everything."""

    def __init__(self) -> None:
        self.all: list[Trace] = []

    def opened(self, opening: Opening) -> None:
        pass

    def attempted(self, trace: Trace) -> None:
        self.all.append(trace)

    def closed(self, summary: Summary, elapsed: float) -> None:
        pass


def replay(
    named: Sequence[Any], expect: str, scenario: str = "cloudevents", **options: Any
) -> tuple[Summary, list[Trace]]:
    changes = [Change("faults", list(named), "a test"), Change("expect", expect, "a test")]
    traces = Traces()
    summary = run([open_story(scenario, changes)], ReplayOptions(**options), traces)
    return summary, traces.all


def expected(ending: str) -> list[str]:
    return [name for name in NAMES if faults.find(name).expect == ending]


def written(name: str) -> Any:
    return {name: ARGUMENTS[name]} if name in ARGUMENTS else name


@pytest.mark.parametrize("name", expected("delivered"))
@pytest.mark.parametrize("scenario", ["cloudevents", "failure-copy"])
def test_what_a_sound_consumer_tolerates_is_delivered_and_verified(
    name: str, scenario: str
) -> None:
    summary, traces = replay([written(name)], "delivered", scenario)
    assert summary.ok
    assert summary.delivered == summary.verified >= summary.events > 0
    assert summary.dropped == summary.withheld == 0
    assert {trace.outcome.status_code for trace in traces} <= {200, 602}


@pytest.mark.parametrize("name", expected("rejected"))
@pytest.mark.parametrize("scenario", ["cloudevents", "failure-copy"])
def test_what_a_sound_consumer_refuses_is_rejected_for_that_reason(
    name: str, scenario: str
) -> None:
    summary, traces = replay([written(name)], "rejected", scenario)
    assert summary.ok
    assert summary.dropped == summary.events == len(traces)
    assert summary.verified == summary.unverified == 0
    for trace in traces:
        assert re.search(REASONS[name], json.loads(trace.outcome.body)["reason"])


@pytest.mark.parametrize(("name", "expect"), [("unsigned", "delivered"), ("duplicate", "rejected")])
def test_an_expectation_that_is_not_met_turns_the_replay_red(name: str, expect: str) -> None:
    summary, _ = replay([name], expect)
    assert not summary.ok
    assert summary.unexpected == summary.deliveries


def test_what_is_dropped_is_neither_delivered_nor_forgotten() -> None:
    summary, traces = replay(["drop"], "delivered")
    assert (summary.ok, summary.withheld, traces) == (True, 3, [])


def test_an_event_that_comes_several_times_is_one_event() -> None:
    summary, _ = replay([{"duplicate": 3}], "delivered")
    assert (summary.events, summary.deliveries, summary.delivered) == (3, 9, 9)


def test_a_wire_that_breaks_every_time_breaks_until_there_are_no_more_attempts() -> None:
    summary, traces = replay([{"truncated-body": 1000}], "delivered", max_attempts=4)
    assert (summary.ok, summary.attempts, summary.dropped) == (False, 12, 3)
    assert {trace.outcome.status_code for trace in traces} == {602}


def test_a_key_host_that_loses_both_keys_once_is_asked_again_and_a_lost_key_is_not_missed() -> None:
    for named in (["key-404-once"], [{"key-404-once": 2}], ["key-missing", {"key-garbage": 1}]):
        assert replay(named, "delivered")[0].ok
    both_gone = ["key-missing", {"key-garbage": 2}]
    assert replay(both_gone, "rejected")[0].ok


def test_faults_of_several_stations_are_met_at_once() -> None:
    named = ["json-escapes", "json-white-space", "one-signature-invalid", "key-crlf", "duplicate"]
    summary, _ = replay([*named, "header-case", "chunked-body", "codes-of-2023"], "delivered")
    assert (summary.ok, summary.deliveries) == (True, 6)
