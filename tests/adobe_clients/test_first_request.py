"""A server of flowsim is ready once it has answered a first request."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from flask import Flask

from flowsim.adobe_clients import first_request
from flowsim.errors import BreakdownError, ExhaustedError
from flowsim.events_service import local_service
from flowsim.web.server import Server

Ask = Callable[..., None]


def test_every_port_of_a_service_answers() -> None:
    options = local_service.LocalServiceOptions(clock="manual", tls_port=0, proxy_port=0)
    with local_service.run(options) as local:
        assert local.tls_port
        assert local.proxy_port
        first_request.over_http("127.0.0.1", int(local.url.rpartition(":")[2]), "/healthz")
        first_request.over_tls("127.0.0.1", local.tls_port, "/healthz")
        first_request.through_proxy("127.0.0.1", local.proxy_port, "/healthz")


@pytest.mark.parametrize("host", ["0.0.0.0", "", "localhost"])
def test_a_server_on_every_address_answers_on_the_loopback(host: str) -> None:
    with Server(Flask("any"), "0.0.0.0", 0) as server:
        first_request.over_http(host, server.port, "/no-such-place")


@pytest.mark.parametrize(
    "ask", [first_request.over_http, first_request.over_tls, first_request.through_proxy]
)
def test_a_silent_socket_and_a_closed_port_are_one_sentence(ask: Ask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(BreakdownError, match=rf"127\.0\.0\.1:{port} does not answer \(.*timed"):
            ask("127.0.0.1", port, "/", 0.2)
    with pytest.raises(BreakdownError, match=r"does not answer \(connection refused\)"):
        ask("127.0.0.1", port, "/")


def test_a_server_that_fails_has_not_answered() -> None:
    app = Flask("failing")
    app.get("/")(lambda: ("", 503))
    with (
        Server(app, "127.0.0.1", 0) as server,
        pytest.raises(BreakdownError, match=r"does not answer \(it says 503\)"),
    ):
        first_request.over_http("127.0.0.1", server.port, "/")


def test_missing_resources_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(*_: object, **__: object) -> socket.socket:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(socket, "create_connection", lacking)
    with pytest.raises(ExhaustedError, match="no more files or connections"):
        first_request.over_http("127.0.0.1", 1, "/")
