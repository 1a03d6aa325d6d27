"""How webhooks pass a challenge, and what happens if they do not."""

from __future__ import annotations

import asyncio
import json
import threading
import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from flowsim.core.event import Notification
from flowsim.core.instant import from_ms
from flowsim.events_service.challenges import actions as challenging
from flowsim.events_service.service import Service
from flowsim.events_service.tracing.debug_trace import Traces
from flowsim.runtime.clock import ManualClock

from ...registering import SUCCESS, address, create, journal, message_of, pushed
from ...webhook import Answer, Request, Webhook, echo, status
from ..running import pending_in

FAILS = status(500)
WAITS = status(200, "come back later")
"""Answers 200 to everything, and so echoes nothing: what request bins do."""


def send(api: FlaskClient, method: str, path: str, content: Any) -> TestResponse:
    """Send a body, or a JSON patch with its content type."""
    kind = "application/json-patch+json" if method == "PATCH" else "application/json"
    return api.open(path, method=method, json=content, content_type=kind)


def deflated(answer: Answer) -> Answer:
    """Answer deflated, as middleware does if ``accept-encoding`` allows it."""

    def give(request: Request) -> Iterator[bytes]:
        assert "deflate" in request.headers["accept-encoding"]
        body = zlib.compress(b"".join(answer(request)).partition(b"\r\n\r\n")[2])
        head = (
            f"HTTP/1.1 200 OK\r\ncontent-encoding: deflate\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body

    return give


def state(api: FlaskClient, service: Service, registration: dict[str, Any]) -> tuple[str, bool]:
    read = api.get(address(service, registration["registration_id"])).json
    return read["webhook_status"], read["enabled"]


def link(webhook: Webhook) -> str:
    """Return the validation URL that was posted last."""
    return str(json.loads(webhook.requests[-1].body)["validationUrl"])


def pass_time(service: Service, delta: timedelta) -> None:
    """Advance the clock at once, as the service does if nothing is due."""
    clock, changed = service.clock, asyncio.Event()
    assert isinstance(clock, ManualClock)
    clock.advance(delta.total_seconds())
    changed.set()
    asyncio.run(clock.until(None, changed, earliest=None))


def traces(service: Service, key: int = 1) -> list[dict[str, Any]]:
    return Traces(service.database).of(key, from_ms(0))


# The echo.


@pytest.mark.parametrize("tail", ["", "?customer=7"])
def test_a_webhook_that_echoes_the_challenge_is_active(
    api: FlaskClient, service: Service, webhook: Webhook, tail: str
) -> None:
    webhook.answers = [echo]
    created = create(api, service, pushed(webhook.url + tail))
    assert state(api, service, created) == ("verified", True)
    (asked,) = webhook.requests
    joint = "&" if tail else "?"
    assert asked.line.startswith(f"GET /hook{tail}{joint}challenge=")
    assert asked.headers["user-agent"] == "Adobe/1.0"
    assert not any("signature" in line or "delivery-id" in line for line in asked.header_lines)


def test_an_echo_that_comes_deflated_proves_the_webhook_too(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    webhook.answers = [deflated(echo)]
    created = create(api, service, pushed(webhook.url))
    assert state(api, service, created) == ("verified", True)
    (trace,) = traces(service)
    answer = trace["trace"]["tracingResponse"]
    assert answer["responseBody"] in webhook.requests[0].line
    assert answer["responseHeaders"]["content-encoding"] == ["deflate"]


def test_a_trace_says_that_an_answer_cannot_be_decoded(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    webhook.answers = [status(200, "x", content_encoding="br")]
    create(api, service, pushed(webhook.url))
    for trace in traces(service):
        said = trace["trace"]["tracingResponse"]["responseBody"]
        assert said == "its answer is encoded as 'br', which flowsim does not read"


def test_a_challenge_inside_a_page_proves_nothing(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    def page(request: Request) -> Iterator[bytes]:
        value = request.line.partition("challenge=")[2].partition(" ")[0]
        return status(200, f"<html><body>{value}</body></html>")(request)

    webhook.answers = [page, FAILS]
    created = create(api, service, pushed(webhook.url))
    assert state(api, service, created) == ("hook_unreachable", False)
    assert [each.line.split(" ")[0] for each in webhook.requests] == ["GET", "POST"]


def test_a_challenge_is_never_the_same_twice(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    webhook.answers = [echo]
    for name in ("one", "two"):
        create(api, service, pushed(webhook.url, name))
    first, second = webhook.requests
    assert first.line != second.line


def test_a_webhook_that_answers_neither_request_is_disabled(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    webhook.answers = [FAILS]
    created = create(api, service, pushed(webhook.url))
    assert state(api, service, created) == ("hook_unreachable", False)
    assert [each.line.split(" ")[0] for each in webhook.requests] == ["GET", "POST"]
    assert service.registrations.validations() == []
    message_of(api.get(link(webhook)), 404)


@pytest.mark.parametrize(
    "answer",
    [
        status(302, location="http://localhost/"),
        status(201),
        status(404),
        status(503),
        lambda _: iter(()),
        lambda _: iter([b"nonsense\r\n\r\n"]),
    ],
)
def test_the_post_must_be_answered_with_200_and_nothing_else(
    api: FlaskClient, service: Service, webhook: Webhook, answer: Answer
) -> None:
    webhook.answers = [WAITS, answer]
    created = create(api, service, pushed(webhook.url))
    assert state(api, service, created) == ("hook_unreachable", False)
    assert service.registrations.validations() == []


def test_a_webhook_that_does_not_answer_is_disabled(api: FlaskClient, service: Service) -> None:
    with Webhook() as gone:
        url = gone.url
    created = create(api, service, pushed(url))
    assert state(api, service, created) == ("hook_unreachable", False)


def test_a_webhook_that_never_answers_fails_after_the_timeout(
    api: FlaskClient, service: Service, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()

    def hold(_: Request) -> Iterator[bytes]:
        released.wait(60)
        return iter(())

    assert challenging.TIMEOUT == 10.0
    monkeypatch.setattr(challenging, "TIMEOUT", 0.1)
    webhook.answers = [hold]
    created = create(api, service, pushed(webhook.url))
    released.set()
    assert state(api, service, created) == ("hook_unreachable", False)


def test_registrations_without_a_webhook_are_not_challenged(
    api: FlaskClient, service: Service
) -> None:
    created = create(api, service, journal())
    assert state(api, service, created) == ("verified", True)
    assert traces(service) == []


# The validation URL.


def test_opening_the_validation_url_in_time_makes_a_registration_active(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    webhook.answers = [WAITS]
    created = create(api, service, pushed(webhook.url))
    assert state(api, service, created) == ("hook_unreachable", False)
    posted = webhook.requests[-1]
    assert posted.headers["content-type"] == "application/json; charset=utf-8"
    assert posted.headers["x-adobe-event-code"] == "challenge"
    assert posted.headers["x-adobe-provider"] == "adobe-io"
    assert posted.headers["x-adobe-event-id"] == (
        f"{created['registration_id']}-probe-1768469400000"
    )
    assert link(webhook).startswith(
        f"http://localhost/csm/registrations/validate?id={created['registration_id']}&challenge="
    )
    pass_time(service, timedelta(minutes=4, seconds=59))
    assert api.head(link(webhook)).status_code == 200
    assert state(api, service, created) == ("hook_unreachable", False)
    opened = api.get(link(webhook))
    assert (opened.status_code, opened.text) == (200, "orders is verified\n")
    assert state(api, service, created) == ("verified", True)


def test_a_validation_url_works_once(api: FlaskClient, service: Service, webhook: Webhook) -> None:
    webhook.answers = [WAITS]
    create(api, service, pushed(webhook.url))
    assert api.get(link(webhook)).status_code == 200
    assert "unknown, was used, or is older" in message_of(api.get(link(webhook)), 404)


@pytest.mark.parametrize("timer", [True, False], ids=["seen by the timer", "seen when opened"])
def test_a_validation_url_is_too_old_after_five_minutes(
    api: FlaskClient, service: Service, webhook: Webhook, timer: bool
) -> None:
    webhook.answers = [WAITS]
    created = create(api, service, pushed(webhook.url))
    assert service.proofs.due == service.clock.now() + timedelta(minutes=5)
    pass_time(service, timedelta(minutes=5))
    if timer:
        service.proofs.run(service.clock.now())
        assert (service.proofs.due, service.registrations.validations()) == (None, [])
    message_of(api.get(link(webhook)), 404)
    assert state(api, service, created) == ("hook_unreachable", False)


def test_the_timer_leaves_validation_urls_that_are_still_good(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    webhook.answers = [WAITS]
    create(api, service, pushed(webhook.url, "one"))
    pass_time(service, timedelta(minutes=3))
    create(api, service, pushed(webhook.url, "two"))
    pass_time(service, timedelta(minutes=3))
    service.proofs.run(service.clock.now())
    assert service.proofs.due == service.clock.now() + timedelta(minutes=2)
    assert api.get(link(webhook)).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["", "?id=&challenge=", "?id={id}", "?id={id}&challenge=", "?id={id}&challenge=%ED%A0%80é"],
)
def test_a_validation_url_that_was_never_sent_proves_nothing(
    api: FlaskClient, service: Service, webhook: Webhook, query: str
) -> None:
    webhook.answers = [WAITS]
    created = create(api, service, pushed(webhook.url))
    id_ = created["registration_id"]
    message_of(api.get(f"/csm/registrations/validate{query.format(id=id_)}"), 404)
    assert state(api, service, created) == ("hook_unreachable", False)


def test_the_challenge_and_its_trace_hide_the_validation_url(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    """Otherwise a reader of traces could verify the webhook of another user."""
    webhook.answers = [WAITS]
    create(api, service, pushed(webhook.url))
    asked, secret = webhook.requests[0].line, link(webhook).split("challenge=")[1]
    assert secret not in asked
    assert secret not in json.dumps(traces(service))
    assert secret[-4:] in json.dumps(traces(service))


def test_a_webhook_may_open_the_url_before_it_answers_the_post(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    def open_at_once(request: Request) -> Iterator[bytes]:
        url = json.loads(request.body)["validationUrl"]
        assert api.application.test_client().get(url).status_code == 200
        return status(200)(request)

    webhook.answers = [WAITS, open_at_once]
    created = create(api, service, pushed(webhook.url))
    assert state(api, service, created) == ("verified", True)
    assert service.registrations.validations() == []


def test_a_registration_that_is_deleted_can_not_be_validated(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    webhook.answers = [WAITS]
    created = create(api, service, pushed(webhook.url))
    api.delete(address(service, created["registration_id"]))
    assert service.proofs.due is None
    message_of(api.get(link(webhook)), 404)


# Saving again.


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_saving_a_disabled_registration_challenges_it_and_enables_it_again(
    api: FlaskClient, service: Service, webhook: Webhook, method: str
) -> None:
    webhook.answers = [FAILS, FAILS, echo]
    created = create(api, service, pushed(webhook.url))
    assert state(api, service, created) == ("hook_unreachable", False)
    path = address(service, created["registration_id"])
    content: Any = pushed(webhook.url)
    if method == "PATCH":
        content = [{"op": "replace", "path": "/description", "value": "Fixed."}]
    answer = send(api, method, path, content)
    assert (answer.json["webhook_status"], answer.json["enabled"]) == ("verified", True)


def test_saving_with_a_webhook_that_fails_now_disables(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    webhook.answers = [echo, FAILS]
    created = create(api, service, pushed(webhook.url))
    answer = api.put(address(service, created["registration_id"]), json=pushed(webhook.url))
    assert (answer.json["webhook_status"], answer.json["enabled"]) == ("hook_unreachable", False)


def test_a_switched_off_registration_stays_off_after_its_proof(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    webhook.answers = [echo]
    created = create(api, service, pushed(webhook.url, enabled=False))
    assert state(api, service, created) == ("verified", False)


def test_a_change_to_journal_delivery_needs_no_proof(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    webhook.answers = [WAITS]
    created = create(api, service, pushed(webhook.url))
    path = address(service, created["registration_id"])
    assert api.put(path, json=journal()).json["webhook_status"] == "verified"
    assert service.proofs.due is None
    message_of(api.get(link(webhook)), 404)


def test_a_journal_keeps_a_webhook_url_that_is_challenged_on_return(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    webhook.answers = [echo, FAILS, FAILS, echo]
    created = create(api, service, pushed(webhook.url))
    path = address(service, created["registration_id"])

    def become(kind: str) -> tuple[str, str | None]:
        change = {"op": "replace", "path": "/delivery_type", "value": kind}
        document = send(api, "PATCH", path, [change]).json
        return document["webhook_status"], document.get("webhook_url")

    assert become("journal") == ("verified", webhook.url)
    assert len(webhook.requests) == 1
    assert become("webhook") == ("hook_unreachable", webhook.url)
    assert become("journal") == ("verified", webhook.url)
    assert become("webhook_batch") == ("verified", webhook.url)
    assert len(webhook.requests) == 4


def test_nothing_is_posted_to_the_address_that_a_journal_keeps(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    created = create(api, service, journal(webhook_url=webhook.url))
    assert (created["webhook_status"], created["webhook_url"]) == ("verified", webhook.url)
    provider = service.providers.find(SUCCESS["provider_id"])
    assert provider is not None
    notification = Notification(SUCCESS["event_code"], "event", {})
    published = service.publishing.publish(provider, notification)
    assert len(published.accepted) == 1
    assert pending_in(service.database, 1) == 0
    message_of(api.post(f"/_flowsim/redeliver/{published.event.id}"), 409)
    assert webhook.requests == []


@pytest.mark.parametrize("same", [True, False], ids=["same address", "new address"])
def test_a_verified_webhook_gets_events_during_another_challenge(
    api: FlaskClient, service: Service, webhook: Webhook, same: bool
) -> None:
    statuses = []

    def look(request: Request) -> Iterator[bytes]:
        statuses.extend(each.status for each in service.registrations.all())
        return echo(request)

    webhook.answers = [echo, look]
    created = create(api, service, pushed(webhook.url))
    url = webhook.url if same else f"{webhook.url}/new"
    api.put(address(service, created["registration_id"]), json=pushed(url))
    assert statuses == ["verified" if same else "hook_unreachable"]


def test_an_answer_to_an_older_save_does_not_count(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    """While the first webhook is asked, the registration is given another one, which fails."""

    def overtake(request: Request) -> Iterator[bytes]:
        (first,) = service.registrations.all()
        body = pushed(f"{webhook.url}/second")
        answer = api.application.test_client().put(
            address(service, first.registration_id), json=body
        )
        assert answer.json["webhook_status"] == "hook_unreachable"
        return echo(request)

    webhook.answers = [overtake, FAILS, FAILS, WAITS]
    created = create(api, service, pushed(webhook.url))
    assert created["webhook_url"].endswith("/second")
    assert (created["webhook_status"], created["enabled"]) == ("hook_unreachable", False)


def test_a_late_answer_does_not_disable_a_registration_saved_since(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    def overtake(request: Request) -> Iterator[bytes]:
        (first,) = service.registrations.all()
        path = address(service, first.registration_id)
        assert api.application.test_client().put(path, json=journal()).status_code == 200
        return status(200)(request)

    webhook.answers = [WAITS, overtake]
    assert create(api, service, pushed(webhook.url))["webhook_status"] == "verified"
    assert service.registrations.validations() == []


def test_only_a_proven_registration_gets_new_events(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    def publish() -> None:
        provider = service.providers.find(SUCCESS["provider_id"])
        assert provider is not None
        service.publishing.publish(provider, Notification(SUCCESS["event_code"], "event", {}))

    webhook.answers = [WAITS]
    create(api, service, pushed(webhook.url))
    publish()
    assert pending_in(service.database, 1) == 0
    api.get(link(webhook))
    publish()
    assert pending_in(service.database, 1) == 1


# Where it may be.


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://10.0.0.1/hook", "start flowsim up with --allow-target 10.0.0.1"),
        ("http://[::ffff:10.0.0.1]/hook", "--allow-target ::ffff:10.0.0.1"),
        ("http://169.254.169.254/latest/meta-data", "--allow-target 169.254.169.254"),
        ("http://0.0.0.0/hook", "--allow-target 0.0.0.0"),
        ("http://2130706433/hook", "usual form"),
        ("http://no.such.host.invalid/", "cannot be resolved"),
        ("http://127.0.0.1@10.0.0.1/", "user name"),
        ("ftp://127.0.0.1/", "its scheme is ftp, not http or https"),
        ("wss://127.0.0.1/", "its scheme is wss, not http or https"),
        ("http://ü_.example/", "'ü_.example' is not a host name"),
        ("127.0.0.1:3000", "expected an address"),
    ],
)
def test_a_webhook_on_another_machine_is_refused_and_not_saved(
    api: FlaskClient, service: Service, method: str, url: str, why: str
) -> None:
    before = create(api, service, journal("before"))
    path = address(service, "" if method == "POST" else before["registration_id"])
    content: Any = pushed(url)
    if method == "PATCH":
        content = [
            {"op": "replace", "path": "/delivery_type", "value": "webhook"},
            {"op": "add", "path": "/webhook_url", "value": url},
        ]
    sentence = message_of(send(api, method, path, content), 400)
    assert sentence.startswith("webhook_url: ")
    assert why in sentence
    assert api.get(address(service)).json["_embedded"]["registrations"] == [before]


# Traces.


def test_both_requests_are_kept_as_traces(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    webhook.answers = [FAILS, WAITS]
    created = create(api, service, pushed(webhook.url))
    post, get = (each["trace"] for each in traces(service))
    assert get["tracingRequest"]["requestMethod"] == "GET"
    assert get["tracingResponse"]["responseCode"] == 500
    assert post["tracingRequest"]["requestMethod"] == "POST"
    assert post["tracingResponse"]["responseBody"] == "come back later"
    assert {each["event"] for each in traces(service)} == {"challenge"}
    assert {each["registrationId"] for each in traces(service)} == {created["registration_id"]}
    kinds = [len(Traces(service.database).of(1, from_ms(0), kind)) for kind in (True, False)]
    assert kinds == [1, 1]


# What the control call says.


def challenged(api: FlaskClient, registration: dict[str, Any]) -> dict[str, Any]:
    answer = api.get(f"/_flowsim/registrations/{registration['registration_id']}")
    assert answer.status_code == 200
    assert answer.json["registration"]["registration_id"] == registration["registration_id"]
    return {name: value for name, value in answer.json["challenge"].items() if value is not None}


def test_a_waiting_validation_url_is_shown_with_the_time_left(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    webhook.answers = [WAITS]
    created = create(api, service, pushed(webhook.url))
    pass_time(service, timedelta(minutes=2))
    assert challenged(api, created) == {
        "outcome": "waiting",
        "validation_url": link(webhook),
        "expires": "2026-01-15T09:35:00.000Z",
        "seconds_left": 180.0,
    }
    api.get(link(webhook))
    assert challenged(api, created) == {"outcome": "passed", "at": "2026-01-15T09:32:00.000Z"}


def test_the_reason_of_a_failed_challenge_is_shown(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    webhook.answers = [FAILS]
    created = create(api, service, pushed(webhook.url))
    said = challenged(api, created)
    assert (said["outcome"], "[500]" in said["reason"]) == ("failed", True)


def test_the_challenge_of_an_unchallenged_registration_is_none(
    api: FlaskClient, service: Service
) -> None:
    assert challenged(api, create(api, service, journal())) == {"outcome": "none"}
    assert "no registration 'x'" in message_of(api.get("/_flowsim/registrations/x"), 404)


def test_a_challenge_can_be_under_way(api: FlaskClient, service: Service, webhook: Webhook) -> None:
    seen = []

    def look(request: Request) -> Iterator[bytes]:
        (first,) = service.registrations.all()
        other = api.application.test_client()
        seen.append(challenged(other, {"registration_id": first.registration_id}))
        return echo(request)

    webhook.answers = [look]
    create(api, service, pushed(webhook.url))
    assert seen == [{"outcome": "under way"}]
