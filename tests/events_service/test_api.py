"""What all interfaces share: JSON bodies, and the form of refusals."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask, jsonify
from flask.testing import FlaskClient

from flowsim.events_service import api as shared
from flowsim.events_service import application as events_service
from flowsim.events_service.service import Service, ServiceOptions

from ..cases import for_each


@pytest.fixture
def echo() -> FlaskClient:
    """An application that returns the JSON it gets."""
    app = Flask("echo")
    app.post("/")(lambda: jsonify(shared.body_json()))
    shared.explain(app, lambda: "1")
    return app.test_client()


@pytest.mark.parametrize(
    ("body", "content"),
    [(b'{"a": [1.5, null]}', {"a": [1.5, None]}), (rb'"\ud83d\ude00"', "😀"), (b'"\xc3\xa9"', "é")],
)
def test_json_in_utf_8_is_read(echo: FlaskClient, body: bytes, content: object) -> None:
    assert echo.post("/", data=body).json == content


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'"\xe9"',
        b"NaN",
        b"-Infinity",
        b"1e999",
        rb'{"\ud800": 1}',
        rb'"\udc00\ud800"',
        b"[" * 100_000,
        b"9" * 5000,
    ],
)
def test_a_body_that_is_not_json_in_utf_8_is_refused(echo: FlaskClient, body: bytes) -> None:
    answer = echo.post("/", data=body)
    assert (answer.status_code, answer.json["reason"]) == (400, "Bad Request")
    assert answer.json["message"].startswith("the body is not JSON in UTF-8: ")


@for_each(
    ("came_to", "own", "other"),
    [
        ("http://127.0.0.1:4010", "http://127.0.0.1:4010", "http://127.0.0.1:4010"),
        ("http://[::1]:4010", "http://[::1]:4010", "http://[::1]:4010"),
        ("https://localhost:4443", "https://localhost:4443", "https://localhost:4443"),
        ("https://api.adobe.io", "https://api.adobe.io", "https://csm.adobe.io"),
        ("http://api.adobe.io", "https://api.adobe.io", "https://csm.adobe.io"),
        ("https://api.adobe.io:4443", "https://api.adobe.io:4443", "https://csm.adobe.io:4443"),
    ],
)
def test_links_lead_to_the_requested_host_or_the_host_of_adobe(
    came_to: str, own: str, other: str
) -> None:
    app = Flask("links")
    with app.test_request_context("/", base_url=came_to):
        assert shared.base_url() == own
        assert shared.base_url("csm.adobe.io") == other


NO_TOKEN = {"error_code": "401013", "message": "Oauth token is not valid"}


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({}, (401, NO_TOKEN)),
        ({"authorization": "Bearer x"}, (401, NO_TOKEN)),
        (
            {"authorization": "own"},
            (403, {"error_code": "403000", "message": "Api Key is invalid"}),
        ),
    ],
)
def test_a_strict_service_refuses_as_the_gateway_of_adobe(
    service: Service, headers: dict[str, str], refused: tuple[int, dict[str, str]]
) -> None:
    strict = replace(service, options=ServiceOptions(strict=True))
    own = f"Bearer {service.installation.token}"
    sent = {name: own if value == "own" else value for name, value in headers.items()}
    answer = events_service.create(strict).test_client().get("/events/1/providers", headers=sent)
    assert (answer.status_code, answer.json) == refused
