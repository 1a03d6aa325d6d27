"""A correct webhook in FastAPI."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse

from .common.webhook import Webhook


@asynccontextmanager
async def threads(_: FastAPI) -> AsyncIterator[None]:
    """Use one thread if THREADS says so."""
    if os.environ.get("THREADS", "many") == "1":
        anyio.to_thread.current_default_thread_limiter().total_tokens = 1
    yield


def application(webhook: Webhook) -> FastAPI:
    """Return the routes of a webhook."""
    app = FastAPI(lifespan=threads)

    @app.get("/hook", response_class=PlainTextResponse)
    def answer_challenge(challenge: str) -> str:
        return challenge

    @app.post("/hook", response_class=PlainTextResponse)
    async def hook(request: Request) -> PlainTextResponse:
        body = await request.body()
        status, text = await run_in_threadpool(webhook.handle, request.headers, body)
        return PlainTextResponse(text, status)

    @app.get("/processed/{event_id:path}", response_class=PlainTextResponse)
    def processed(event_id: str) -> str:
        return str(webhook.store.times_processed(event_id))

    @app.get("/runs/{run_id:path}")
    def run(run_id: str) -> dict[str, object]:
        found = webhook.store.run(run_id)
        if not found:
            raise HTTPException(404)
        return found

    return app


def serve(webhook: type[Webhook] = Webhook) -> None:
    """Listen at PORT until the process ends."""
    port = int(os.environ["PORT"])
    uvicorn.run(application(webhook()), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    serve()
