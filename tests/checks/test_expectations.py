"""What a scenario expects of an event with a fault is what the checks accept: one table of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from flowsim.checks import catalogue
from flowsim.checks.check import Check
from flowsim.checks.check_requests import CheckStories
from flowsim.checks.observation import Exchange, Observation
from flowsim.checks.subject import subject_of
from flowsim.core.outcome import Outcome
from flowsim.core.payload import Payload
from flowsim.core.trace import fits, is_refused
from flowsim.families.registry import FAULTS, shipped

STATUSES = (200, 400, 401, 403, 429, 500, 503)

ACCEPTED = {
    "delivered": {200},
    "rejected": {400, 401, 403},
    "not-delivered": {400, 401, 403, 429, 500, 503},
    "not-retried": {200, 400, 401, 403},
}
"""What an event expects → the answers that meet it."""

PUT_OFF = {fault: {429, 500, 503} for fault in ("key-host-down", "simultaneous-duplicates")}
"""Fault → answers after which the event comes again, which is right while the fault lasts.

A check that tries the event later judges the answer after the fault, where they are wrong.
"""

REFUSED = {
    "rejected": "tampered-body signatures-invalid signatures-swapped signatures-case-flipped "
    "signatures-reused "
    "unsigned foreign-recipient recipient-missing broken-json body-missing wrong-content-length "
    "stranger-in-batch",
    "not-delivered": "foreign-key key-path-suffix key-path-at key-path-double-slash "
    "key-path-absolute key-path-dots",
    "not-retried": "empty-batch",
    "withheld": "drop",
}
"""What a fault makes its event expect, unless that is a 2xx → the faults."""


def named(said: Mapping[str, Any]) -> list[str]:
    faults = said.get("faults", ())
    return [each if isinstance(each, str) else next(iter(each)) for each in faults]


CHECKS = [catalogue.find(name) for name in catalogue.names()]
USES = {
    fault: [check for check in CHECKS if any(fault in named(event) for event in check.events)]
    for fault in FAULTS
    if fault not in ("pair-missing", "code-of-challenge")  # checks have them beside a forgery only
}


@cache
def payloads(name: str) -> list[Payload]:
    at = "127.0.0.1:9"
    stories = CheckStories("0" * 32, None, 7, "token", at, at, subject_of(None, shipped()))
    return [*stories.story(catalogue.find(name)).payloads()]


def exchanges(check: Check, fault: str, status: int) -> Iterator[Exchange]:
    """Yield what a check sees of a webhook: events with the fault get a status.

    All others get the right answer. If another fault makes an event to be refused, it is one of
    them.
    """
    is_bad = is_refused(FAULTS[fault].expect)
    for number, payload in enumerate(payloads(check.name)):
        expects_refusal = is_refused(payload.events[0].expect)
        has_fault = any(each.name == fault for each in payload.events[0].faults)
        is_hit = has_fault and expects_refusal is is_bad
        answer = Outcome(status if is_hit else 401 if expects_refusal else 200, 0.1, b"it says so")
        url, delivery = "http://127.0.0.1:3000/", (number, 0)
        yield Exchange("POST", url, {}, b"", answer, number, payload.events, delivery)


def state(check: Check, fault: str, status: int) -> str:
    """Return the verdict of a check on a webhook that processes what it accepts, once each."""
    seen = tuple(exchanges(check, fault, status))
    accepted = {event.id for each in seen if each.is_accepted for event in each.events}
    counts = {event.id: int(event.id in accepted) for each in seen for event in each.events}
    return check.judge(Observation("http://127.0.0.1:3000/", seen, counts)).state


@pytest.mark.parametrize("expect", ACCEPTED)
def test_each_expectation_is_met_by_its_answers(expect: str) -> None:
    assert {status for status in STATUSES if fits(expect, status)} == ACCEPTED[expect]


def test_each_fault_expects_what_the_table_says() -> None:
    found: dict[str, set[str]] = {}
    for name, kind in FAULTS.items():
        found.setdefault(kind.expect, set()).add(name)
    found.pop("delivered")
    assert found == {expect: {*names.split()} for expect, names in REFUSED.items()}


@pytest.mark.parametrize("fault", [fault for fault, checks in USES.items() if checks])
def test_checks_accept_the_answers_that_the_fault_expects_and_no_others(fault: str) -> None:
    """An answer that meets the expectation fails no check.

    Another one fails a check, or none can be judged: whether an event is processed once is not
    known if it is refused.
    """
    for status in STATUSES:
        is_put_off = status in PUT_OFF.get(fault, set())
        checks = [each for each in USES[fault] if not (is_put_off and each.is_tried_later)]
        states = {check.name: state(check, fault, status) for check in checks}
        found = {*states.values()}
        if status in ACCEPTED[FAULTS[fault].expect] or is_put_off:
            assert "failed" not in found, (status, states)
        else:
            assert "failed" in found or found == {"not judged"}, (status, states)
