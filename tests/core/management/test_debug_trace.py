"""Traces as debug tracing shows them (io-events-protocol.md 7)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flowsim.core.delivery import Attempt, Delivered, Delivery
from flowsim.core.event import Event
from flowsim.core.management.debug_trace import SHOWN_BYTES, of_attempt, of_probe
from flowsim.core.notification import Notification
from flowsim.core.outcome import NETWORK, TIMEOUT, TLS, UNEXPECTED, Outcome
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload
from flowsim.core.trace import Trace

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
NOW_MS = 1768469400000
OWNER = ("a client", "a registration")


def a_trace(outcome: Outcome, body: bytes = b"[]", codes: tuple[str, ...] = ("code",)) -> Trace:
    events = tuple(
        Event(f"event-{n}", NOW, "delivered", Notification(code, "event", {}))
        for n, code in enumerate(codes)
    )
    signed = SignedPayload(Payload(body, "application/json", events), ("one", "two"), ("/1", "/2"))
    delivery = Delivery(1, signed, NOW, "http://w/hook", "a_provider")
    return Trace(Attempt(delivery, 2, "delivery id"), NOW, outcome, Delivered())


def test_a_trace_holds_the_request_and_the_answer() -> None:
    headers = ((b"Content-Type", b"text/plain"), (b"X", b"1"), (b"x", b"2"))
    shown = of_attempt(a_trace(Outcome(200, 0.0123, b"ok", headers=headers)), *OWNER)
    request, response = shown["trace"]["tracingRequest"], shown["trace"]["tracingResponse"]
    assert (shown["event"], shown["id"], shown["date"]) == (
        *("code", "delivery id"),
        "2026-01-15T09:30:00.000Z",
    )
    assert (shown["clientId"], shown["registrationId"]) == OWNER
    assert shown["ts"] == shown["deliveryTime"] == NOW_MS
    assert (request["requestUrl"], request["requestMethod"]) == ("http://w/hook", "POST")
    assert request["requestHeaders"]["x-adobe-retry-count"] == ["1"]
    assert request["requestBody"] == "[]"
    assert response == {
        "responseBody": "ok",
        "responseCode": 200,
        "responseTime": 12,
        "responseHeaders": {"content-type": ["text/plain"], "x": ["1", "2"]},
    }


def test_the_events_of_a_batch_are_listed_by_code() -> None:
    shown = of_attempt(a_trace(Outcome(200, 0.0), codes=("a", "b", "a")), *OWNER)
    assert shown["insightsInfo"] == [
        {"providerName": "a_provider", "eventCode": "a", "eventIds": ["event-0", "event-2"]},
        {"providerName": "a_provider", "eventCode": "b", "eventIds": ["event-1"]},
    ]


def test_bodies_are_cut_at_64_kb() -> None:
    outcome = Outcome(200, 0.0, b"y" * (SHOWN_BYTES + 1))
    shown = of_attempt(a_trace(outcome, b"x" * (SHOWN_BYTES + 1)), *OWNER)["trace"]
    assert shown["tracingRequest"]["requestBody"] == "x" * SHOWN_BYTES
    assert shown["tracingResponse"]["responseBody"] == "y" * SHOWN_BYTES


@pytest.mark.parametrize("code", [UNEXPECTED, NETWORK, TIMEOUT, TLS])
def test_where_nobody_answered_the_body_says_code_and_reason(code: int) -> None:
    shown = of_attempt(a_trace(Outcome(code, 0.0, problem="connection refused")), *OWNER)
    response = shown["trace"]["tracingResponse"]
    assert response["responseCode"] == code
    assert response["responseBody"].startswith(f"{code} : ")
    assert "connection refused" in response["responseBody"]
    assert response["responseHeaders"] == {}


def test_a_probe_masks_the_ids_of_its_validation_url_but_for_four_characters() -> None:
    ids = "11111111-2222-3333-4444-55555555ca1c", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeee1234"
    body = f'{{"validationUrl":"http://h/validate?id={ids[0]}&challenge={ids[1]}"}}'.encode()
    headers = {"x-adobe-event-id": "a registration-probe-1", "content-type": "application/json"}
    shown = of_probe("POST", "http://w/", headers, body, Outcome(200, 0.0), NOW, OWNER)
    text = shown["trace"]["tracingRequest"]["requestBody"]
    assert "id=XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXca1c" in text
    assert "challenge=XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXX1234" in text
    assert shown["insightsInfo"] == [
        {
            "providerName": "adobe-io",
            "eventCode": "challenge",
            "eventIds": ["a registration-probe-1"],
        }
    ]
    assert shown["event"] == "challenge"
