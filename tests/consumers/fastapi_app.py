"""A webhook as a FastAPI application on uvicorn, on a real port."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Iterator
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from . import correct
from .answering import answer
from .app import Running
from .correct import CorrectConsumer


def create(webhook: CorrectConsumer) -> FastAPI:
    """Return an application with the webhook at /hook, and its work at /processed/<event id>."""
    app = FastAPI(openapi_url=None)

    @app.api_route("/hook", methods=["GET", "POST"])
    async def hook(request: Request) -> Response:
        if (early := webhook.arriving(request.headers)) is not None:
            return Response(early[2], early[0], media_type=early[1])
        body = await request.body()
        given = correct.Request(request.method, request.url.query, request.headers, body)
        status, content_type, text = await run_in_threadpool(answer, webhook, given)
        return Response(text, status, media_type=content_type)

    @app.get("/processed/{event_id}")
    def processed(event_id: str) -> int:
        return webhook.processed(event_id)

    @app.get("/runs/{run_id}")
    def run(run_id: str) -> dict[str, Any] | None:
        return webhook.state_of(run_id)

    return app


@contextlib.contextmanager
def running(webhook: CorrectConsumer) -> Iterator[Running]:
    """Serve a webhook until the block ends."""
    with serving(create(webhook)) as origin:
        yield Running(webhook, origin)


@contextlib.contextmanager
def serving(app: Any) -> Iterator[str]:
    """Serve an ASGI application on a free port and yield its origin.

    What it logs of requests that break off is not shown.
    """
    config = uvicorn.Config(
        app, log_config=None, log_level=logging.CRITICAL, lifespan="off", ws="none"
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        thread = threading.Thread(target=server.run, args=[[listening]])
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
