"""Where producers publish events."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from flowsim.core.payload import provider_id
from flowsim.events_service import application as events_service
from flowsim.events_service.providers.model import PLATFORM
from flowsim.events_service.publishing import routes as publishing
from flowsim.events_service.publishing.table import Events
from flowsim.events_service.registrations.model import DISABLED, EventOfInterest
from flowsim.events_service.service import Service

from ..custom_events import CODE, PROVIDER, custom_provider, subscribe
from ..running import pending_in, register

KIND = "application/cloudevents+json"
EVENT = {"id": "7", "source": f"urn:uuid:{PROVIDER}", "type": CODE, "data": {"order": 7}}


def publish(api: FlaskClient, event: Any = EVENT, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.post("/", data=json.dumps(event), headers={"content-type": KIND, **named})


def test_an_event_with_registrations_is_stored_before_ok_is_answered(
    api: FlaskClient, service: Service
) -> None:
    custom_provider(service)
    reader = subscribe(service)
    answer = publish(api)
    assert (answer.status_code, answer.text) == (200, "OK")
    assert answer.content_type == "text/plain;charset=UTF-8"
    (stored,) = Events(service.database).entries(reader.key, 0, 10)
    assert stored.provider_id == PROVIDER
    assert stored.event.notification.content == {"specversion": "1.0", **EVENT}


def test_an_event_without_registrations_is_lost_and_the_response_says_why(
    api: FlaskClient, service: Service
) -> None:
    custom_provider(service)
    answer = publish(api)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["x-flowsim-reason"] == f"no registration subscribes to '{CODE}'"
    assert Events(service.database).last_seq() == 0


def test_an_event_of_a_kind_that_does_not_exist_is_lost_too(
    api: FlaskClient, service: Service
) -> None:
    custom_provider(service)
    answer = publish(api, {**EVENT, "type": "ördér\n"})
    assert answer.status_code == 204
    assert answer.headers["x-flowsim-reason"] == (
        rf"the provider has no event metadata '\xf6rd\xe9r\n'; it has {CODE}"
    )


def test_raw_json_is_stored_as_a_cloud_event(api: FlaskClient, service: Service) -> None:
    custom_provider(service)
    reader = subscribe(service)
    answer = publish(
        api,
        ["any", "json"],
        content_type="application/json",
        accept="application/json",
        x_adobe_event_provider_id=PROVIDER,
        x_adobe_event_code=CODE,
    )
    assert (answer.status_code, answer.text) == (200, "OK")
    (stored,) = Events(service.database).entries(reader.key, 0, 10)
    content = stored.event.notification.content
    assert content["data"] == ["any", "json"]
    assert len(content["id"]) == 36
    assert content["time"] == "2026-01-15T09:30:00.000Z"


@pytest.mark.parametrize("disabled", [{"enabled": False}, {"status": DISABLED}])
def test_where_all_registrations_are_disabled_their_journals_get_the_event(
    api: FlaskClient, service: Service, disabled: dict[str, Any]
) -> None:
    custom_provider(service)
    asked = (EventOfInterest(PROVIDER, CODE),)
    readers = [
        register(service, "http://127.0.0.1:9/", events_of_interest=asked, **disabled)
        for _ in range(2)
    ]
    answer = publish(api)
    assert (answer.status_code, answer.text) == (200, "OK")
    for reader in readers:
        assert len(Events(service.database).entries(reader.key, 0, 10)) == 1
        assert pending_in(service.database, reader.key) == 0


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("urn:uuid:nobody", "provider 'nobody': there is no such provider"),
        (f"urn:uuid:{provider_id(PLATFORM)}", "it is Adobe's own"),
    ],
)
def test_only_providers_of_the_organisation_are_published_for(
    api: FlaskClient, source: str, reason: str
) -> None:
    answer = publish(api, {**EVENT, "source": source})
    assert (answer.status_code, answer.json["reason"]) == (403, "Forbidden")
    assert reason in answer.json["message"]


def test_mistakes_are_a_400_in_json(api: FlaskClient) -> None:
    answer = publish(api, {"source": "x"})
    assert (answer.status_code, answer.json["reason"]) == (400, "Bad Request")
    for name in ("id", "type", "source"):
        assert f"{name} is " in answer.json["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"id": 1e999}'])
def test_a_body_that_is_not_json_is_a_400(api: FlaskClient, body: bytes) -> None:
    answer = api.post("/", data=body, content_type=KIND)
    assert answer.status_code == 400
    assert "the body is not JSON" in answer.json["message"]


def test_the_refusal_of_a_form_names_the_accepted_content_types(api: FlaskClient) -> None:
    answer = api.post("/", data={"id": "7"})
    assert answer.status_code == 415
    assert KIND in answer.json["message"]


def test_callers_that_accept_only_hal_are_refused_as_by_adobe(
    api: FlaskClient, service: Service
) -> None:
    custom_provider(service)
    assert publish(api, accept="application/hal+json").status_code == 406
    assert publish(api, accept="application/hal+json, */*").status_code == 204
    assert publish(api, accept="application/json").status_code == 204


def test_producers_that_publish_too_much_get_retry_after(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three requests stand for 3,000, and the 5 seconds never pass."""
    monkeypatch.setattr(publishing, "REQUESTS", 3)
    monkeypatch.setattr(publishing, "stopwatch", lambda: 100.0)
    api = events_service.create(service).test_client()
    codes = [publish(api, {}, x_api_key="key").status_code for _ in range(4)]
    assert codes == [400, 400, 400, 429]
    answer = publish(api, {}, x_api_key="key")
    assert answer.json["reason"] == "Too Many Requests"
    assert answer.headers["retry-after"] == "5"
    assert publish(api, {}, x_api_key="other").status_code == 400


def test_only_a_post_publishes(api: FlaskClient) -> None:
    answer = api.put("/", data=json.dumps(EVENT), content_type=KIND)
    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"]


def test_a_store_that_cannot_write_is_a_503(api: FlaskClient, service: Service) -> None:
    custom_provider(service)
    subscribe(service)
    service.database._connection.set_authorizer(  # noqa: SLF001
        lambda action, *_: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_INSERT else 0
    )
    answer = publish(api)
    assert (answer.status_code, answer.json["reason"]) == (503, "Service Unavailable")


def test_strict_publishing_needs_token_api_key_and_a_known_event_code(
    strict: FlaskClient, service: Service
) -> None:
    custom_provider(service)
    own = service.installation
    token = f"Bearer {own.token}"
    event = {**EVENT, "specversion": "1.0"}
    assert publish(strict, event).status_code == 401
    assert publish(strict, event, authorization=token).status_code == 403
    keys = {"authorization": token, "x_api_key": own.client_id}
    assert publish(strict, event, **keys).status_code == 204
    assert "specversion" in publish(strict, EVENT, **keys).json["message"]
    unknown = publish(strict, {**event, "type": "nothing"}, **keys)
    assert unknown.status_code == 400
    assert unknown.json["message"] == f"the provider has no event metadata 'nothing'; it has {CODE}"
    custom_provider(service, org="999999", id="other", instance_id="other")
    foreign = publish(strict, {**event, "source": "urn:uuid:other"}, **keys)
    assert (foreign.status_code, "999999" in foreign.json["message"]) == (403, True)


HEADERS = st.dictionaries(
    st.sampled_from(
        (
            *("accept", "x-api-key", "x-event-phidata", "x-event-id", "authorization"),
            *("x-adobe-event-provider-id", "x-adobe-event-code"),
        )
    ),
    st.sampled_from(["true", PROVIDER, CODE]) | st.text(st.characters(max_codepoint=255)),
)
KINDS = st.sampled_from([KIND, "application/json"]) | st.text(st.characters(max_codepoint=255))
BODIES = st.binary() | st.dictionaries(
    st.sampled_from(["specversion", *EVENT]),
    st.sampled_from(["1.0", *EVENT.values()]) | st.text() | st.floats() | st.lists(st.integers()),
).map(lambda content: json.dumps(content).encode())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HEADERS, KINDS, BODIES)
def test_nothing_that_is_published_breaks_the_service(
    api: FlaskClient, service: Service, headers: dict[str, str], kind: str, body: bytes
) -> None:
    if not service.providers.find(PROVIDER):
        custom_provider(service)
        subscribe(service)
    clean = {
        name: "".join(char for char in value if char not in "\r\n")
        for name, value in (headers | {"content-type": kind}).items()
    }
    answer = api.post("/", data=body, headers=clean)
    assert answer.status_code in (200, 204, 400, 403, 406, 415, 429)
