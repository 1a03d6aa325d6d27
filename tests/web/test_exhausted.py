"""What applications of ours answer while flowsim lacks something."""

from __future__ import annotations

import errno
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from flask import Flask
from flask.testing import FlaskClient

from flowsim.service.service import Service
from flowsim.web import events_service, exhausted, key_host, receiver
from flowsim.web.receiver import Manner, Receiver

LACKS = [MemoryError(), RuntimeError("can't start new thread"), OSError(errno.EMFILE, "files")]


@pytest.mark.parametrize("lack", LACKS)
def test_the_events_service_says_so_in_json(service: Service, lack: Exception) -> None:
    def lacking(_: str) -> bytes:
        raise lack

    app = events_service.create(replace(service, public_pem=lacking))
    answer = app.test_client().get("/prod/keys/pub-key-1.pem")
    assert (answer.status_code, answer.json["reason"]) == (503, "Service Unavailable")
    assert "allow flowsim more (ulimit" in answer.json["message"]


@pytest.mark.parametrize("lack", LACKS)
def test_the_receiver_does_not_say_that_a_delivery_is_unsound(lack: Exception) -> None:
    def lacking(_: str) -> RSAPublicKey:
        raise lack

    app = receiver.create(Receiver(lacking, Manner(on_received=lambda _: lacking(""))))
    answer = app.test_client().post("/", data=b"{}")
    assert answer.status_code == 503
    assert "allow flowsim more (ulimit" in answer.json["reason"]


def test_the_key_host_does_not_say_that_there_is_no_such_key() -> None:
    def lacking(_: str) -> bytes:
        raise OSError(errno.ENFILE, "files")

    answer = key_host.create(lacking).test_client().get("/prod/keys/pub-key-1.pem")
    assert answer.status_code == 503


@pytest.fixture
def failing() -> FlaskClient:
    app = Flask("failing")
    exhausted.explain(app)

    @app.get("/")
    def fail() -> str:
        raise ValueError("malloc failure")

    return app.test_client()


def test_everything_else_stays_what_it_is(failing: FlaskClient) -> None:
    assert failing.get("/no-such-place").status_code == 404
    assert failing.post("/").status_code == 405
    assert failing.get("/").status_code == 500
