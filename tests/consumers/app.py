"""A webhook as a Flask application, on a real port."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, Response, request

from flowsim.web.server import Server

from . import plain
from .answering import answer
from .correct import CorrectConsumer, Request


def create(webhook: CorrectConsumer) -> Flask:
    """Return an application with the webhook at /hook, and what it did at two other addresses."""
    app = Flask("consumer", static_folder=None)

    @app.route("/hook", methods=["GET", "POST"])
    def hook() -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        if (early := webhook.arriving(headers)) is not None:
            return Response(early[2], early[0], content_type=early[1])
        given = Request(
            request.method, request.query_string.decode(), headers, request.get_data(cache=False)
        )
        status, content_type, text = answer(webhook, given)
        return Response(text, status, content_type=content_type)

    @app.get("/processed/<event_id>")
    def processed(event_id: str) -> str:
        return str(webhook.processed(event_id))

    @app.get("/runs/<run_id>")
    def run(run_id: str) -> Response:
        state = webhook.state_of(run_id)
        text = json.dumps(state)
        return Response(text, 404 if state is None else 200, content_type="application/json")

    return app


@dataclass(frozen=True)
class Running:
    """A webhook that runs: its address, and the address that tells what it did."""

    webhook: CorrectConsumer
    origin: str

    @property
    def url(self) -> str:
        return f"{self.origin}/hook"

    @property
    def processed(self) -> str:
        return f"{self.origin}/processed/{{event_id}}"

    @property
    def state(self) -> str:
        return f"{self.origin}/runs/{{run_id}}"


@contextlib.contextmanager
def running(webhook: CorrectConsumer) -> Iterator[Running]:
    """Serve a webhook: as a Flask application, unless its mistake is one that those hide."""
    if webhook.plain is not None:
        with plain.running(webhook, webhook.plain) as origin:
            yield Running(webhook, origin)
        return
    with Server(create(webhook), "127.0.0.1", 0, threads=24) as server:
        yield Running(webhook, f"http://127.0.0.1:{server.port}")
