"""Calls to a running service, and the messages when they fail."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from flowsim.errors import ServiceError, UnreachableError
from flowsim.events_service.client import ServiceClient
from flowsim.installation import authority, credentials

from .. import webhook
from ..cases import for_each
from ..webhook import Answer, Webhook


def status(code: int, body: str = "", **headers: str) -> Answer:
    """Answer as the service does, with an ``x-request-id``."""
    return webhook.status(code, body, x_request_id="0123456789abcdef" * 2, **headers)


def asked(answer: Answer, path: str = "/x") -> ServiceError:
    """Return the message of the client for an answer that it cannot accept."""
    with Webhook([answer]) as server, ServiceClient(f"http://127.0.0.1:{server.port}") as client:
        with pytest.raises(ServiceError) as caught:
            client.get(path)
        return caught.value


def test_an_answer_is_read_with_links_and_retry_after() -> None:
    link = '</a?b=1>; rel="next"'
    answer = status(200, '{"a": 1}', link=link, retry_after="10")
    with Webhook([answer, status(204)]) as server:
        with ServiceClient(f"http://127.0.0.1:{server.port}/") as client:
            client.identify("me")
            got = client.call("POST", "/x?y=1", {"é": None}, {"z": 2, "none": None})
            assert (got.status_code, got.content, got.retry_after) == (200, {"a": 1}, 10.0)
            assert got.links == {"next": "/a?b=1"}
            assert client.post("/nothing") is None
        first, second = server.requests
    assert first.line == "POST /x?y=1&z=2 HTTP/1.1"
    assert first.body == b'{"\\u00e9": null}'
    assert first.headers["x-api-key"] == "me"
    assert "content-type" not in {name.lower() for name in second.headers}


def test_a_refusal_is_reported_in_the_words_of_the_service() -> None:
    error = asked(status(404, '{"reason": "Not Found", "message": "no event 7"}'))
    assert (error.status_code, str(error)) == (404, "no event 7")


def test_a_token_that_is_wrong_has_a_remedy() -> None:
    error = asked(status(401, '{"error_code": "401013", "message": "Oauth token is not valid"}'))
    assert str(error) == "Oauth token is not valid; set FLOWSIM_TOKEN to its token"


def test_the_token_is_read_once_the_service_has_written_it() -> None:
    """A client may wait for a service that starts."""
    with Webhook([status(503), status(200, "{}")]) as server:
        with ServiceClient(f"http://127.0.0.1:{server.port}") as client:
            with pytest.raises(ServiceError):
                client.get("/readyz")
            with credentials.written(server.port, {"FLOWSIM_TOKEN": "mine"}):
                client.get("/x")
        before, after = server.requests
    assert "authorization" not in before.headers
    assert after.headers["authorization"] == "Bearer mine"


def test_the_option_that_adds_a_host_name_is_named() -> None:
    said = str(asked(status(421, '{"message": "no host; add --name x", "reason": "Misdirected"}')))
    assert said.startswith("no host; add --name x (says the service at http://127.0.0.1:")


def test_expired_events_are_reported_in_the_words_of_the_journal() -> None:
    assert str(asked(status(410, "Events at position X have expired\n"))) == (
        "Events at position X have expired"
    )


@for_each(
    "answer",
    [
        status(200, "<html>"),
        status(404, "<html>no</html>"),
        status(500, "[1]"),
        status(302, "{}", location="http://127.0.0.1:9/"),
        webhook.status(200),
        webhook.status(200, "{}"),
        webhook.status(204),
        webhook.status(410, "gone", x_request_id="abc"),
    ],
)
def test_another_server_is_recognised(answer: Answer) -> None:
    assert "answers, but not as flowsim does (" in str(asked(answer))


def test_a_missing_service_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with ServiceClient(f"http://127.0.0.1:{port}") as client:
        for call in (lambda: client.get("/x"), lambda: client.wait(0.2)):
            with pytest.raises(UnreachableError) as caught:
                call()
            assert str(caught.value) == (
                f"no events service answers at http://127.0.0.1:{port}: nothing listens there; "
                f"start one with flowsim up --port {port}"
            )


def unreachable(address: str) -> str:
    with ServiceClient(address) as client, pytest.raises(UnreachableError) as caught:
        client.get("/x")
    return str(caught.value)


def test_an_unreachable_service_is_reported_with_a_remedy(tmp_path: Path) -> None:
    """A TLS port answers http:// by hanging up, and a certificate of our own is not trusted."""
    tls = authority.load(tmp_path / "authority").server_context()
    with Webhook() as plain, Webhook(tls=tls) as secure:
        for address, words in (
            (f"https://127.0.0.1:{plain.port}", "it takes too long; name its port for http://"),
            (f"https://127.0.0.1:{secure.port}", "its certificate is not trusted; name its port"),
            (f"http://127.0.0.1:{secure.port}", "the connection ends without an answer; name its"),
            ("http://no-such-host.invalid", "the name of its host cannot be looked up; name ano"),
        ):
            said = unreachable(address)
            assert said.startswith(f"no events service answers at {address}: ")
            assert words in said


def test_the_client_waits_for_a_service_that_starts() -> None:
    busy = status(503, '{"reason": "Service Unavailable", "message": "locked"}')
    with (
        Webhook([busy, busy, status(200, "{}")]) as server,
        ServiceClient(f"http://127.0.0.1:{server.port}") as client,
    ):
        client.wait(30)
        assert len(server.requests) == 3


def test_a_server_that_hangs_up_counts_as_missing() -> None:
    with (
        Webhook([lambda _: iter([])]) as server,
        ServiceClient(f"http://127.0.0.1:{server.port}") as client,
        pytest.raises(UnreachableError),
    ):
        client.get("/x")
