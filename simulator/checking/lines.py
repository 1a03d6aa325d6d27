"""How a webhook is reached while it is checked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial

from ..core.wire import Wire
from ..delivery.failure_causes import wait_for
from ..delivery.http_connecting import Tls
from ..delivery.http_transport import HttpTransport
from ..delivery.raw_transport import RawTransport
from ..delivery.transport import Client, Transport

AT_ONCE = 20
"""Attempts under way at once, at most."""


@dataclass(frozen=True, slots=True)
class Line:
    """A way to a webhook.

    ``client`` opens it. ``wired`` returns a transport for requests that faults write otherwise
    than HTTP wants it; it is none where there is no wire to write to, as for an application in
    this process. ``reach`` raises ``UnreachableError`` if nobody listens there.
    """

    client: Callable[[], AbstractAsyncContextManager[Client]]
    wired: Callable[[Wire], Transport] | None
    reach: Callable[[], None]


def over_http(
    url: str,
    *,
    timeout: float,
    wait: float = 0.0,
    tls: Tls = True,
    waits: Callable[[str], None] = lambda _: None,
) -> Line:
    """Return the way over a socket; durations are in seconds, ``wait`` for somebody to listen.

    ``waits`` is told if it has to be waited for.
    """
    return Line(
        partial(HttpTransport, timeout=timeout, connections=AT_ONCE, tls=tls),
        partial(RawTransport, timeout=timeout, tls=tls),
        partial(_reach, url, wait, waits),
    )


def _reach(url: str, wait: float, waits: Callable[[str], None]) -> None:
    with asyncio.Runner() as runner:
        runner.run(wait_for(url, wait, waits=waits))
