"""One request at a time, for threads that have no event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from ..clock import sleep, stopwatch
from ..core.outcome import Outcome
from ..system_limits import expect_room, has_room
from . import room
from .http import HttpTransport, Resolve, Tls

_ROOM_WITHIN = 10.0
"""Seconds to wait for room for a request: somebody waits for what comes of it."""

_FILES = 8
"""Open files that an event loop and a connection need."""


def exchange(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    timeout: float,
    resolve: Resolve | None = None,
    tls: Tls = True,
) -> Outcome:
    """Return what a GET or POST got, after ``timeout`` seconds at most.

    Limits, addresses and failures are those of ``HttpTransport``. Raises ``ExhaustedError`` if
    flowsim lacks what a request takes.
    """

    async def once() -> Outcome:
        one = HttpTransport(
            timeout=timeout, connections=1, resolve=resolve, tls=tls, room_within=_ROOM_WITHIN
        )
        async with one as transport:
            if method == "GET":
                return await transport.get(url, headers)
            return await transport.send(url, headers, body)

    _wait_for_files()
    with room.needed(), asyncio.Runner() as runner:
        return runner.run(once())


def _wait_for_files() -> None:
    deadline = stopwatch() + _ROOM_WITHIN
    while stopwatch() < deadline and not has_room(_FILES):
        sleep(0.1)
    expect_room(_FILES)
