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
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import BrokenExecutor, Executor, ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from .core.signature import SignedPayload, digest, key_path, sign
from .errors import SettingError
from .keys import KeyPair, parse_private

if TYPE_CHECKING:
    from .core.payload import Payload

LONG = 1_500
"""From how many payloads on signing moves to worker processes."""

_CHUNK = 16

_worker_keys: list[RSAPrivateKey] = []
"""The keys of a worker process; empty in the main process."""


class Signer:
    """Signs payloads in order, a bounded number ahead of whoever takes them.

    ``close`` must be called at the end; ``async with`` does.
    """

    def __init__(self, keys: KeyPair, expected: int) -> None:
        workers = _processors()
        pems = [key.private_pem for key in keys]
        self._paths = (key_path(keys[0].name), key_path(keys[1].name))
        self._ahead = 2 * workers + 1
        self._pool: Executor
        if expected >= LONG:
            self._pool, self._sign = _processes(workers, pems), _sign_in_worker
        else:
            pair = [parse_private(pem) for pem in pems]
            self._pool = ThreadPoolExecutor(workers, "signer")
            self._sign = partial(sign_all, pair)

    async def __aenter__(self) -> Signer:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def sign(self, payloads: Iterator[Payload]) -> AsyncIterator[SignedPayload]:
        """Yield each payload with its signatures."""
        loop = asyncio.get_running_loop()
        waiting: deque[tuple[list[Payload], asyncio.Future[list[tuple[str, str]]]]] = deque()
        size = 1
        try:
            while True:
                while len(waiting) < self._ahead and (chunk := list(islice(payloads, size))):
                    digests = [digest(payload.body) for payload in chunk]
                    with _signals_held():
                        signing = loop.run_in_executor(self._pool, self._sign, digests)
                    waiting.append((chunk, signing))
                    size = min(_CHUNK, size * 2)
                if not waiting:
                    return
                chunk, signing = waiting.popleft()
                for payload, signatures in zip(chunk, await signing, strict=True):
                    yield SignedPayload(payload, signatures, self._paths)
        except BrokenExecutor:
            raise SettingError("a signing process was ended from outside") from None
        finally:
            for _, left in waiting:
                left.cancel()


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _processes(workers: int, pems: list[bytes]) -> Executor:
    """Return worker processes, spawned: forking a process that has threads is not safe."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(workers, get_context("spawn"), _start_worker, (pems,))
    with _signals_held():
        for _ in range(workers):
            pool.submit(_sign_in_worker, [])
    return pool


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Let workers be born deaf to Ctrl-C, which is for the main process to handle."""
    if not hasattr(signals, "pthread_sigmask"):
        yield
        return
    held = (signals.SIGINT, signals.SIGTERM)
    before = signals.pthread_sigmask(signals.SIG_BLOCK, held)
    try:
        yield
    finally:
        signals.pthread_sigmask(signals.SIG_SETMASK, before)


def _start_worker(pems: list[bytes]) -> None:
    """Prepare a worker process; it ends with the process that started it, however that ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker_keys[:] = [parse_private(pem) for pem in pems]


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _sign_in_worker(digests: list[bytes]) -> list[tuple[str, str]]:
    return sign_all(_worker_keys, digests)


def sign_all(keys: list[RSAPrivateKey], digests: list[bytes]) -> list[tuple[str, str]]:
    """Return both signatures of each digest."""
    first, second = keys
    return [(sign(each, first), sign(each, second)) for each in digests]
