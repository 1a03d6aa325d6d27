"""An ASGI application, called in this process without a port."""

from __future__ import annotations

import asyncio
import json
import logging
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import BackgroundTasks, FastAPI, Request
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from flowsim.core.outcome import NETWORK, TIMEOUT, Outcome
from flowsim.core.wire import Wire
from flowsim.delivery.asgi import AsgiApp, AsgiTransport
from flowsim.delivery.http_answer import KEPT_BODY
from flowsim.errors import UnreachableError

URL = "https://testserver/hook?tenant=a%2Fb"
HEADERS = {"content-type": "application/json", "x-adobe-event-id": "933cf9f4"}


def sent(app: AsgiApp, body: bytes = b"{}", *, timeout: float = 10.0) -> Outcome:
    """Return what one POST got."""

    async def once() -> Outcome:
        async with AsgiTransport(app, timeout=timeout) as transport:
            return await transport.send(URL, HEADERS, body)

    return asyncio.run(once())


def raw(answer: Callable[..., Awaitable[None]]) -> AsgiApp:
    """Return an application that has no lifespan, and answers requests so."""

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        await answer(scope, receive, send)

    return app


@pytest.mark.parametrize("status", [400, 500])
def test_a_compressed_answer_is_read_as_it_was_before(status: int) -> None:
    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ARG001
        headers = [(b"content-encoding", b"deflate")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": zlib.compress(b"the reason")})

    assert sent(raw(answer)).body == b"the reason"


def test_a_fastapi_application_sees_the_request_as_behind_a_server() -> None:
    fastapi = FastAPI()

    @fastapi.post("/hook")
    async def hook(request: Request, tenant: str) -> dict[str, Any]:
        return {
            "url": str(request.url),
            "tenant": tenant,
            "length": request.headers["content-length"],
            "event": request.headers["X-Adobe-Event-Id"],
            "body": await request.json(),
        }

    outcome = sent(fastapi, b'{"records":1000}')
    assert outcome.status_code == 200
    assert (b"content-type", b"application/json") in outcome.headers
    assert json.loads(outcome.body) == {
        "url": URL,
        "tenant": "a/b",
        "length": "16",
        "event": "933cf9f4",
        "body": {"records": 1000},
    }


def test_a_challenge_is_asked_for_with_get() -> None:
    async def hook(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.query_params["challenge"])

    async def once() -> Outcome:
        async with AsgiTransport(Starlette(routes=[Route("/hook", hook)]), timeout=60) as transport:
            return await transport.send("https://testserver/hook?challenge=8ec8", {}, b"", "GET")

    assert asyncio.run(once()).body == b"8ec8"


def test_a_body_comes_in_pieces_and_then_the_client_waits() -> None:
    body, messages = b"x" * 150_000, list[dict[str, Any]]()

    async def answer(_: Any, receive: Any, send: Any) -> None:
        messages.append(await receive())
        while messages[-1].get("more_body"):
            messages.append(await receive())
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})
        messages.append(await receive())

    assert sent(raw(answer), body).status_code == 204
    *pieces, last = messages
    assert len(pieces) == 3
    assert b"".join(each["body"] for each in pieces) == body
    assert last == {"type": "http.disconnect"}


def test_an_exception_of_an_application_is_a_500_with_its_traceback() -> None:
    async def answer(*_: Any) -> None:
        raise LookupError("no such run")

    outcome = sent(raw(answer))
    assert (outcome.status_code, outcome.body) == (500, b"")
    assert outcome.problem == "the application raised LookupError: no such run"
    head, *_, last = outcome.traceback.splitlines()
    assert head == "Traceback (most recent call last):"
    assert last == "LookupError: no such run"


def test_a_framework_that_answers_and_raises_gives_both(caplog: pytest.LogCaptureFixture) -> None:
    def hook(_: Request) -> PlainTextResponse:
        raise LookupError("no such run")

    outcome = sent(Starlette(routes=[Route("/hook", hook, methods=["POST"])]))
    assert (outcome.status_code, outcome.body) == (500, b"Internal Server Error")
    assert outcome.problem.endswith("LookupError: no such run")
    assert caplog.text == ""


async def silent(*_: Any) -> None:
    return None


async def body_first(_: Any, __: Any, send: Any) -> None:
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (silent, "the application ended without a complete answer"),
        (body_first, "http.response.body was sent where the protocol does not allow it"),
    ],
)
def test_a_break_of_the_protocol_is_a_500_that_says_why(
    answer: Callable[..., Awaitable[None]], problem: str
) -> None:
    outcome = sent(raw(answer))
    assert outcome.status_code == 500
    assert outcome.problem.splitlines()[-1].endswith(problem)


def test_an_endless_answer_is_read_up_to_the_limit_of_http() -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 100_000

    async def hook(_: Request) -> StreamingResponse:
        return StreamingResponse(endless())

    outcome = sent(Starlette(routes=[Route("/hook", hook, methods=["POST"])]), timeout=60)
    assert (outcome.status_code, len(outcome.body)) == (200, KEPT_BODY)


def test_after_the_limit_the_application_gets_a_disconnect() -> None:
    heard = list[str]()

    async def answer(_: Any, receive: Any, send: Any) -> None:
        await receive()
        heard.append((await receive())["type"])
        await send({"type": "http.response.start", "status": 200})

    outcome = sent(raw(answer), timeout=0.05)
    assert (outcome.status_code, outcome.problem) == (TIMEOUT, "no complete answer within 50ms")
    assert heard == ["http.disconnect"]


def test_an_answer_that_blocked_the_loop_too_long_is_late(
    busy: Callable[[float], None],
) -> None:
    async def answer(_: Any, __: Any, send: Any) -> None:
        busy(0.02)
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body"})

    assert sent(raw(answer), timeout=0.01).status_code == TIMEOUT


@pytest.fixture
def busy() -> Callable[[float], None]:
    """Keep a processor busy for some seconds."""
    from flowsim.runtime.clock import stopwatch

    def work(seconds: float) -> None:
        end = stopwatch() + seconds
        while stopwatch() < end:
            pass

    return work


def test_tasks_in_the_background_are_waited_for_after_the_last_answer() -> None:
    fastapi, done = FastAPI(), list[str]()

    async def work() -> None:
        await asyncio.sleep(0.01)
        done.append("later")

    @fastapi.post("/hook")
    async def hook(tasks: BackgroundTasks) -> None:
        tasks.add_task(work)
        done.append("at once")

    assert sent(fastapi).status_code == 200
    assert done == ["at once", "later"]


def test_an_exception_after_an_answer_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def answer(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body"})
        raise LookupError("no such run")

    with caplog.at_level(logging.ERROR):
        outcome = sent(raw(answer))
    assert (outcome.status_code, outcome.problem) == (200, "")
    assert "LookupError: no such run" in caplog.text


def test_an_application_is_started_before_and_stopped_after_its_requests() -> None:
    noted = list[str]()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, str]]:
        noted.append("started")
        yield {"database": "open"}
        noted.append("stopped")

    fastapi = FastAPI(lifespan=lifespan)

    @fastapi.post("/hook")
    async def hook(request: Request) -> None:
        noted.append(request.state.database)

    assert sent(fastapi).status_code == 200
    assert noted == ["started", "open", "stopped"]


@pytest.mark.parametrize("when", ["start", "stop"])
def test_an_application_that_cannot_start_or_stop_says_why(when: str) -> None:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if when == "start":
            raise OSError("no database")
        yield
        raise OSError("no database")

    with pytest.raises(UnreachableError) as raised:
        sent(FastAPI(lifespan=lifespan))
    assert str(raised.value) == f"the application did not {when}: OSError: no database"


def test_an_application_may_end_its_lifespan_early() -> None:
    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            return
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body"})

    assert sent(app).status_code == 200


def test_an_exception_that_is_no_error_is_raised_unchanged() -> None:
    async def answer(*_: Any) -> None:
        pytest.fail("the test says so")

    with pytest.raises(pytest.fail.Exception, match="the test says so"):
        sent(raw(answer))


def wired(app: AsgiApp, wire: Wire, body: bytes = b'{"records":1000}') -> Outcome:
    """Return what one POST got that a fault wrote."""

    async def once() -> Outcome:
        async with AsgiTransport(app, timeout=60) as transport:
            return await transport.wired(wire).send(URL, HEADERS, body)

    return asyncio.run(once())


def test_an_application_sees_what_a_wire_fault_changes() -> None:
    fastapi, got = FastAPI(), list[Any]()

    @fastapi.post("/hook")
    async def hook(request: Request) -> None:
        got.append(await request.json())

    for wire, status in (
        (Wire(1, seconds=0.01), 200),
        (Wire(1, chunked=True), 200),
        (Wire(1, hangs_up=True), NETWORK),
    ):
        assert wired(fastapi, wire).status_code == status
    assert got == [{"records": 1000}] * 3
    assert wired(fastapi, Wire(1, length_error=-1)).status_code == 500
    assert wired(fastapi, Wire(1, kept=0.5)).status_code == NETWORK
    assert len(got) == 3


def test_a_client_that_hangs_up_in_the_body_is_a_disconnect() -> None:
    messages = list[dict[str, Any]]()

    async def answer(_: Any, receive: Any, __: Any) -> None:
        messages.extend([await receive(), await receive()])

    assert wired(raw(answer), Wire(1, kept=0.5), b"12345678").status_code == NETWORK
    assert messages == [
        {"type": "http.request", "body": b"1234", "more_body": True},
        {"type": "http.disconnect"},
    ]
