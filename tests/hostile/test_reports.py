"""Reports of replays and of check runs, handed hostile text in every value."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from junitparser import JUnitXml

from flowsim.checks.check import failed, not_judged, passed
from flowsim.checks.findings import Findings, Plan
from flowsim.core.delivery import Attempt, Delivered, Delivery, Drop, Wait
from flowsim.core.event import Event, Notification
from flowsim.core.outcome import NETWORK, Outcome
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload
from flowsim.core.trace import Trace
from flowsim.delivery.summary import Summary
from flowsim.reports.format_table import ReplayOutput, formats_of
from flowsim.reports.formats.json import JsonLines
from flowsim.reports.replay_lines import ReplayLines
from flowsim.reports.replay_report import Opening

from ..reports.findings import exchange, result
from .text import HOSTILE, SHOWN, assert_harmless, everything

SENT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
OPENING = Opening(HOSTILE, HOSTILE, 7, "--seed 7", 1, HOSTILE, receiver=False, skips_waits=True)


def traces() -> Iterator[Trace]:
    """Yield attempts that end in each way."""
    event = Event(HOSTILE, SENT, "delivered", Notification(HOSTILE, "event", None))
    signed = SignedPayload(Payload(b"{}", HOSTILE, (event,)), ("", ""), ("", ""))
    attempt = Attempt(Delivery(1, signed, SENT, HOSTILE, HOSTILE), 1, HOSTILE)
    for decision in (Delivered(), Drop(HOSTILE), Wait(1.0)):
        for status in (200, 404, NETWORK):
            outcome = Outcome(status, 0.1, HOSTILE.encode(), HOSTILE)
            yield Trace(attempt, SENT, outcome, decision)


def test_a_replay_is_shown_without_harm() -> None:
    lines: list[str] = []
    report = ReplayLines(lines.append)
    report.opened(OPENING)
    for each in traces():
        report.attempted(each)
    report.closed(Summary(judged=True), 1.0)
    assert_harmless("\n".join(lines))
    assert sum(any(each in line for each in SHOWN) for line in lines) == 11


def test_a_replay_as_json_is_harmless_and_exact() -> None:
    lines: list[str] = []
    notes: list[str] = []
    report = JsonLines(ReplayOutput(lines.append, notes.append))
    report.opened(OPENING)
    for each in traces():
        report.attempted(each)
    assert_harmless("\n".join([*lines, *notes]))
    assert all(HOSTILE in everything(json.loads(line)) for line in lines)


@pytest.fixture
def findings() -> Findings:
    said = replace(
        exchange(302),
        url=HOSTILE,
        headers={"a": HOSTILE},
        body=HOSTILE.encode(),
        outcome=Outcome(302, 0.1, HOSTILE.encode(), headers=((b"location", HOSTILE.encode()),)),
    )
    lost = replace(said, outcome=Outcome(NETWORK, 0.1, problem=HOSTILE), headers={})
    results = (
        result(passed(HOSTILE), "must", said),
        result(not_judged(HOSTILE)),
        *(
            result(failed(HOSTILE, HOSTILE, each), level, each, name=f"check-{number}-{level}")
            for number, each in enumerate((said, lost))
            for level in ("must", "should", "note")
        ),
    )
    return Findings(HOSTILE, HOSTILE, 7, True, results, 1.0, False, HOSTILE)


CHECKS = {each.name: each.check for each in formats_of("check") if each.check}


def findings_as(name: str, findings: Findings) -> list[str]:
    return [*CHECKS[name].findings(findings)]


@pytest.mark.parametrize("name", CHECKS)
def test_every_format_shows_a_check_run_without_harm(name: str, findings: Findings) -> None:
    lines = [html.unescape(line) for line in findings_as(name, findings)]
    assert_harmless("\n".join(lines))
    assert any(each in line for each in SHOWN for line in lines)


def test_the_plan_of_a_check_run_is_shown_without_harm() -> None:
    plan = Plan(HOSTILE, [], 7, HOSTILE, None, None)
    assert_harmless("\n".join(CHECKS["pretty"].plan(plan)))


def test_a_check_run_in_lines_shows_every_hostile_value(findings: Findings) -> None:
    verbose = CHECKS["pretty"].verbose
    assert verbose is not None
    lines = [*verbose(findings)]
    assert_harmless("\n".join(lines))
    assert sum(any(each in line for each in SHOWN) for line in lines) > 20


def test_a_check_run_as_json_is_exact(findings: Findings) -> None:
    lines = findings_as("json", findings)
    assert all(HOSTILE in everything(json.loads(line)) for line in lines)


def test_a_page_and_junit_show_every_hostile_value(findings: Findings) -> None:
    (page,), (suites,) = findings_as("html", findings), findings_as("junit", findings)
    assert all(each in text for each in SHOWN for text in (page, suites))
    assert next(iter(JUnitXml.fromstring(suites.encode()))).failures == 4
