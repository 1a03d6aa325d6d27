"""Answers without end: every byte of them counts, wherever it stands."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from flowsim.core.outcome import UNEXPECTED, Outcome
from flowsim.core.wire import Wire
from flowsim.delivery.app_threads import OneThread, in_new_thread
from flowsim.delivery.applications import Call
from flowsim.delivery.asgi import AsgiTransport
from flowsim.delivery.http_answer import READ, READ_BODY
from flowsim.delivery.http_transport import HttpTransport
from flowsim.delivery.raw_transport import RawTransport
from flowsim.delivery.wsgi import WsgiTransport

from ..endless import IN_BODY, IN_HEAD, Endless

Send = Callable[[str], Outcome]

MOST = READ + 16 * 2**20
"""What is read of an answer, and more than the network holds on its way."""

LIMIT = 60.0
"""Seconds of an attempt; in each of them a client without a bound reads a hundred megabytes."""


def over_http(url: str) -> Outcome:
    async def once() -> Outcome:
        async with HttpTransport(timeout=LIMIT, connections=1) as transport:
            return await transport.send(url, {}, b"{}")

    return asyncio.run(once())


def as_written(url: str) -> Outcome:
    transport = RawTransport(Wire(1), timeout=LIMIT)
    return asyncio.run(transport.send(url, {}, b"{}"))


@pytest.fixture(params=[over_http, as_written], ids=["http", "raw"])
def send(request: pytest.FixtureRequest) -> Send:
    chosen: Send = request.param
    return chosen


@pytest.mark.parametrize("where", IN_BODY)
def test_an_answer_cut_after_its_head_is_an_error(send: Send, where: str) -> None:
    with Endless(*IN_BODY[where]) as server:
        outcome = send(server.url)
        assert (outcome.status_code, outcome.problem) == (200, "")
    assert server.sent <= MOST


@pytest.mark.parametrize("where", IN_HEAD)
def test_a_head_without_an_end_is_no_answer(send: Send, where: str) -> None:
    """Interim answers count with the head that comes after them, if it ever comes."""
    with Endless(*IN_HEAD[where]) as server:
        outcome = send(server.url)
        assert (outcome.status_code, outcome.body) == (UNEXPECTED, b"")
    assert server.sent <= MOST


# Applications in this process


def endless(part: bytes) -> Any:
    """Return an application that yields a part for ever, and counts how often."""

    def app(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        while True:
            app.parts += 1  # type: ignore[attr-defined]
            yield part

    app.parts = 0  # type: ignore[attr-defined]
    return app


def answer_of(app: Any, call: Call, timeout: float = LIMIT) -> Outcome:
    async def once() -> Outcome:
        async with WsgiTransport(app, timeout=timeout, call=call) as transport:
            return await transport.send("http://testserver/", {}, b"{}")

    return asyncio.run(once())


@pytest.mark.slow
@pytest.mark.parametrize("part", [b"", b"x", b"x" * 100_000], ids=len)
def test_endless_parts_are_cut_even_if_they_are_empty(part: bytes) -> None:
    app = endless(part)
    outcome = answer_of(app, in_new_thread)
    assert (outcome.status_code, outcome.problem) == (200, "")
    assert app.parts <= READ_BODY + 1


def test_endless_output_is_cut() -> None:
    written: list[int] = []

    def app(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        write = start_response("200 OK", [])
        while True:
            write(b"x" * 1000)
            written.append(1000)

    outcome = answer_of(app, in_new_thread)
    assert (outcome.status_code, outcome.problem, outcome.body[:3]) == (200, "", b"xxx")
    assert sum(written) <= READ_BODY + 1000


def test_an_endless_answer_does_not_block_the_thread_of_its_application() -> None:
    """Servers notice by then that the client has hung up, since it reads nothing any more."""

    def app(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        while True:
            pause.wait(0.01)
            yield b"x"

    pause = threading.Event()
    outcome = answer_of(app, OneThread().call, timeout=0.1)
    assert outcome.problem == "no complete answer within 100ms"


@pytest.mark.parametrize("part", [b"x" * 1000, b"x" * 100_000], ids=len)
def test_an_asgi_application_hears_that_the_rest_is_not_read(part: bytes) -> None:
    sent = 0

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        nonlocal sent
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": 200})
        while True:
            await send({"type": "http.response.body", "body": part, "more_body": True})
            sent += len(part)

    async def once() -> Outcome:
        async with AsgiTransport(app, timeout=LIMIT) as transport:
            return await transport.send("http://testserver/", {}, b"{}")

    outcome = asyncio.run(once())
    assert (outcome.status_code, outcome.problem) == (200, "")
    assert sent <= READ_BODY + len(part)
