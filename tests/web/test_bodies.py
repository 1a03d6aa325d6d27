"""How much of requests is worked on at once: many large ones do not fill the memory."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from flowsim.core.json_reading import MOST_VALUES
from flowsim.events_service import api
from flowsim.web import bodies
from flowsim.web.bodies import AT_ONCE, LARGE, MOST_BYTES, ByteBudget


class WorkingApplication:
    """An application that works on bodies until ``end`` is set."""

    def __init__(self) -> None:
        self.at_work = threading.Semaphore(0)
        self.end = threading.Event()
        self.app = Flask("working")
        bodies.limit(self.app)
        self.app.post("/")(self._work)
        self.app.post("/weighed")(self._weigh)
        api.explain(self.app, lambda: "1")

    def post(self, size: int, path: str = "/") -> Response:
        return self.app.test_client().post(path, data=b"x" * size)

    def _work(self) -> str:
        size = len(bodies.body_bytes())
        self.at_work.release()
        self.end.wait()
        return str(size)

    def _weigh(self) -> str:
        bodies.reserve_memory(100 * len(bodies.body_bytes()))
        return "done"


@pytest.fixture
def working(monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkingApplication]:
    monkeypatch.setattr(bodies, "LONGEST_WAIT", 60.0)
    made = WorkingApplication()
    yield made
    made.end.set()


def test_large_bodies_wait_for_memory_and_small_ones_do_not(working: WorkingApplication) -> None:
    with ThreadPoolExecutor(4) as clients:
        first = [clients.submit(working.post, MOST_BYTES) for _ in range(AT_ONCE // MOST_BYTES)]
        for _ in first:
            working.at_work.acquire()
        late = clients.submit(working.post, LARGE + 1)
        small = clients.submit(working.post, LARGE)
        working.at_work.acquire()  # the small one: there is no room for the other
        assert not working.at_work.acquire(blocking=False)
        working.end.set()
        assert [each.result().status_code for each in (*first, late, small)] == [200] * 4


def test_a_large_body_that_waits_too_long_is_answered_with_retry_after(
    working: WorkingApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "LONGEST_WAIT", 0.01)
    with ThreadPoolExecutor(2) as clients:
        first = [clients.submit(working.post, MOST_BYTES) for _ in range(AT_ONCE // MOST_BYTES)]
        for _ in first:
            working.at_work.acquire()
        refused = working.post(LARGE + 1)
        working.end.set()
        assert [each.result().status_code for each in first] == [200] * 2
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert "send this one again later" in refused.json["message"]
    assert working.post(LARGE + 1).status_code == 200


def test_work_larger_than_the_budget_reserves_all_of_it(
    working: WorkingApplication,
) -> None:
    """Else it would wait for ever, and so would two that each hold what the other needs."""
    with ThreadPoolExecutor(4) as clients:
        asked = [clients.submit(working.post, MOST_BYTES, "/weighed") for _ in range(8)]
        assert {each.result().status_code for each in asked} == {200}


def test_memory_is_released_at_every_end_of_a_request() -> None:
    app = Flask("broken")
    bodies.limit(app)

    @app.post("/")
    def fail() -> str:
        bodies.body_bytes()
        raise ZeroDivisionError

    for _ in range(2 * AT_ONCE // MOST_BYTES):
        assert app.test_client().post("/", data=b"x" * MOST_BYTES).status_code == 500


def test_work_that_gets_no_memory_in_time_reserves_none() -> None:
    budget = ByteBudget(10)
    assert budget.reserve(7, 0)
    assert not budget.reserve(4, 0)
    assert budget.reserve(3, 0)
    budget.release(7)
    assert budget.reserve(7, 0)


@pytest.mark.parametrize("unit", ["[]", "{}", '{"a":0}', "1"])
def test_a_body_with_too_many_values_is_413_before_they_are_read(
    api: FlaskClient, unit: str
) -> None:
    """Sixteen such bodies of four megabytes took two gigabytes."""
    body = f"[{','.join([unit] * MOST_VALUES)}]"
    headers = {"x-adobe-event-provider-id": "a", "content-type": "application/json"}
    for path in ("/", "/_flowsim/trigger"):
        answer = api.post(path, data=body, headers=headers)
        assert answer.status_code == 413
        assert answer.json == {
            "reason": "Payload Too Large",
            "message": "the body has more than 250,000 values; expected fewer",
        }


@pytest.mark.slow
def test_a_scenario_reserves_many_times_the_memory_of_its_text(
    api: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    monkeypatch.setattr(
        ByteBudget, "reserve", lambda _self, size, _seconds: taken.append(size) or True
    )
    for events in (10, 2_000):
        text = "events:\n" + "  - {flow_run: {}}\n" * events
        body = json.dumps({"text": text})
        assert api.post("/_flowsim/trigger", data=body, content_type="application/json")
    assert taken == [32 * len(text)]
