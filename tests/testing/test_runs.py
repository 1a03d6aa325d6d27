"""Stories replayed to applications in this process, and to addresses."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi import FastAPI, Request

from flowsim.commands import main
from flowsim.errors import FlowsimError
from flowsim.installation.key_sources import find_key
from flowsim.receiver.application import create as create_receiver
from flowsim.receiver.stub import ReceiverOptions, ReceivingStub
from flowsim.testing.flowsim import Flowsim
from flowsim.testing.report import ReplayReport

from ..webhook import Webhook, status
from .consumer import create_app, runs

TWO = {
    "seed": 7,
    "at": "2026-01-15T09:30:00Z",
    "events": [{"flow_run": {}, "repeat": 2}],
}


def answering(*codes: int) -> Callable[..., Iterable[bytes]]:
    """Return an application that answers so, the last code for ever."""
    left = list(codes)

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ARG001
        start_response(f"{left.pop(0) if len(left) > 1 else left[0]} Said", [])
        return []

    return app


def test_a_wsgi_application_works_in_the_thread_of_the_test(
    sender: Flowsim, database: sqlite3.Connection
) -> None:
    """SQLite refuses connections of other threads, as much else does that tests share."""
    report = sender.replay("partial", create_app(database), path="/hook")
    report.assert_delivered()
    assert runs(database) == [("success", 30)]


def test_the_receiving_stub_is_an_application_too(sender: Flowsim) -> None:
    """It refuses hosts that it does not serve; without a socket it has the host of tests."""
    receiver = ReceivingStub(find_key(None), ReceiverOptions())
    sender.replay("partial", create_receiver(receiver)).assert_delivered()
    assert [each.reception.verified for each in receiver.received] == [True]


def test_an_asgi_application_works_too(sender: Flowsim) -> None:
    app, got = FastAPI(), list[Any]()

    @app.post("/hook")
    async def hook(request: Request) -> None:
        got.append(await request.json())

    report = sender.replay("partial", app, path="hook")
    assert report.ok
    assert got == [report.events[0].json]


def test_an_address_is_reached_over_its_socket(sender: Flowsim, webhook: Webhook) -> None:
    webhook.answers = [status(503), status(200)]
    report = sender.replay("partial", webhook.url)
    assert report.events[0].statuses == (503, 200)
    assert [each.body for each in webhook.requests] == [report.events[0].body] * 2
    assert sender.replay("partial", webhook.port).target == f"http://127.0.0.1:{webhook.port}/"


def test_a_target_may_be_the_import_path_of_an_application(
    sender: Flowsim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my_consumer.py").write_text(
        "from flask import Flask\n"
        "app = Flask('mine')\n"
        "app.post('/')(lambda: '')\n"
        "create_app = lambda: app\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    for target in ("my_consumer:app", "my_consumer:create_app()"):
        assert sender.replay("partial", target).ok
    with pytest.raises(FlowsimError) as raised:
        sender.replay("partial", "my_consumer:ap")
    assert str(raised.value).startswith("the target my_consumer:ap: module 'my_consumer' has no")


def test_the_same_seed_gives_the_same_story_at_any_target(
    sender: Flowsim, webhook: Webhook
) -> None:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return answering(200)(environ, start_response)

    here, there = sender.replay("batch", app), sender.replay("batch", webhook.url)
    sent = [[(each.headers, each.body) for each in report.attempts] for report in (here, there)]
    assert sorted(sent[0], key=str) == sorted(sent[1], key=str)


def test_a_day_of_retries_takes_no_time(sender: Flowsim) -> None:
    report = sender.replay("partial", answering(503), max_attempts=None)
    assert report.events[0].received == "dropped: 503 until 24 hours had passed"
    assert len(report.attempts) == report.attempts[-1].number > 90


def test_a_test_makes_five_attempts_by_default(sender: Flowsim) -> None:
    report = sender.replay("partial", answering(503))
    assert report.events[0].received == "dropped: 503 on the last of 5 attempts"
    assert sender.replay("partial", answering(503, 503, 200)).events[0].statuses == (503, 503, 200)


def test_threads_bring_requests_at_the_same_time(sender: Flowsim) -> None:
    together = threading.Barrier(2, timeout=60)

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        together.wait()
        return answering(200)(environ, start_response)

    assert sender.replay(TWO, app, threads=True).ok


def test_without_threads_one_request_comes_after_the_other(sender: Flowsim) -> None:
    seen, busy = list[tuple[bool, bool]](), threading.Lock()

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with busy:
            seen.append((environ["wsgi.multithread"], threading.current_thread() is caller))
            return answering(200)(environ, start_response)

    caller = threading.current_thread()
    assert sender.replay(TWO, app).ok
    assert seen == [(False, True)] * 2


def test_an_answer_after_the_timeout_does_not_count(sender: Flowsim) -> None:
    late = threading.Event()

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        late.wait(0.1)
        return answering(200)(environ, start_response)

    report = sender.replay("partial", app, timeout=0.02, max_attempts=1)
    assert report.events[0].statuses == (604,)


def test_a_test_may_have_an_event_loop_of_its_own(
    sender: Flowsim, database: sqlite3.Connection
) -> None:
    async def replay() -> ReplayReport:
        return sender.replay("partial", create_app(database), path="/hook")

    assert asyncio.run(replay()).ok


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, pytest.fail.Exception])
def test_exceptions_that_are_no_errors_end_the_replay(
    sender: Flowsim, error: type[BaseException]
) -> None:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ARG001
        raise error

    with pytest.raises(error):
        sender.replay("partial", app)


def test_faults_act_on_the_way_to_an_application(
    sender: Flowsim, database: sqlite3.Connection
) -> None:
    app = create_app(database)
    report = sender.replay("partial", app, path="/hook", faults=["duplicate"])
    assert report.events[0].statuses == (200, 200)
    assert len(runs(database)) == 1
    withheld = sender.replay("partial", app, path="/hook", faults="drop")
    assert [(each.ending, each.ok, each.body) for each in withheld.events] == [
        ("withheld", True, b"")
    ]


def test_captured_requests_are_sent_again(
    sender: Flowsim, database: sqlite3.Connection, tmp_path: Path
) -> None:
    CliRunner().invoke(main, ["replay", "partial", "--save", str(tmp_path / "incident")])
    app = create_app(database, sender.public_key)
    report = sender.replay(tmp_path / "incident", app, path="/hook")
    assert (report.ok, report.seed, runs(database)) == (True, None, [("success", 30)])
    assert report.title.endswith("/incident to https://testserver/hook")
    client_id = "1" * 32
    again = sender.replay(
        tmp_path / "incident", app, path="/hook", resign=True, client_id=client_id
    )
    assert again.events[0].json["recipient_client_id"] == client_id
    assert again.ok


def test_faults_of_the_wire_act_as_on_a_socket(
    sender: Flowsim, database: sqlite3.Connection, webhook: Webhook
) -> None:
    app = create_app(database)
    for faults, statuses in (
        ("hang-up", (602, 200)),
        ({"slow-body": "10ms"}, (200,)),
        ("chunked-body", (200,)),
        ("truncated-body", (602, 200)),
        ("wrong-content-length", (400,)),
    ):
        report = sender.replay("partial", app, path="/hook", faults=faults)
        assert report.events[0].statuses == statuses, faults
    assert len(runs(database)) == 4
    assert sender.replay("partial", webhook.url, faults="chunked-body").ok


def test_arguments_of_a_call_override_the_choices_of_a_project(
    choosing: Callable[..., Flowsim], database: sqlite3.Connection
) -> None:
    chosen = choosing(
        target=create_app(database),
        path="/hook",
        scenario="partial",
        seed=11,
        client_id="f" * 32,
        clock="1000000x",
    )
    report = chosen.replay()
    assert (report.ok, report.seed, report.skips_waits) == (True, 11, False)
    assert report.events[0].json["recipientclientid"] == "f" * 32
    assert chosen.replay(seed=12, client_id="e" * 32, clock="fast").seed == 12
    assert chosen.replay("success", set={"flow_run.records.input": 5}).ok


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "which webhook? name it with target="),
        ({"target": answering(200), "clock": "quick"}, "clock='quick' is neither fast, real nor"),
        ({"target": answering(200), "path": "/a b"}, "path='/a b'; expected a path such as /hook"),
        ({"target": answering(200), "at": "soon"}, "at='soon': at: 'soon'; expected a moment"),
        ({"target": answering(200), "seed": -1}, "seed=-1: seed: -1; expected"),
        ({"target": answering(200), "faults": "duplicat"}, "faults='duplicat': faults[0]: "),
        ({"target": answering(200), "set": {"flow_rum": 1}}, "set={'flow_rum': 1}: a key that"),
        ({"target": "no_such_module_here:app"}, "the target no_such_module_here:app: No module"),
        ({"target": object()}, "the target, a object, cannot be called"),
        ({"target": True}, "the target, a bool, cannot be called"),
        ({"target": 1}, "no webhook answers at http://127.0.0.1:1/ (connection refused); start it"),
    ],
)
def test_an_impossible_replay_is_reported_in_one_sentence(
    sender: Flowsim, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(FlowsimError) as raised:
        sender.replay("partial", **arguments)
    assert str(raised.value).startswith(said)
