"""A WSGI application, called in this process without a port."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any
from wsgiref.validate import validator

import pytest
from flask import Flask, Response, request

from flowsim.core.outcome import NETWORK, TIMEOUT, UNEXPECTED, Outcome
from flowsim.core.wire import Wire
from flowsim.delivery.app_threads import OneThread, in_new_thread
from flowsim.delivery.applications import Call
from flowsim.delivery.http_answer import KEPT_BODY
from flowsim.delivery.wsgi import WsgiApp, WsgiTransport

from ..cases import for_each

URL = "https://testserver/hook?tenant=a%2Fb"
HEADERS = {"content-type": "application/json", "x-adobe-event-id": "933cf9f4"}


def sent(app: WsgiApp, body: bytes = b"{}", *, timeout: float = 10.0) -> Outcome:
    """Return what one POST got."""

    async def once() -> Outcome:
        async with WsgiTransport(app, timeout=timeout, call=in_new_thread) as transport:
            return await transport.send(URL, HEADERS, body)

    return asyncio.run(once())


def answering(status: str, *chunks: bytes, **headers: str) -> WsgiApp:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ARG001
        start_response(status, list(headers.items()))
        return list(chunks)

    return app


def test_a_flask_application_sees_the_request_as_behind_a_server() -> None:
    flask = Flask("consumer")

    @flask.post("/hook")
    def hook() -> dict[str, Any]:
        return {
            "url": request.url,
            "tenant": request.args["tenant"],
            "secure": request.is_secure,
            "length": request.content_length,
            "event": request.headers["X-Adobe-Event-Id"],
            "body": request.get_json(),
        }

    outcome = sent(flask, b'{"records":1000}')
    assert outcome.status_code == 200
    assert (b"Content-Type", b"application/json") in outcome.headers
    assert json.loads(outcome.body) == {
        "url": "https://testserver/hook?tenant=a/b",
        "tenant": "a/b",
        "secure": True,
        "length": 16,
        "event": "933cf9f4",
        "body": {"records": 1000},
    }


def test_a_compressed_answer_is_read_as_it_was_before() -> None:
    """Middleware compresses what its client says that it reads."""
    packed = gzip.compress(b"the reason")
    for body in (packed, packed[:9]):
        outcome = sent(answering("400 Bad Request", body, **{"Content-Encoding": "gzip"}))
        is_whole = body == packed
        assert outcome.body == (b"the reason" if is_whole else body)
        assert bool(outcome.unread) is not is_whole


def test_an_application_is_called_as_pep_3333_demands() -> None:
    """The validator of the standard library complains about both sides."""
    app = validator(answering("200 OK", b"fine", **{"Content-Type": "text/plain"}))
    outcome = sent(app)
    assert (outcome.status_code, outcome.body, outcome.problem) == (200, b"fine", "")


def test_a_status_outside_http_is_601() -> None:
    outcome = sent(answering("604 Mine", b"said"))
    assert (outcome.status_code, outcome.problem) == (UNEXPECTED, "HTTP has no status 604")


def test_a_challenge_is_asked_for_with_get() -> None:
    flask = Flask("consumer")

    @flask.get("/hook")
    def hook() -> Response:
        return Response(request.args["challenge"])

    async def once() -> Outcome:
        transport = WsgiTransport(flask, timeout=60, call=in_new_thread)
        return await transport.send(
            "https://testserver/hook?challenge=8ec8", {"accept": "*/*"}, b"", "GET"
        )

    assert asyncio.run(once()).body == b"8ec8"


def test_an_exception_of_an_application_is_a_500_with_its_traceback() -> None:
    def app(environ: Any, start_response: Any) -> Iterable[bytes]:  # noqa: ARG001
        raise LookupError("no such run")

    outcome = sent(app)
    assert (outcome.status_code, outcome.body) == (500, b"")
    assert outcome.problem == "the application raised LookupError: no such run"
    head, first, *_, last = outcome.traceback.splitlines()
    assert head == "Traceback (most recent call last):"
    assert first.startswith(f'  File "{__file__}"')
    assert last == "LookupError: no such run"


def test_an_error_in_the_body_is_a_500_and_closes_it() -> None:
    closed = threading.Event()

    def app(environ: Any, start_response: Any) -> Iterator[bytes]:  # noqa: ARG001
        start_response("200 OK", [])
        try:
            yield b"half"
            raise OSError("the disk is full")
        finally:
            closed.set()

    outcome = sent(app)
    assert (outcome.status_code, outcome.problem[-25:]) == (500, "OSError: the disk is full")
    assert closed.is_set()


def without_start(environ: Any, start_response: Any) -> list[bytes]:  # noqa: ARG001
    return [b"hello"]


def starting_twice(environ: Any, start_response: Any) -> list[bytes]:  # noqa: ARG001
    start_response("200 OK", [])
    start_response("200 OK", [])
    return []


@for_each(
    ("app", "problem"),
    [
        (without_start, "AssertionError: start_response was not called before the body"),
        (starting_twice, "AssertionError: start_response was called twice"),
        (answering("fine"), "ValueError: invalid literal for int() with base 10: 'fin'"),
        (answering("200 OK", "text"), "TypeError: can't concat str to bytearray"),  # type: ignore[arg-type]
    ],
)
def test_a_break_of_the_protocol_is_a_500_that_says_why(app: WsgiApp, problem: str) -> None:
    outcome = sent(app)
    assert outcome.traceback.splitlines()[-1] == problem
    assert (outcome.status_code, outcome.problem) == (500, f"the application raised {problem}")


def test_an_error_may_replace_an_answer_that_has_not_begun() -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:  # noqa: ARG001
        start_response("200 OK", [])
        try:
            raise ValueError("too late")
        except ValueError as error:
            write = start_response("503 Later", [], (ValueError, error, error.__traceback__))
        write(b"wait")
        return []

    outcome = sent(app)
    assert (outcome.status_code, outcome.body) == (503, b"wait")


def test_an_endless_answer_is_read_up_to_the_limit_of_http() -> None:
    def app(environ: Any, start_response: Any) -> Iterator[bytes]:  # noqa: ARG001
        start_response("200 OK", [])
        while True:
            yield b"x" * 100_000

    outcome = sent(app)
    assert (outcome.status_code, len(outcome.body)) == (200, KEPT_BODY)


def test_an_answer_is_waited_for_only_until_the_limit() -> None:
    """The thread goes on, as a server's does: late processing still happens."""
    answer, did = threading.Event(), threading.Event()

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        answer.wait(60)
        did.set()
        return answering("200 OK")(environ, start_response)

    outcome = sent(app, timeout=0.05)
    assert (outcome.status_code, outcome.problem) == (TIMEOUT, "no complete answer within 50ms")
    answer.set()
    assert did.wait(60)


def test_one_thread_does_all_the_work_it_is_given() -> None:
    """An application may hold what belongs to the thread of the test, as SQLite does."""
    threads = set[int]()

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        threads.add(threading.get_ident())
        return answering("200 OK")(environ, start_response)

    outcomes = list[Outcome]()
    one = OneThread()

    async def thrice(call: Call) -> None:
        async with WsgiTransport(app, timeout=60, call=call) as transport:
            for _ in range(3):
                outcomes.append(await transport.send(URL, HEADERS, b"{}"))
        one.end()

    sending = threading.Thread(target=lambda: asyncio.run(thrice(one.call)))
    sending.start()
    one.serve()
    sending.join()
    assert [each.status_code for each in outcomes] == [200] * 3
    assert threads == {threading.get_ident()}


def test_work_whose_caller_was_cancelled_is_not_begun() -> None:
    one, begun = OneThread(), list[str]()

    async def give_up() -> None:
        try:
            async with asyncio.timeout(0.01):
                await one.call(lambda: begun.append("late"))  # type: ignore[arg-type,func-returns-value]
        except TimeoutError:
            one.end()

    giving_up = threading.Thread(target=lambda: asyncio.run(give_up()))
    giving_up.start()
    giving_up.join()
    one.serve()
    assert begun == []


def test_an_event_loop_in_that_thread_does_the_work_hidden() -> None:
    """A framework would refuse to call a database or a coroutine where it sees a loop."""

    async def twice() -> int:
        return 2

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        assert asyncio.run(twice()) == 2
        return answering("200 OK")(environ, start_response)

    transport = WsgiTransport(app, timeout=60, call=OneThread().call)
    assert asyncio.run(transport.send(URL, HEADERS, b"{}")).status_code == 200


def test_a_late_answer_is_ignored_even_if_the_loop_was_blocked() -> None:
    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        time.sleep(0.02)
        return answering("200 OK")(environ, start_response)

    transport = WsgiTransport(app, timeout=0.01, call=OneThread().call)
    assert asyncio.run(transport.send(URL, HEADERS, b"{}")).status_code == TIMEOUT


def test_a_failure_of_the_test_is_raised_at_the_caller() -> None:
    def app(environ: Any, start_response: Any) -> Iterable[bytes]:  # noqa: ARG001
        pytest.fail("the test says so")

    with pytest.raises(pytest.fail.Exception, match="the test says so"):
        sent(app)


def wired(app: WsgiApp, wire: Wire, body: bytes = b'{"records":1000}') -> Outcome:
    """Return what one POST got that a fault wrote."""
    transport = WsgiTransport(app, timeout=60, call=in_new_thread)
    return asyncio.run(transport.wired(wire).send(URL, HEADERS, body))


def test_a_slow_body_is_read_to_its_end() -> None:
    parts = list[bytes]()

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        parts.append(environ["wsgi.input"].read(3))
        parts.append(environ["wsgi.input"].readline())
        parts.append(environ["wsgi.input"].read())
        return answering("200 OK")(environ, start_response)

    assert wired(app, Wire(1, seconds=0.01), b"one two\nthree").status_code == 200
    assert parts == [b"one", b" two\n", b"three"]


def test_an_answer_after_the_limit_is_ignored_but_the_work_ends() -> None:
    flask, got = Flask("consumer"), list[Any]()

    @flask.post("/hook")
    def hook() -> str:
        got.append(request.get_json())
        return ""

    lost = wired(flask, Wire(1, hangs_up=True))
    assert (lost.status_code, lost.problem) == (
        NETWORK,
        "closed before the answer was read, as a fault says",
    )
    cut = wired(flask, Wire(1, kept=0.5))
    assert (cut.status_code, cut.problem) == (
        NETWORK,
        "closed in the middle of the body, as a fault says",
    )
    assert wired(flask, Wire(1, chunked=True)).status_code == 200
    assert wired(flask, Wire(1, length_error=-1)).status_code == 400
    assert got == [{"records": 1000}] * 2
