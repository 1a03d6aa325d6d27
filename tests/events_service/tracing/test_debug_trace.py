"""Traces as debug tracing shows them (io-events-protocol.md 7)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from flowsim.core.delivery import Attempt, Delivered, Delivery
from flowsim.core.event import Event, Notification
from flowsim.core.outcome import NETWORK, TIMEOUT, TLS, UNEXPECTED, Outcome
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload
from flowsim.core.trace import Trace
from flowsim.events_service.tracing.debug_trace import SHOWN_BYTES, of_attempt, of_probe

from ...cases import for_each

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
    assert shown["trace"]["ts"] == shown["trace"]["deliveryTime"] == NOW_MS
    assert shown.keys() == {"event", "id", "date", "clientId", "registrationId", "trace"}
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
    assert shown["trace"]["insightsInfo"] == [
        {"providerName": "a_provider", "eventCode": "a", "eventIds": ["event-0", "event-2"]},
        {"providerName": "a_provider", "eventCode": "b", "eventIds": ["event-1"]},
    ]


def test_bodies_are_cut_at_64_kb() -> None:
    outcome = Outcome(200, 0.0, b"y" * (SHOWN_BYTES + 1))
    shown = of_attempt(a_trace(outcome, b"x" * (SHOWN_BYTES + 1)), *OWNER)["trace"]
    assert shown["tracingRequest"]["requestBody"] == "x" * SHOWN_BYTES
    assert shown["tracingResponse"]["responseBody"] == "y" * SHOWN_BYTES


UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


@for_each(
    ("code", "word", "exception"),
    [
        (UNEXPECTED, "Unexpected", "IOException"),
        (NETWORK, "Network", "SocketException"),
        (TIMEOUT, "Timeout", "SocketTimeoutException"),
        (TLS, "SSLHandshake", "SSLHandshakeException"),
    ],
)
def test_without_an_answer_the_body_has_code_and_reason_as_documented(
    code: int, word: str, exception: str
) -> None:
    outcome = Outcome(code, 0.0, problem="connection refused")
    probe_id = "a registration-probe-1"
    headers = {"x-adobe-event-id": probe_id}
    probe = of_probe("GET", "http://w/?challenge=c", headers, b"", outcome, NOW, OWNER)
    for shown in (of_attempt(a_trace(outcome), *OWNER), probe):
        response = shown["trace"]["tracingResponse"]
        first, second = response["responseBody"].split("\n")
        assert response["responseCode"] == code
        assert re.fullmatch(rf"{code} : {word} ERROR\({UUID}\) :", first)
        assert second == f"| {exception}(connection refused)"
        assert response["responseHeaders"] == {}


def test_a_probe_masks_all_but_four_characters_of_its_challenge() -> None:
    ids = "11111111-2222-3333-4444-55555555ca1c", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeee1234"
    body = f'{{"validationUrl":"http://h/validate?id={ids[0]}&challenge={ids[1]}"}}'.encode()
    headers = {"x-adobe-event-id": "a registration-probe-1", "content-type": "application/json"}
    shown = of_probe("POST", "http://w/", headers, body, Outcome(200, 0.0), NOW, OWNER)
    text = shown["trace"]["tracingRequest"]["requestBody"]
    masked = "XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXX1234"
    assert text == f'{{"validationUrl":"http://h/validate?id={ids[0]}&challenge={masked}"}}'
    assert shown["trace"]["insightsInfo"] == [
        {
            "providerName": "adobe-io",
            "eventCode": "challenge",
            "eventIds": ["a registration-probe-1"],
        }
    ]
    assert shown["event"] == "challenge"


def test_nothing_but_a_validation_url_is_masked() -> None:
    """The challenge of the GET is shown, and so is a webhook's address that looks similar."""
    url = "http://w/?id=11111111&challenge=aaaaaaaa-bbbb-cccc-dddd-eeeeeeee1234"
    shown = of_probe("GET", url, {}, b"", Outcome(200, 0.0, b"ok"), NOW, OWNER)
    assert shown["trace"]["tracingRequest"]["requestUrl"] == url
