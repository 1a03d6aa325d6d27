"""``flowsim redeliver``."""

from __future__ import annotations

import json

from ..webhook import Webhook, status
from .serving import Serving


def test_an_event_is_delivered_again_with_its_id(serving: Serving) -> None:
    with Webhook() as webhook:
        serving.register("one", webhook=webhook.url)
        serving.register("two", webhook=webhook.url)
        event_id = serving.says("trigger", "partial")[1].split(" ")[1]
        serving.says("advance", "1s")
        assert serving.says("redeliver", event_id) == [f"{event_id} → one, two"]
        serving.says("advance", "1s")
        (line,) = serving.says("redeliver", event_id[:8], "--registration", "two", "--json")
        serving.says("advance", "1s")
    assert json.loads(line)["event_id"] == event_id
    assert len(json.loads(line)["registrations"]) == 1
    assert [each.headers["x-adobe-event-id"] for each in webhook.requests] == [event_id] * 5
    assert len({each.headers["x-adobe-delivery-id"] for each in webhook.requests}) == 5


def test_traces_tell_a_redelivery_from_the_first_delivery(serving: Serving) -> None:
    with Webhook([status(200), status(503), status(200, "fine")]) as webhook:
        serving.register(webhook=webhook.url)
        event_id = serving.says("trigger", "partial")[1].split(" ")[1]
        serving.says("advance", "1s")
        serving.says("redeliver", event_id)
        serving.says("advance", "2m")
    rows = [line.split(maxsplit=7) for line in serving.says("traces")[1:]]
    assert [[row[4], row[5], *row[7:]] for row in rows] == [
        ["1", "[200]"],
        ["1", "[503]", "redelivered"],
        ["2", "[200]", "redelivered · 'fine'"],
    ]
    traces = [json.loads(line) for line in serving.says("traces", "--json")]
    assert [each.get("redelivered", False) for each in traces] == [False, True, True]


def test_an_event_is_delivered_again_with_faults(serving: Serving) -> None:
    with Webhook() as webhook:
        serving.register("one", webhook=webhook.url)
        event_id = serving.says("trigger", "partial")[1].split(" ")[1]
        faults = ["--fault", "tampered-body", "--fault", "content-type=text/plain"]
        faults += ["--fault", "pair-missing=2", "--fault", "old-signature-header="]
        serving.says("advance", "1s")
        assert serving.says("redeliver", event_id, *faults) == [f"{event_id} → one"]
        serving.says("advance", "1s")
    plain, disturbed = webhook.requests
    assert len(plain.body) == len(disturbed.body)
    assert plain.body != disturbed.body
    assert disturbed.headers["content-type"] == "text/plain"
    assert "x-adobe-digital-signature-2" not in disturbed.headers
    assert "x-adobe-signature" in disturbed.headers


def test_a_fault_that_cannot_act_is_an_error(serving: Serving) -> None:
    serving.register("one")
    event_id = serving.says("trigger", "partial")[1].split(" ")[1]
    takes = "a delivery takes faults at payload, body, signature, headers and wire"
    for fault, found in {
        "unsinged": f"unknown fault 'unsinged'; expected unsigned, or a name of `flowsim faults`; "
        f"{takes}",
        "drop": f"fault drop acts at delivery; {takes}",
        "pair-missing=3": "fault pair-missing with 3; expected 1 or 2",
        "unsigned=[": "--fault unsigned=[: ",
    }.items():
        assert found in serving.refuses("redeliver", event_id, "--fault", fault)


def test_an_unknown_event_is_an_error(serving: Serving) -> None:
    result = serving.refuses("redeliver", "no such event?")
    assert result == "error: no event 'no such event?'; events are kept for 7 days\n"
