"""Routes of our applications take little time to add; without resources they answer 503."""

from __future__ import annotations

import errno
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from flask import Flask, url_for
from flask.testing import FlaskClient

from flowsim.events_service import application as events_service
from flowsim.events_service.service import Service
from flowsim.receiver import application as receiver
from flowsim.receiver import key_host
from flowsim.receiver.stub import ReceiverOptions, ReceivingStub
from flowsim.web import application

from ..work import calls

PATHS = [f"/{each}/<name>/of/<int:number>" for each in range(50)]


def fill(app: Flask) -> Flask:
    for path in PATHS:
        app.add_url_rule(path, path, lambda name, number: f"{number} {name}")
    return app


def test_routes_are_added_in_a_fifth_of_the_time() -> None:
    ours, others = application.named("ours"), Flask("others", static_folder=None)
    assert calls(lambda: fill(ours)) < calls(lambda: fill(others)) / 5


def test_urls_are_matched_and_built_as_in_flask() -> None:
    app = fill(application.named("ours"))
    assert app.test_client().get("/7/a%20b/of/3").text == "3 a b"
    with app.test_request_context():
        values = {"name": "a b", "number": 3}
        assert url_for(PATHS[7], **values, _anchor="c") == "/7/a%20b/of/3#c"
        assert url_for(PATHS[7], **values, more="d") == "/7/a%20b/of/3?more=d"


LACKS = [MemoryError(), RuntimeError("can't start new thread"), OSError(errno.EMFILE, "files")]


@pytest.mark.parametrize("lack", LACKS)
def test_the_service_reports_missing_resources_in_json(service: Service, lack: Exception) -> None:
    def lacking(_: str) -> bytes:
        raise lack

    app = events_service.create(replace(service, public_pem=lacking))
    answer = app.test_client().get("/prod/keys/pub-key-1.pem")
    assert (answer.status_code, answer.json["reason"]) == (503, "Service Unavailable")
    assert "allow flowsim more (ulimit" in answer.json["message"]


@pytest.mark.parametrize("lack", LACKS)
def test_missing_resources_make_no_delivery_wrong(lack: Exception) -> None:
    def lacking(_: str) -> RSAPublicKey:
        raise lack

    app = receiver.create(
        ReceivingStub(lacking, ReceiverOptions(on_received=lambda _: lacking("")))
    )
    answer = app.test_client().post("/", data=b"{}")
    assert answer.status_code == 503
    assert "allow flowsim more (ulimit" in answer.json["reason"]


def test_missing_resources_are_503_at_the_key_host() -> None:
    def lacking(_: str) -> bytes:
        raise OSError(errno.ENFILE, "files")

    answer = key_host.create(lacking).test_client().get("/prod/keys/pub-key-1.pem")
    assert answer.status_code == 503


@pytest.fixture
def failing() -> FlaskClient:
    app = application.named("failing")

    @app.get("/")
    def fail() -> str:
        raise ValueError("malloc failure")

    return app.test_client()


def test_other_errors_stay_as_they_are(failing: FlaskClient) -> None:
    assert failing.get("/no-such-place").status_code == 404
    assert failing.post("/").status_code == 405
    assert failing.get("/").status_code == 500
