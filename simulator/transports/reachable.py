"""Whether anybody listens where a webhook should be."""

from __future__ import annotations

import asyncio
import socket

from ..clock import pause, stopwatch
from ..core import causes, target
from ..errors import UnreachableError, exhaustion
from ..http_client import endpoint
from .causes import elsewhere, plain

_PATIENCE = 5.0
_INTERVAL = 0.1


async def wait_for(url: str, seconds: float = 0.0, patience: str = "--wait 30s") -> None:
    """Return once a TCP connection to the webhook succeeds.

    Tries again for ``seconds``, then raises ``UnreachableError``, which says how to have more
    ``patience``. Raises ``ExhaustedError`` if flowsim cannot try.
    """
    host, port = target.host_and_port(url)
    deadline = stopwatch() + seconds
    while True:
        problem = await _try(host, port)
        if problem is None:
            return
        if stopwatch() >= deadline:
            if problem == causes.refused():
                problem = causes.refused(await elsewhere(endpoint.of(url), url))
            hint = f"start it, or give it time with {patience}"
            raise UnreachableError(f"no webhook answers at {url} ({problem}); {hint}")
        await pause(_INTERVAL)


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
