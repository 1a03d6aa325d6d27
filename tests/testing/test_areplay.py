"""Replays that a test awaits, on its own event loop."""

from __future__ import annotations

import asyncio
import inspect
import signal
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest

from flowsim.errors import FlowsimError
from flowsim.testing.flowsim import Flowsim
from flowsim.testing.report import ReplayReport

from ..webhook import Webhook, status
from .consumer import create_app, runs

TWO = {"seed": 7, "at": "2026-01-15T09:30:00Z", "events": [{"flow_run": {}, "repeat": 2}]}

AsgiApp = Callable[..., Awaitable[None]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def handling(work: Callable[[], Awaitable[object]]) -> AsgiApp:
    """Return an ASGI application without a lifespan that does some work and answers 204."""

    async def app(scope: dict[str, Any], _: object, send: Callable[..., Awaitable[None]]) -> None:
        assert scope["type"] == "http"
        await work()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    return app


@pytest.mark.anyio
async def test_an_asgi_application_uses_what_belongs_to_the_loop_of_the_test(
    sender: Flowsim,
) -> None:
    """A worker of the test answers the application, which waits for it."""
    asked: asyncio.Queue[asyncio.Future[str]] = asyncio.Queue()

    async def work() -> None:
        answer = asyncio.get_running_loop().create_future()
        await asked.put(answer)
        assert await answer == "done"

    async def worker() -> None:
        while True:
            (await asked.get()).set_result("done")

    task = asyncio.create_task(worker())
    report = await sender.areplay(TWO, handling(work))
    task.cancel()
    report.assert_delivered()
    assert [each.statuses for each in report.events] == [(204,), (204,)]


def test_a_wsgi_application_works_in_the_thread_of_the_loop(
    sender: Flowsim, database: sqlite3.Connection
) -> None:
    async def replay() -> ReplayReport:
        return await sender.areplay("partial", create_app(database), path="/hook")

    asyncio.run(replay()).assert_delivered()
    assert runs(database) == [("success", 30)]


def test_with_threads_requests_come_at_the_same_time(sender: Flowsim) -> None:
    together = threading.Barrier(2, timeout=60)

    def app(_: object, start_response: Callable[..., object]) -> Iterable[bytes]:
        together.wait()
        start_response("200 OK", [])
        return []

    async def replay() -> ReplayReport:
        return await sender.areplay(TWO, app, threads=True)

    assert asyncio.run(replay()).ok


@pytest.mark.anyio
async def test_an_address_is_reached_over_its_socket(sender: Flowsim, webhook: Webhook) -> None:
    webhook.answers = [status(503), status(200)]
    report = await sender.areplay("partial", webhook.url)
    assert report.events[0].statuses == (503, 200)


def test_the_arguments_are_those_of_replay_and_give_the_same_bytes(
    sender: Flowsim, reports: list[ReplayReport], webhook: Webhook
) -> None:
    both = [inspect.signature(each) for each in (sender.replay, sender.areplay)]
    assert both[0].parameters == both[1].parameters
    arguments: dict[str, Any] = {"seed": 11, "faults": ["duplicate"], "client_id": "f" * 32}
    there = sender.replay("batch", webhook.url, **arguments)
    here = asyncio.run(sender.areplay("batch", webhook.url, **arguments))
    assert reports == [there, here]
    sent = [[(each.headers, each.body) for each in report.attempts] for report in reports]
    assert sorted(sent[0], key=str) == sorted(sent[1], key=str)
    for method in (sender.replay, sender.areplay):
        with pytest.raises(TypeError, match="got an unexpected keyword argument 'sed'"):
            method("batch", webhook.url, sed=3)  # type: ignore[call-arg]


@pytest.mark.anyio
async def test_cancellation_ends_a_replay_and_the_application(sender: Flowsim) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    task = asyncio.create_task(sender.areplay("partial", handling(hang), timeout=3600))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


def test_ctrl_c_ends_a_replay(sender: Flowsim) -> None:
    async def interrupted() -> None:
        signal.raise_signal(signal.SIGINT)
        await asyncio.Event().wait()

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(sender.areplay("partial", handling(interrupted), timeout=3600))


def test_what_an_application_fails_is_the_failure_of_the_test(sender: Flowsim) -> None:
    async def work() -> None:
        pytest.fail("not so")

    with pytest.raises(pytest.fail.Exception, match="not so"):
        asyncio.run(sender.areplay("partial", handling(work)))


def test_an_impossible_replay_is_reported_in_one_sentence(sender: Flowsim) -> None:
    with pytest.raises(FlowsimError, match="which webhook") as raised:
        asyncio.run(sender.areplay("partial"))
    assert "name it with target=" in str(raised.value)


def test_a_loop_of_another_library_is_refused(sender: Flowsim, webhook: Webhook) -> None:
    with pytest.raises(FlowsimError, match="areplay needs a running event loop of asyncio"):
        sender.areplay("partial", webhook.url).send(None)
