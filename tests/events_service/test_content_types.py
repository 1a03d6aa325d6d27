"""Each operation of Adobe's API reference answers with its status and its content type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .prepared import Prepared, prepared

HAL, JSON = "application/hal+json", "application/json"
PATCH = "application/json-patch+json"
EVENTS = "application/vnd.adobecloud.events+json"
NONE = ""

PLACE = "/events/{org}/{project}/{workspace}"
PROVIDERS = f"{PLACE}/providers"
PROVIDER = f"{PROVIDERS}/{{provider_id}}"
KINDS = "/events/providers/{provider_id}/eventmetadata"
KIND = f"{KINDS}/{{code}}"
REGISTRATIONS = f"{PLACE}/registrations"
REGISTRATION = f"{REGISTRATIONS}/{{registration_id}}"
FILTER = f"{REGISTRATION}/filters/{{filter_id}}"
JOURNAL = "/organizations/{org}/integrations/{credential_id}/{registration_id}"
TRACING = "/events/organizations/{org}/integrations/{credential_id}/tracing/{registration_id}"

FILTER_BODY = {"name": "all", "subscriber_filter": '{"type": ["{code}"]}'}
KIND_BODY = {"event_code": "{code}", "label": "l", "description": "d"}
SAMPLED_BODY = {**KIND_BODY, "sample_event_template": "e30="}  # the JSON text {}
NO_CHANGE = [{"op": "test", "path": "/label", "value": "Orders"}]
CHANGE = [{"op": "replace", "path": "/description", "value": "Some."}]
INTEREST = {"provider_id": "{provider_id}", "event_code": "{code}"}
REGISTRATION_BODY = {
    "client_id": "mine",
    "name": "another",
    "delivery_type": "journal",
    "events_of_interest": [INTEREST],
}

OPERATIONS: list[tuple[str, str, Any, int, str]] = [
    ("GET", "/events/{org}/providers", None, 200, HAL),
    ("GET", "/events/providers/{provider_id}", None, 200, HAL),
    ("GET", "/events/providermetadata", None, 200, HAL),
    ("POST", PROVIDERS, {"label": "More"}, 201, HAL),
    ("PUT", PROVIDER, {"label": "Orders"}, 200, HAL),
    ("PATCH", PROVIDER, NO_CHANGE, 204, NONE),
    ("PATCH", PROVIDER, CHANGE, 200, HAL),
    ("GET", KINDS, None, 200, HAL),
    ("GET", KIND, None, 200, HAL),
    ("POST", f"{PROVIDER}/eventmetadata", {**KIND_BODY, "event_code": "new"}, 201, HAL),
    ("PUT", f"{PROVIDER}/eventmetadata/{{code}}", SAMPLED_BODY, 200, HAL),
    ("PATCH", f"{PROVIDER}/eventmetadata/{{code}}", CHANGE, 200, HAL),
    ("GET", f"{KIND}/sample_event", None, 200, HAL),
    ("HEAD", f"{KIND}/sample_event", None, 200, HAL),
    ("POST", f"{KIND}/sample_event/{{registration_id}}", {"total": 1}, 200, JSON),
    ("POST", f"{KINDS}/new/sample_event/{{registration_id}}", None, 204, NONE),
    ("GET", "/events/{org}/registrations", None, 200, HAL),
    ("GET", REGISTRATIONS, None, 200, HAL),
    ("POST", REGISTRATIONS, REGISTRATION_BODY, 201, HAL),
    ("GET", REGISTRATION, None, 200, HAL),
    ("PUT", REGISTRATION, {**REGISTRATION_BODY, "name": "orders"}, 200, HAL),
    ("PATCH", REGISTRATION, CHANGE, 200, HAL),
    ("POST", f"{REGISTRATION}/filters", FILTER_BODY, 201, JSON),
    ("GET", f"{REGISTRATION}/filters", None, 200, JSON),
    ("GET", FILTER, None, 200, JSON),
    ("PUT", FILTER, FILTER_BODY, 200, HAL),
    ("POST", f"{REGISTRATION}/filter/validate", {"subscriber_filter": FILTER_BODY}, 200, HAL),
    ("DELETE", FILTER, None, 204, NONE),
    ("GET", f"/events{JOURNAL}", None, 200, EVENTS),
    ("GET", f"/events{JOURNAL}?latest=true", None, 204, NONE),
    ("GET", f"/events{JOURNAL}/validate?since={{since}}", None, 200, EVENTS),
    ("GET", TRACING, None, 200, JSON),
    ("GET", f"/traces{PLACE[7:]}/registration/{{registration_id}}", None, 200, JSON),
    ("POST", "/", "event", 200, "text/plain"),
    ("DELETE", REGISTRATION, None, 204, NONE),
    ("POST", "/", "event without a registration", 204, NONE),
    ("DELETE", f"{PROVIDER}/eventmetadata/{{code}}", None, 204, NONE),
    ("DELETE", f"{PROVIDER}/eventmetadata", None, 204, NONE),
    ("DELETE", PROVIDER, None, 204, NONE),
    ("OPTIONS", f"/events{JOURNAL}", None, 200, NONE),
]
"""Method, path, body, status and type: what the reference names, in an order that works."""


@pytest.fixture(scope="module")
def filled() -> Iterator[Prepared]:
    with prepared() as made:
        yield made


def named(content: Any, known: dict[str, str]) -> Any:
    """Return content with the ids that are there in the place of their names."""
    if isinstance(content, dict):
        return {name: named(value, known) for name, value in content.items()}
    if isinstance(content, list):
        return [named(each, known) for each in content]
    text = str(content)
    for name, id_ in known.items():
        text = text.replace(f"{{{name}}}", id_)
    return text


def request_of(method: str, body: Any, known: dict[str, str]) -> dict[str, Any]:
    if body is None:
        return {}
    if isinstance(body, str):
        source = f"urn:uuid:{known['provider_id']}"
        code = known["code"] if body == "event" else "unknown.code"
        event = {"specversion": "1.0", "id": "2", "source": source, "type": code, "data": {}}
        return {"json": event, "content_type": "application/cloudevents+json"}
    return {"json": named(body, known), "content_type": PATCH if method == "PATCH" else JSON}


def test_every_operation_answers_with_the_type_of_the_reference(filled: Prepared) -> None:
    api, known = filled.app.test_client(), dict(filled.known)
    for method, path, body, status, kind in OPERATIONS:
        answer = api.open(named(path, known), method=method, **request_of(method, body, known))
        if method == "POST" and path.endswith("/filters"):
            known["filter_id"] = answer.json["id"]
        found = answer.headers.get("content-type", "").partition(";")[0]
        assert (method, path, answer.status_code, found) == (method, path, status, kind)


def test_errors_of_all_parts_are_json(filled: Prepared) -> None:
    api = filled.app.test_client()
    for method, path in (
        ("GET", "/events/providers/none"),
        ("GET", "/no/such/path"),
        ("PUT", "/"),
        ("POST", "/"),
    ):
        answer = api.open(path, method=method)
        assert answer.status_code >= 400
        assert answer.content_type == "application/json;charset=UTF-8"
        assert set(answer.json) == {"reason", "message"}
