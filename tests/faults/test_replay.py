"""Faults as a webhook on a real socket meets them, and as reports tell of them."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from flowsim import faults
from flowsim.bootstrap import open_story
from flowsim.core.signature import verify
from flowsim.reading.scenario_files import shipped
from flowsim.signing.key_sources import own_key

from ..webhook import Request, Webhook, status

Flowsim = Callable[..., Result]
SCENARIOS = ("faults-of-keys", "faults-rejected", "faults-tolerated")


def objects(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def replay(
    flowsim: Flowsim, webhook: Webhook, *named: str, scenario: str = "partial"
) -> tuple[Result, list[Request]]:
    setting = f"faults=[{', '.join(named)}]"
    target = ("--target", str(webhook.port))
    return flowsim("replay", scenario, "--set", setting, *target), webhook.requests


def names(request: Request) -> list[str]:
    return [line.split(":")[0] for line in request.header_lines]


# The shipped scenarios.


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_shipped_scenario_of_faults_comes_out_right(flowsim: Flowsim, name: str) -> None:
    result = flowsim("replay", name)
    assert result.exit_code == 0, result.stdout
    assert result.stdout.splitlines()[-1].startswith("ok: ")


def test_the_shipped_scenarios_name_every_fault_where_it_belongs() -> None:
    named: dict[str, set[str | int]] = {}
    for name in SCENARIOS:
        for event in open_story(str(shipped()[name])).scenario.events:
            for fault in event.faults:
                named.setdefault(fault.name, set()).add(event.expect)
    assert set(named) == set(faults.names())
    for name, expectations in named.items():
        expected = faults.find(name).expect
        assert (expected if expected != "withheld" else "delivered") in expectations, name


# On the socket.


def test_copies_have_the_same_bytes_and_signatures_and_are_deliveries_of_their_own(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    result, requests = replay(flowsim, webhook, "{duplicate: 3}", "{stale-replay: 6h}")
    assert result.exit_code == 0
    assert len(requests) == 4
    assert len({request.body for request in requests}) == 1
    for name, values in (("event-id", 1), ("digital-signature-1", 1), ("delivery-id", 4)):
        assert len({request.headers[f"x-adobe-{name}"] for request in requests}) == values
    assert "1 event, 4 deliveries, 4 attempts" in result.stdout


def test_a_copy_is_retried_like_any_delivery(flowsim: Flowsim, webhook: Webhook) -> None:
    webhook.answers = [status(503), status(200), status(503), status(200)]
    result, requests = replay(flowsim, webhook, "{stale-replay: 6h}")
    counts = [request.headers.get("x-adobe-retry-count") for request in requests]
    assert (result.exit_code, counts) == (0, [None, "1", None, "1"])
    assert len({request.headers["x-adobe-delivery-id"] for request in requests}) == 4


def test_simultaneous_duplicates_are_under_way_at_once(flowsim: Flowsim, webhook: Webhook) -> None:
    together = threading.Barrier(5, timeout=10)

    def answer(request: Request) -> Any:
        together.wait()
        return status(200)(request)

    webhook.answers = [answer]
    result, requests = replay(flowsim, webhook, "simultaneous-duplicates")
    assert (result.exit_code, len(requests)) == (0, 5)


def test_reordered_events_arrive_in_another_order(flowsim: Flowsim, webhook: Webhook) -> None:
    replay(flowsim, webhook, scenario="cloudevents")
    plain = [json.loads(request.body)["data"] for request in webhook.requests]
    webhook.requests.clear()
    target = ("--target", str(webhook.port))
    flowsim("replay", "cloudevents", "--set", "events.0.faults=[{reorder: 1}]", *target)
    found = [json.loads(request.body)["data"] for request in webhook.requests]
    assert [plain.index(each) for each in found] == [1, 0, 2]


def test_header_names_are_on_the_wire_as_a_fault_spells_them(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    _, (request,) = replay(flowsim, webhook, "header-case")
    assert "X-Adobe-Digital-Signature-1" in names(request)
    assert [name for name in names(request) if name.islower()] == ["host", "content-length"]


def test_other_bytes_of_json_are_on_the_wire_as_they_were_signed(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    named = "json-escapes", "json-numbers", "json-white-space", "json-key-order", "non-ascii-text"
    _, (request,) = replay(flowsim, webhook, *named)
    verify(request.body, request.headers, own_key)
    assert b"\\u" in request.body
    assert b"e3" in request.body
    assert json.loads(request.body)["event"]["flowName"].startswith("Übernahme")


def test_what_breaks_on_the_wire_comes_again_whole(flowsim: Flowsim, webhook: Webhook) -> None:
    """Half a request is none: the webhook of this test reads bodies to their end."""
    result, requests = replay(flowsim, webhook, "truncated-body")
    assert result.exit_code == 0
    first, second = requests
    assert len(first.body) < int(first.headers["content-length"])
    assert len(second.body) == int(second.headers["content-length"])
    assert second.headers["x-adobe-retry-count"] == "1"


def test_work_that_was_done_comes_again_if_nobody_heard_of_it(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    result, requests = replay(flowsim, webhook, "hang-up")
    assert result.exit_code == 0
    assert len({request.body for request in requests}) == 1
    assert [request.headers.get("x-adobe-retry-count") for request in requests] == [None, "1"]


def test_the_first_events_of_a_story_stay_as_they_were_beside_one_that_suffers(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    """What happened follows from the seed; event ids are new, for the story is another."""
    replay(flowsim, webhook, scenario="cloudevents")
    plain = [json.loads(request.body)["data"] for request in webhook.requests]
    webhook.requests.clear()
    target = ("--target", str(webhook.port))
    flowsim("replay", "cloudevents", "--set", "events.2.faults=[unknown-status]", *target)
    found = [json.loads(request.body)["data"] for request in webhook.requests]
    assert found[:2] == plain[:2]
    assert found[2] != plain[2]


# What is told of it.


def test_an_attempt_names_what_it_suffers(flowsim: Flowsim) -> None:
    settings = ("--set", "faults=[unsigned, header-case]", "--set", "expect=rejected")
    shown = flowsim("replay", "partial", *settings)
    assert " with unsigned, header-case try 1 [401] " in shown.stdout
    assert shown.stdout.splitlines()[2].endswith(" · not verified, as expected")
    attempt, summary = objects(flowsim("replay", "partial", *settings, "--json"))
    assert attempt["faults"] == ["unsigned", "header-case"]
    assert (summary["dropped"], summary["verified"], summary["ok"]) == (1, 0, True)


def test_what_is_withheld_is_neither_called_delivered_nor_met(flowsim: Flowsim) -> None:
    result = flowsim("replay", "cloudevents", "--set", "events.1.faults=[drop]")
    assert result.exit_code == 0
    assert "2 delivered, 0 dropped, 1 withheld, 2 verified" in result.stdout
    assert result.stdout.endswith("ok: every event that was delivered met its expectation\n")
    last = objects(flowsim("replay", "partial", "--set", "faults=[drop]", "--json"))[-1]
    assert (last["events"], last["withheld"], last["ok"]) == (0, 1, True)


def test_what_is_saved_is_what_was_sent(flowsim: Flowsim, webhook: Webhook, tmp_path: Path) -> None:
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


def test_a_chunked_request_is_saved_as_it_was_written(flowsim: Flowsim, tmp_path: Path) -> None:
    flowsim("replay", "partial", "--set", "faults=[chunked-body]", "--save", str(tmp_path))
    (saved,) = tmp_path.glob("*.http")
    assert b"\r\ntransfer-encoding: chunked\r\n" in saved.read_bytes()
    assert saved.read_bytes().endswith(b"\r\n0\r\n\r\n")


@pytest.mark.parametrize("name", faults.names())
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
