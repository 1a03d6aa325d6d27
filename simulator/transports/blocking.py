"""One request at a time, for threads that have no event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from ..core.outcome import Outcome
from ..errors import exhaustion
from .http import HttpTransport, Resolve, Tls


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
        one = HttpTransport(timeout=timeout, connections=1, resolve=resolve, tls=tls)
        async with one as transport:
            if method == "GET":
                return await transport.get(url, headers)
            return await transport.send(url, headers, body)

    try:
        with asyncio.Runner() as runner:
            return runner.run(once())
    except (OSError, RuntimeError, MemoryError) as error:  # no event loop could be made
        raise exhaustion(error) or error from None
