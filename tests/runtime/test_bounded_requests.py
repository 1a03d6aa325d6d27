"""Calls with ``requests``: every answer is bounded in time and size."""

from __future__ import annotations

import pytest
import requests

from flowsim.errors import ServiceError, UnreachableError
from flowsim.events_service.client import ServiceClient
from flowsim.installation.key_sources import find_key
from flowsim.runtime.bounded_requests import is_endless, session

from .. import webhook
from ..cases import for_each
from ..endless import CHUNKED, IN_BODY, IN_HEAD, Endless
from ..webhook import Webhook

PATH = "/prod/keys/pub-key-0123456789.pem"

ON_ITS_WAY = 16 * 2**20
"""More bytes than the network holds."""

EVERYWHERE = {**IN_BODY, **IN_HEAD}


def refused(url: str, seconds: float = 60.0) -> str:
    """Return the error of a service client for an invalid address."""
    client = ServiceClient(url, most_bytes=100_000, seconds=seconds)
    with client, pytest.raises(UnreachableError) as caught:
        client.get("/")
    return str(caught.value)


@for_each("where", EVERYWHERE)
def test_an_endless_answer_is_abandoned(where: str) -> None:
    with (
        Endless(*EVERYWHERE[where]) as server,
        session(100_000, 60.0) as calls,
        pytest.raises(requests.RequestException),
    ):
        calls.get(server.url, timeout=30)
    assert server.sent <= ON_ITS_WAY


@for_each("where", EVERYWHERE)
def test_an_endless_answer_of_a_key_host_is_no_key(where: str) -> None:
    with Endless(*EVERYWHERE[where]) as server, pytest.raises(LookupError):
        find_key(server.url)(PATH)
    assert server.sent <= ON_ITS_WAY


@for_each("where", EVERYWHERE)
def test_a_server_with_endless_answers_is_not_a_service(where: str) -> None:
    with Endless(*EVERYWHERE[where]) as server:
        assert "no events service answers at" in refused(server.url)
    assert server.sent <= ON_ITS_WAY


def test_an_answer_that_is_too_long_is_named_as_such() -> None:
    for where in ("a body", "chunks", "trailers", "interim answers"):
        with Endless(*EVERYWHERE[where]) as server:
            assert "its answer has more than 100,000 bytes" in refused(server.url)


@pytest.mark.parametrize("begin", [b"HTTP/1.1 200 OK\r\na: ", CHUNKED + b"1;"], ids=len)
def test_a_slow_answer_has_a_limit_as_a_whole(begin: bytes) -> None:
    """A byte now and then is always in time for what waits for the next one."""
    with Endless(begin, b"a", pause=0.02) as server:
        with pytest.raises(LookupError):
            find_key(server.url, seconds=0.5)(PATH)
        assert "it takes too long" in refused(server.url, seconds=0.5)


def test_the_next_answer_on_a_connection_has_bounds_of_its_own() -> None:
    with Webhook([webhook.status(200, "x" * 60_000)]) as server, session(100_000, 60.0) as calls:
        url = f"http://127.0.0.1:{server.port}"
        assert [len(calls.get(url).content) for _ in range(3)] == [60_000] * 3
    assert len({each.connection for each in server.requests}) == 1


def test_a_compressed_answer_of_the_service_is_not_decompressed() -> None:
    """A few bytes of gzip may be a gigabyte."""
    answer = webhook.status(
        200, "[1]", x_request_id="0123456789abcdef" * 2, content_encoding="gzip"
    )
    with Webhook([answer]) as server, ServiceClient(f"http://127.0.0.1:{server.port}") as client:
        assert client.get("/") == [1]


def test_an_answer_with_too_many_values_is_not_of_the_service() -> None:
    text = "[" + "[]," * 2_000_000 + "[]]"
    answer = webhook.status(200, text, x_request_id="0123456789abcdef" * 2)
    with (
        Webhook([answer]) as server,
        ServiceClient(f"http://127.0.0.1:{server.port}") as client,
        pytest.raises(ServiceError, match="answers, but not as flowsim does"),
    ):
        client.get("/")


def test_another_error_is_not_taken_for_an_endless_answer() -> None:
    with pytest.raises(requests.RequestException) as caught:
        session(100, 1.0).get("http://127.0.0.1:1/", timeout=1)
    assert not is_endless(caught.value)
