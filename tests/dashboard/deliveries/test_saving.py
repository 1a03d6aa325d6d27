"""A delivery saved as a scenario: replayed, it sends the same content."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.captures.carried_event import carried_in
from flowsim.core import headers as sent_headers
from flowsim.core.delivery import Delivery, attempt
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload
from flowsim.dashboard.deliveries.saving import SavedScenario, request_file, saved_scenario
from flowsim.errors import SettingError
from flowsim.families import registry
from flowsim.runtime.chance import Chance
from flowsim.story.opening import open_story

from ...cases import for_each
from ...strategies import FINITE_JSON
from ...webhook import Webhook

FAMILIES = registry.shipped()
AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


def headers_of(payload: Payload) -> list[tuple[str, str]]:
    signed = SignedPayload(payload, ("a", "b"), ("/a", "/b"))
    provider = payload.events[0].notification.provider
    delivery = Delivery(1, signed, AT, "http://a", provider)
    return [*sent_headers.of_attempt(attempt(delivery, 1, Chance.of(1, ""))).items()]


def payloads(scenario: str, form: str) -> list[Payload]:
    story = open_story(scenario)
    registration = story.scenario.registration.model_copy(update={"event_delivery_format": form})
    changed = story.scenario.model_copy(update={"registration": registration})
    fields = {name: getattr(story, name) for name in story.__dataclass_fields__}
    return [*type(story)(**{**fields, "scenario": changed}).payloads()]


def saved_of(payload: Payload) -> SavedScenario:
    return saved_scenario(headers_of(payload), payload.body, payload.events[0].time, FAMILIES)


def contents(body: bytes) -> list[Any]:
    content = json.loads(body)
    elements = content if isinstance(content, list) else [content]
    found = [carried_in(each) for each in elements]
    return [(each.content, each.element.get("eventid")) for each in found if each is not None]


@for_each("form", ["adobe_io", "cloud_events"])
@for_each("name", ["success", "partial", "failure-copy", "batch", "audit-trail", "platform-day"])
def test_a_saved_delivery_tells_the_same_content_and_ids(
    tmp_path: Path, name: str, form: str
) -> None:
    payload = payloads(name, form)[0]
    found = saved_of(payload)
    file = tmp_path / found.name
    file.write_text(found.text)
    (again,) = open_story(str(file)).payloads()
    assert contents(again.body) == contents(payload.body)
    if form == "adobe_io" and name != "failure-copy":
        assert (again.body, found.notes) == (payload.body, ())
    assert again.content_type == payload.content_type
    assert again.events[0].code == payload.events[0].code


def test_flowsim_replay_sends_it_to_a_webhook(
    tmp_path: Path, flowsim: Callable[..., Result]
) -> None:
    payload = payloads("failure-copy", "adobe_io")[0]
    found = saved_of(payload)
    (tmp_path / found.name).write_text(found.text)
    with Webhook() as webhook:
        flowsim("replay", str(tmp_path / found.name), "--target", webhook.url)
        assert contents(webhook.requests[-1].body) == contents(payload.body)
        assert "x-adobe-digital-signature-1" in webhook.requests[-1].headers


def test_the_request_file_is_sent_again_byte_for_byte(
    tmp_path: Path, flowsim: Callable[..., Result]
) -> None:
    headers = [("x-adobe-event-code", "a"), ("x-twice", "1"), ("x-twice", "2"), ("host", "old")]
    body = b"\xff no JSON \x00"
    with Webhook() as webhook:
        file = tmp_path / "request.http"
        file.write_bytes(request_file(headers, body, webhook.url))
        flowsim("replay", str(file), "--target", webhook.url)
        assert webhook.requests[-1].body == body
        lines = webhook.requests[-1].header_lines
    assert [each for each in lines if each.startswith("x-")] == [
        "x-adobe-event-code: a",
        "x-twice: 1",
        "x-twice: 2",
    ]


def test_the_request_file_has_no_headers_with_secrets() -> None:
    headers = [("Authorization", "Bearer secret"), ("cookie", "id=secret"), ("x-more", "1")]
    file = request_file(headers, b"{}", "http://127.0.0.1/hook")
    assert b"secret" not in file
    assert b"x-more: 1" in file


def test_the_name_of_the_file_is_safe_and_says_the_event() -> None:
    assert saved_of(payloads("partial", "adobe_io")[0]).name == (
        "sources_flow_run_success-cab613c6.yaml"
    )
    evil = [("x-adobe-event-code", "../../etc/passwd"), ("x-adobe-event-id", "-x")]
    found = saved_scenario(evil, b'{"event":{}}', AT, FAMILIES)
    assert "/" not in found.name
    assert not found.name.startswith((".", "-"))


def test_members_that_a_scenario_does_not_keep_are_named() -> None:
    payload = payloads("partial", "cloud_events")[0]
    content = {**json.loads(payload.body), "phidata": True, "id": "other", "empty": None}
    found = saved_scenario(headers_of(payload), json.dumps(content).encode(), AT, FAMILIES)
    assert found.notes == ("not kept as it was, but made by flowsim: empty, the order of members",)
    note = "\n# Not kept as it was, but made by flowsim: empty, the order of members.\n"
    assert note in found.text


@for_each("code", ["com.adobe.platform.events.file_created", "com.adobe.adminconsole.auditlogs.v1"])
def test_attributes_of_an_envelope_of_its_own_are_kept_but_for_their_order(
    code: str, tmp_path: Path
) -> None:
    payload = payloads(code, "cloud_events")[0]
    found = saved_scenario(headers_of(payload), payload.body, AT, FAMILIES)
    file = tmp_path / found.name
    file.write_text(found.text)
    (again,) = open_story(str(file)).payloads()
    assert found.notes == ("not kept as it was, but made by flowsim: the order of members",)
    assert json.loads(again.body) == json.loads(payload.body)


@for_each(
    ("body", "reason"),
    [
        (b"[", "the body is not JSON in UTF-8"),
        (b"5", "the body holds no event"),
        (b'{"validationUrl":"https://a"}', "the body holds no event"),
        (b'{"event":"' + b"x" * 300_000 + b'"}', "expected at most 262,144"),
        (b'{"messages":[]}', "the event stands in messages"),
        (
            b'[{"messages":[{"_eventNotificationMeta":{"type":"sources_flow_run_failed"}}]}]',
            "a scenario cannot say exactly this content",
        ),
    ],
)
def test_what_no_scenario_can_send_is_refused_with_a_remedy(body: bytes, reason: str) -> None:
    with pytest.raises(SettingError) as error:
        saved_scenario([], body, AT, FAMILIES)
    assert reason in str(error.value)
    assert "download the request" in str(error.value)


@settings(max_examples=30)
@given(FINITE_JSON, st.lists(st.tuples(st.text(), st.text()), max_size=3), st.text(max_size=50))
def test_any_content_is_saved_whole_or_refused(
    content: Any, lines: list[tuple[str, str]], code: str
) -> None:
    for held in ({"event": content}, {"data": content, "type": code}, [{"event": content}] * 2):
        body = json.dumps(held).encode()
        with contextlib.suppress(SettingError):
            found = saved_scenario([*lines, ("x-adobe-event-code", code)], body, AT, FAMILIES)
            assert found.text.replace("\n", "").isprintable()
