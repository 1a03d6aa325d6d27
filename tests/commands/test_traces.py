"""``flowsim traces``."""

from __future__ import annotations

import json

from ..webhook import Webhook, status
from .serving import Serving


def test_each_attempt_is_a_row_the_oldest_first(serving: Serving) -> None:
    with Webhook([status(503, "busy"), status(200)]) as webhook:
        serving.register(webhook=webhook.url)
        event_id = serving.says("trigger", "partial")[1].split(" ")[1]
        begin = f"{serving.local.clock.now():%Y-%m-%d %H:%M}"
        serving.says("advance", "1m")
    head, *rows = (line.split() for line in serving.says("traces"))
    assert head == ["sent", "event", "id", "try", "answer", "ms", "said"]
    assert " ".join(rows[0][:2])[:16] == begin
    assert [[*row[2:6], *row[7:]] for row in rows] == [
        ["sources_flow_run_success", event_id[:8], "1", "[503]", "'busy'"],
        ["sources_flow_run_success", event_id[:8], "2", "[200]"],
    ]


def test_options_select_errors_and_json(serving: Serving) -> None:
    with Webhook([status(503), status(200)]) as webhook:
        serving.register(webhook=webhook.url)
        serving.says("trigger", "partial")
        serving.says("advance", "1m")
    traces = [json.loads(line) for line in serving.says("traces", "--json")]
    assert [each["trace"]["tracingResponse"]["responseCode"] for each in traces] == [503, 200]
    (line,) = serving.says("traces", "--errors", "--json")
    assert json.loads(line) == traces[0]


def test_an_attempt_without_an_answer_shows_what_happened(serving: Serving) -> None:
    serving.register(webhook="http://127.0.0.1:9/hook")
    serving.says("trigger", "partial")
    serving.says("advance", "1s")
    _, row = serving.says("traces")
    assert "[602 network]" in row
    assert row.endswith("connection refused")


def test_no_attempts_are_reported_so(serving: Serving) -> None:
    serving.register(webhook=None)
    assert serving.says("traces") == ["no attempts"]
    assert serving.says("traces", "--errors") == ["no errors"]
    assert serving.says("traces", "--json") == []


def test_a_refusal_names_the_client_id_that_the_webhook_may_not_have(serving: Serving) -> None:
    with Webhook([status(401), status(200), status(401)]) as webhook:
        serving.register(webhook=webhook.url)
        serving.says("trigger", "partial")
        serving.says("advance", "1s")
        own, address = serving.service.installation.client_id, serving.local.url
        hint = serving.says("traces")[-1]
        assert hint.startswith(
            f"hint: the webhook answers 401; these events are for client id {own}"
        )
        assert hint.endswith(f"start the webhook with CLIENT_ID={own} KEY_HOST={address}")
        for _ in range(2):  # one that is accepted, and one that is refused for another reason
            serving.says("trigger", "partial")
            serving.says("advance", "1s")
    assert "hint" not in "".join(serving.says("traces"))


def test_no_hint_names_the_client_id_that_replays_use_too(serving: Serving) -> None:
    with Webhook([status(401)]) as webhook:
        serving.register(webhook=webhook.url, client_id="0123456789abcdef0123456789abcdef")
        serving.says("trigger", "partial")
        serving.says("advance", "1s")
    assert "[401]" in serving.says("traces")[-1]
