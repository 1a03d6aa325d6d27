"""HTTP as the delivery side of Adobe I/O Events speaks it (io-events-protocol.md 1.1, 4.1).

One limit spans the whole attempt, connecting included. No redirect is followed, no cookie
kept, no proxy taken from the environment; the URL is sent as it was given. ``exchange`` makes
one such request in a thread that has no event loop.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from functools import partial

from ..core.outcome import Outcome
from ..core.wire import raw_get, raw_head
from ..errors import ExhaustedError
from ..runtime.clock import sleep, stopwatch
from ..runtime.system_limits import expect_room, has_room
from .failure_causes import Causes
from .http_answer import HttpAnswer
from .http_connecting import Connector, Resolve, Tls, endpoint_of
from .http_pool import Pool
from .transport import outcome_of, resources_needed

_RESOURCES_WITHIN = 10.0
"""Seconds that ``exchange`` waits for what it lacks: its caller waits for the outcome."""

_FILES = 8
"""Open files that an event loop and a connection need."""


class HttpTransport:
    """Posts over a pool of connections; use it with ``async with``.

    ``timeout`` is in seconds and spans a whole attempt, from when one of the ``connections``
    is free for it. ``tls`` is a context, or false to accept any certificate. ``resolve`` is
    asked before each connection, instead of the system, and for a host that is an IP address
    too: what it raises is the outcome, 602. An attempt for which this process lacks something
    waits until it is there; after ``resources_within`` seconds ``ExhaustedError`` is raised.
    """

    def __init__(
        self,
        *,
        timeout: float,
        connections: int,
        tls: Tls = True,
        resolve: Resolve | None = None,
        resources_within: float = math.inf,
    ) -> None:
        self._timeout = timeout
        self._resources_within = resources_within
        self._slots = asyncio.Semaphore(connections)
        connector = Connector(tls, resolve)
        self._pool = Pool(connector, connections)
        self._causes = Causes(timeout, connector.places)

    async def __aenter__(self) -> HttpTransport:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.close()

    def limit(self, seconds: float) -> None:
        """Change the timeout to ``seconds`` seconds; attempts under way do not get a longer one."""
        if seconds < self._timeout:
            self._pool.shorten(self._timeout - seconds)
        self._timeout = self._causes.timeout = seconds

    async def send(
        self, url: str, headers: Mapping[str, str], body: bytes, method: str = "POST"
    ) -> Outcome:
        """POST the body, or GET, and return the outcome; the answer is read to its end."""

        async def make(started: float) -> HttpAnswer:
            is_get = method == "GET"
            head = raw_get(url, headers) if is_get else raw_head(url, headers, len(body))
            return await self._answer(url, head, body, started)

        async with self._slots:
            return await outcome_of(make, partial(self._causes.of, url), self._lacking)

    def _lacking(self, seconds: float, lack: ExhaustedError) -> None:
        """Close idle connections; raise ``lack`` if the attempt has waited for too long."""
        if seconds > self._resources_within:
            raise lack
        self._pool.close_idle()

    async def _answer(self, url: str, head: bytes, body: bytes, started: float) -> HttpAnswer:
        where = endpoint_of(url)
        connection, is_new = self._pool.take(where), False
        if connection is None:
            left = started + self._timeout - stopwatch()
            connection = await self._pool.open(where, left)
            is_new = True
        reusable = False
        try:
            answer = await connection.post(head, body, started + self._timeout - stopwatch())
            reusable = answer.reusable
        finally:
            self._pool.give_back(where, connection, reusable)
        if is_new:
            self._causes.answered(where)
        return answer


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
    """Make one GET or POST request and return its outcome, after ``timeout`` seconds at most.

    Limits, addresses and failures are those of ``HttpTransport``. Raises ``ExhaustedError`` if
    flowsim lacks what a request takes.
    """

    async def once() -> Outcome:
        one = HttpTransport(
            timeout=timeout,
            connections=1,
            resolve=resolve,
            tls=tls,
            resources_within=_RESOURCES_WITHIN,
        )
        async with one as transport:
            return await transport.send(url, headers, body, method)

    _wait_for_files()
    with resources_needed(), asyncio.Runner() as runner:
        return runner.run(once())


def _wait_for_files() -> None:
    deadline = stopwatch() + _RESOURCES_WITHIN
    while stopwatch() < deadline and not has_room(_FILES):
        sleep(0.1)
    expect_room(_FILES)
