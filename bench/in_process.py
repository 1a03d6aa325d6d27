"""What a replay of the pytest plugin costs for each event, in process and over a socket."""

from __future__ import annotations

import contextlib
import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from .measure import Extent, Row, in_turns

EVENTS = 400
STORY = {
    "seed": 7,
    "at": "2026-01-15T09:30:00Z",
    "events": [{"flow_run": {}, "repeat": EVENTS}],
}
AIM = "at least 5"


def replays(extent: Extent) -> Iterator[Row]:
    """Yield events in process over those to the same application behind Flask's own server.

    A story that has been told before, as most are in a suite of tests, shows how events are
    delivered; one that is new has to be made and signed first, wherever it goes.
    """
    rounds = extent.rounds or 7
    yield _row("an application that reads", reading, rounds, AIM)
    yield _row("a Flask application", flask_app(), rounds, AIM)
    yield _row("a Flask application, a new story", flask_app(), rounds, "", is_new=True)


def _row(what: str, app: Any, rounds: int, aim: str, *, is_new: bool = False) -> Row:
    with served(app) as url:
        replay = replayer(is_new=is_new)
        taken = in_turns(rounds, partial(replay, app), partial(replay, url))
    figure = f"{taken.median(0) * 1e6:.0f} µs an event"
    compared = f"{taken.median(1) * 1e6:.0f} µs (over a socket)"
    return Row(f"replay to {what}", figure, compared, f"{taken.ratio(1, 0):.1f}", aim)


def reading(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Read the body, which is what costs least."""
    environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    start_response("200 OK", [("content-length", "0")])
    return [b""]


def flask_app() -> Any:
    """Return a webhook that parses JSON and does nothing with it."""
    from flask import Flask, request

    app = Flask("consumer")

    @app.post("/")
    def hook() -> str:
        request.get_json()
        return ""

    return app


def replayer(*, is_new: bool) -> Callable[[Any], float]:
    """Return a function that replays a story and returns the seconds that an event took.

    It is the same story each time, told once already; or if ``is_new`` another one each time.
    """
    from flowsim import Flowsim

    flowsim = Flowsim()
    seeds = itertools.count()

    def replay(target: Any) -> float:
        story = {**STORY, "seed": next(seeds)} if is_new else STORY
        started = time.perf_counter()
        assert flowsim.replay(story, target).ok
        return (time.perf_counter() - started) / EVENTS

    replay(reading)
    return replay


@contextlib.contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve an application as ``flask run`` does, in a thread of this process."""
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.port}/"
    finally:
        server.shutdown()
        server.server_close()
