"""Signing beside the event loop: in threads for a short replay, in processes for a long one.

Threads start at once, but they wait for each other and for the event loop at the
interpreter's switch interval. Worker processes cost a moment to start and then use every
core.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal as signals
import sys
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from ..core.signature import SignedPayload, digest, sign_both
from ..errors import exhaustion
from .keys import KeyPair, parse_private, paths
from .processes import Signatures, SigningProcess, start

if TYPE_CHECKING:
    from ..core.payload import Payload

LONG = 1_500
"""From how many payloads on signing moves to worker processes."""

CHUNK = 16
"""Digests that are handed over at once, at most."""

AHEAD = 4
"""Chunks that each thread or process may have before it."""

Signing = Callable[[], Awaitable[Signatures]]
"""Returns what has been begun; to be called once, in the order of beginning."""


class Signers(Protocol):
    """Threads or processes that sign."""

    async def __aenter__(self) -> Signers: ...

    async def __aexit__(self, *_: object) -> None: ...

    def begin(self, digests: list[bytes]) -> Signing: ...


class Signer:
    """Signs payloads in order, a bounded number ahead of whoever takes them.

    Use it with ``async with``.
    """

    def __init__(self, keys: KeyPair, expected: int) -> None:
        workers = processors()
        pems = [key.private_pem for key in keys]
        self._paths = paths(keys)
        self._ahead = AHEAD * workers
        self._signers: Signers = (
            Processes(workers, pems) if expected >= LONG else Threads(workers, pems)
        )

    async def __aenter__(self) -> Signer:
        await self._signers.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._signers.__aexit__()

    async def sign(self, payloads: Iterator[Payload]) -> AsyncIterator[SignedPayload]:
        """Yield each payload with its signatures."""
        begun: deque[tuple[list[Payload], Signing]] = deque()
        size = 1
        while True:
            while len(begun) < self._ahead and (chunk := list(islice(payloads, size))):
                signing = self._signers.begin([digest(payload.body) for payload in chunk])
                begun.append((chunk, signing))
                size = min(CHUNK, size * 2)
            if not begun:
                return
            chunk, signing = begun.popleft()
            for payload, signatures in zip(chunk, await signing(), strict=True):
                yield SignedPayload(payload, signatures, self._paths)


class Threads:
    """Sign in this process, beside whatever else it does; before it, if no thread can be had."""

    def __init__(self, number: int, pems: Sequence[bytes]) -> None:
        self._pool = ThreadPoolExecutor(number, "signer")
        self._is_alone = False
        self._keys = [parse_private(pem) for pem in pems]

    async def __aenter__(self) -> Threads:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def begin(self, digests: list[bytes]) -> Signing:
        if not self._is_alone:
            try:
                with _signals_held():
                    future = self._pool.submit(_sign_all, self._keys, digests)
                return partial(asyncio.wrap_future, future)
            except RuntimeError as error:
                if exhaustion(error) is None:
                    raise
                self._is_alone = True
        return partial(_signed, _sign_all(self._keys, digests))


class Processes:
    """Sign in processes of their own; what is begun goes to the one that has least to do.

    They share the processors with whoever else runs there, so none is always the quicker one.
    """

    def __init__(self, number: int, pems: Sequence[bytes]) -> None:
        self._number = number
        self._pems = pems
        self._processes: list[SigningProcess] = []

    async def __aenter__(self) -> Processes:
        starting = asyncio.gather(
            *(start(self._pems) for _ in range(self._number)), return_exceptions=True
        )
        try:
            problem = self._keep(await asyncio.shield(starting))
        except asyncio.CancelledError as error:  # what has been begun must be finished to be ended
            self._keep(await starting)
            problem = error
        if problem is not None:
            await self.__aexit__()
            raise problem
        return self

    def _keep(self, started: Sequence[SigningProcess | BaseException]) -> BaseException | None:
        """Take the processes that were started; return why another one was not, if so."""
        self._processes = [each for each in started if isinstance(each, SigningProcess)]
        return next((each for each in started if isinstance(each, BaseException)), None)

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(process.end() for process in self._processes))

    def begin(self, digests: list[bytes]) -> Signing:
        future = min(self._processes, key=attrgetter("busy_with")).begin(digests)
        return lambda: future


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Let threads be born deaf to Ctrl-C, which is for the main thread to handle."""
    if sys.platform == "win32":
        yield
        return
    held = (signals.SIGINT, signals.SIGTERM, signals.SIGHUP)
    before = signals.pthread_sigmask(signals.SIG_BLOCK, held)
    try:
        yield
    finally:
        signals.pthread_sigmask(signals.SIG_SETMASK, before)


async def _signed(signatures: Signatures) -> Signatures:
    return signatures


def _sign_all(keys: Sequence[RSAPrivateKey], digests: list[bytes]) -> Signatures:
    return [sign_both(each, keys) for each in digests]
