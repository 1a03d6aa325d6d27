"""Signs payloads beside the event loop: in threads at first, in processes where there are many.

Threads start at once, but they wait for each other and for the event loop at the
interpreter's switch interval. Worker processes cost a moment to start and then use every
core. Measured on two busy cores, medians of three interleaved rounds: threads alone reach 0.66
of the single deliveries of a replay and 0.70 of those of a service with ten registrations.
They reach 1.02 of batches and 0.97 of a service with one registration, which wait for other
things. A shorter switch interval does not help.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal as signals
import sys
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from ..core.signature import SignedPayload, digest, sign_both
from ..installation.keys import KeyPair, parse_private, paths
from ..runtime.breakdowns import exhaustion
from .signing_process import Processes, Signatures, Signing

if TYPE_CHECKING:
    from ..core.payload import Payload

LONG = 1_500
"""From how many payloads on signing moves to worker processes."""

CHUNK = 16
"""Digests that are handed over at once, at most."""

AHEAD = 4
"""Chunks that each thread or process may have before it."""

_REMEMBERED = 10_000
"""Signatures that ``sign`` remembers: every attempt at a delivery has the same two."""

_Wanted = asyncio.Future[tuple[str, str]]


class Signer:
    """Signs with two keys, a bounded number of payloads ahead; use it with ``async with``.

    ``expected`` is the known number of payloads. If it is ``long`` or more, processes start at
    once; otherwise they start after ``sign`` has signed ``long`` payloads.
    """

    def __init__(self, keys: KeyPair, expected: int = 0, long: int = LONG) -> None:
        number = processors()
        pems = [key.private_pem for key in keys]
        self._processes = Processes(number, pems)
        self._workers: Threads | Processes = Threads(number, pems)
        if expected >= long:
            self._workers = self._processes
        self._paths = paths(keys)
        self._ahead = AHEAD * number
        self._left_to_long = long
        self._known: OrderedDict[bytes, _Wanted] = OrderedDict()
        self._queue: deque[tuple[bytes, _Wanted]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Signer:
        await self._stack.enter_async_context(self._workers)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    async def sign_all(self, payloads: Iterator[Payload]) -> AsyncIterator[SignedPayload]:
        """Yield each payload with its signatures, in order."""
        begun: deque[tuple[list[Payload], Signing]] = deque()
        size = 1
        while True:
            while len(begun) < self._ahead and (chunk := list(islice(payloads, size))):
                signing = self._workers.begin([digest(payload.body) for payload in chunk])
                begun.append((chunk, signing))
                size = min(CHUNK, size * 2)
            if not begun:
                return
            chunk, signing = begun.popleft()
            for payload, signatures in zip(chunk, await signing(), strict=True):
                yield SignedPayload(payload, signatures, self._paths)

    async def sign(self, payload: Payload) -> SignedPayload:
        """Return a payload with its signatures; the same bytes are signed once.

        Raises ``SettingError`` if the processes that sign have ended.
        """
        wanted = digest(payload.body)
        future = self._known.get(wanted)
        if future is None:
            future = self._known[wanted] = asyncio.get_running_loop().create_future()
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
            self._queue.append((wanted, future))
            self._hand_over()
        return SignedPayload(payload, await asyncio.shield(future), self._paths)

    def _hand_over(self) -> None:
        """Begin to sign chunks of the queue, up to a limit; the rest stays in the queue."""
        while self._queue and len(self._tasks) < self._ahead:
            size = min(CHUNK, len(self._queue))
            chunk = [self._queue.popleft() for _ in range(size)]
            if self._workers is not self._processes and 0 < self._left_to_long <= size:
                self._begin(self._start_processes())
            self._left_to_long -= size
            self._begin(self._sign_chunk(chunk))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            self._hand_over()

    async def _sign_chunk(self, chunk: list[tuple[bytes, _Wanted]]) -> None:
        try:
            signed = await self._workers.begin([wanted for wanted, _ in chunk])()
        except Exception as error:
            for wanted, future in chunk:
                self._known.pop(wanted, None)
                future.set_exception(error)
                future.exception()  # the coroutine that waited may have ended
        else:
            for (_, future), signatures in zip(chunk, signed, strict=True):
                future.set_result(signatures)

    async def _start_processes(self) -> None:
        """Move to worker processes; where they cannot be started, threads go on signing."""
        with contextlib.suppress(OSError, RuntimeError, MemoryError):
            self._workers = await self._stack.enter_async_context(self._processes)


class Threads:
    """Sign in threads of this process; in the calling thread if no other can be started."""

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
                    future = self._pool.submit(_sign_each, self._keys, digests)
                return partial(asyncio.wrap_future, future)
            except RuntimeError as error:
                if exhaustion(error) is None:
                    raise
                self._is_alone = True
        return partial(_signed, _sign_each(self._keys, digests))


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Block signals while a thread is started, so that only the main thread handles them."""
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


def _sign_each(keys: Sequence[RSAPrivateKey], digests: list[bytes]) -> Signatures:
    return [sign_both(each, keys) for each in digests]
