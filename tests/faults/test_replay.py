"""Shipped scenarios of faults, and how commands show and save events with faults."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from flowsim.families.registry import FAULTS
from flowsim.scenario.files import shipped
from flowsim.story.opening import open_story

from ..webhook import Webhook
from .replaying import Flowsim, over_socket

SCENARIOS = ("faults-of-keys", "faults-rejected", "faults-tolerated")


def objects(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_shipped_scenario_of_faults_ends_as_it_expects(flowsim: Flowsim, name: str) -> None:
    result = flowsim("replay", name)
    assert result.exit_code == 0, result.stdout
    assert result.stdout.splitlines()[-1].startswith("ok: ")


def test_the_shipped_scenarios_name_most_faults_with_their_expectation() -> None:
    """Beside a forgery, a fault that is tolerated has the expectation of the forgery."""
    named: dict[str, set[str | int]] = {}
    for name in SCENARIOS:
        for event in open_story(str(shipped()[name])).scenario.events:
            for fault in event.faults:
                named.setdefault(fault.name, set()).add(event.expect)
    assert len(named) > 0.9 * len(FAULTS)
    for beside in ("pair-missing", "code-of-challenge"):
        assert named.pop(beside) == {"rejected"}
    for name, expectations in named.items():
        expected = FAULTS[name].expect
        assert (expected if expected != "withheld" else "delivered") in expectations, name


def test_a_fault_of_one_event_leaves_the_other_events_as_they_were(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    """Event ids are new, since the scenario is another one; the content follows from the seed."""
    over_socket(flowsim, webhook, scenario="cloudevents")
    plain = [json.loads(request.body)["data"] for request in webhook.requests]
    webhook.requests.clear()
    target = ("--target", str(webhook.port))
    flowsim("replay", "cloudevents", "--set", "events.2.faults=[unknown-status]", *target)
    found = [json.loads(request.body)["data"] for request in webhook.requests]
    assert found[:2] == plain[:2]
    assert found[2] != plain[2]


def test_an_attempt_names_its_faults(flowsim: Flowsim) -> None:
    settings = ("--set", "faults=[unsigned, header-case]", "--set", "expect=rejected")
    shown = flowsim("replay", "partial", *settings)
    assert " with unsigned, header-case try 1 [401] " in shown.stdout
    assert shown.stdout.splitlines()[2].endswith(" · not verified, as expected")
    attempt, summary = objects(flowsim("replay", "partial", *settings, "--json"))
    assert attempt["faults"] == ["unsigned", "header-case"]
    assert (summary["dropped"], summary["verified"], summary["ok"]) == (1, 0, True)


def test_withheld_events_are_counted_apart_from_delivered_ones(flowsim: Flowsim) -> None:
    result = flowsim("replay", "cloudevents", "--set", "events.1.faults=[drop]")
    assert result.exit_code == 0
    assert "2 delivered, 0 dropped, 1 withheld, 2 verified" in result.stdout
    assert result.stdout.endswith("ok: every event that was delivered met its expectation\n")
    last = objects(flowsim("replay", "partial", "--set", "faults=[drop]", "--json"))[-1]
    assert (last["events"], last["withheld"], last["ok"]) == (0, 1, True)


def test_saved_requests_are_the_sent_ones(
    flowsim: Flowsim, webhook: Webhook, tmp_path: Path
) -> None:
    setting = "faults=[tampered-body, header-case, {duplicate: 2}]"
    target = ("--target", str(webhook.port), "--save", str(tmp_path))
    flowsim("replay", "partial", "--set", setting, *target)
    first, second = sorted(tmp_path.glob("*.body"))
    assert first.read_bytes() == second.read_bytes() == webhook.requests[0].body
    request = webhook.requests[0]
    sent = request.head.encode() + b"\r\n\r\n" + request.body
    assert first.with_suffix(".http").read_bytes() == sent
    signature = base64.b64encode(first.with_suffix(".sig1").read_bytes()).decode()
    assert signature == request.headers["X-Adobe-Digital-Signature-1"]


@pytest.mark.parametrize("name", FAULTS)
def test_any_fault_can_be_shown(flowsim: Flowsim, name: str) -> None:
    for form in ("pretty", "curl"):
        result = flowsim("show", "partial", "--set", f"faults=[{name}]", "--as", form)
        assert result.exit_code == 0
        assert bool(result.stdout_bytes) is (name != "drop")


def test_copies_are_shown_one_after_the_other(flowsim: Flowsim) -> None:
    result = flowsim("show", "partial", "--set", "faults=[{retry-storm: 3}]", "--as", "json")
    headers = [each["headers"] for each in objects(result)]
    assert [each.get("x-adobe-retry-count") for each in headers] == [None, "1", "2"]
    assert len({each["x-adobe-event-id"] for each in headers}) == 1
