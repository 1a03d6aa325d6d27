"""Waits until something listens at a webhook's address."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from ..clock import pause, stopwatch
from ..core import causes, target
from ..core.duration import spell
from ..errors import UnreachableError, exhaustion
from .failure_causes import plain
from .http_connecting import endpoint_of
from .looks import elsewhere

_PATIENCE = 5.0
_INTERVAL = 0.1


async def wait_for(
    url: str,
    seconds: float = 0.0,
    patience: str = "--wait 30s",
    waits: Callable[[str], None] = lambda _: None,
) -> None:
    """Return once a TCP connection to the webhook succeeds.

    Tries again for ``seconds``, and tells ``waits`` once if it has to. Then raises
    ``UnreachableError``, which names ``patience`` as the way to have more time, if none was
    given. Raises ``ExhaustedError`` if flowsim cannot try.
    """
    host, port = target.host_and_port(url)
    deadline = stopwatch() + seconds
    while True:
        problem = await _try(host, port)
        if problem is None:
            return
        if stopwatch() >= deadline:
            remedy = _remedy(seconds, patience)
            if problem == causes.refused() and (other := await elsewhere(endpoint_of(url))):
                problem, remedy = causes.refused(other), ""
            raise UnreachableError(f"no webhook answers at {url} ({problem}){remedy}")
        waits(f"waiting for a webhook at {url}, {spell(seconds)} at most ({problem})")
        waits = _say_no_more
        await pause(_INTERVAL)


def _say_no_more(_: str) -> None:
    """Take in that it is waited for longer, which is known already."""


def _remedy(waited: float, patience: str) -> str:
    """Return what helps where nothing answers, but for what has been tried."""
    if not waited:
        return f"; start it, or give it time with {patience}"
    return f", and did not within {spell(waited)}; start it there, or name its address"


async def _try(host: str, port: int) -> str | None:
    try:
        async with asyncio.timeout(_PATIENCE):
            _, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        return causes.late("connection", _PATIENCE, 0)
    except (OSError, UnicodeError) as error:
        if (lack := exhaustion(error)) is not None:
            raise lack from None
        if isinstance(error, socket.gaierror):
            return causes.no_name(host, error.strerror or str(error))
        return plain(error, _PATIENCE)
    writer.close()
    return None
