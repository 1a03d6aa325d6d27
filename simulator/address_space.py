"""Room for threads, where the address space of a process is limited (``ulimit -v``)."""

from __future__ import annotations

import mmap
import os
import threading

from .errors import ExhaustedError

_LOOP_THREADS = 8
"""Threads that an event loop and its like start beside those for each processor, about."""

_HEAP = 64 * 2**20
"""Bytes of address space that the C library of Linux keeps for the memory of a thread."""

_STACK = 8 * 2**20
"""Bytes of address space for the stack of a thread, where no limit says how many."""

_OTHER_MEMORY = 192 * 2**20
"""Bytes of address space that a command needs beside those of its threads."""


def allow_threads(number: int) -> None:
    """Refuse to start so many threads where address space is limited, and too little is left.

    Without room native code ends the process, and a thread may be waited for that never begins.
    Raises ``ExhaustedError``.
    """
    try:
        import resource
    except ImportError:
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return
    stack, _ = resource.getrlimit(resource.RLIMIT_STACK)
    needed = _room_of(number, _STACK if stack == resource.RLIM_INFINITY else stack)
    try:
        mmap.mmap(-1, needed, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=0).close()
    except (OSError, ValueError, OverflowError):
        raise ExhaustedError(
            f"flowsim may use {limit // 2**20:,} MB of address space, and its threads need "
            f"{needed // 2**20:,} MB; allow it more (ulimit -v {(needed + _OTHER_MEMORY) // 1024})"
        ) from None


def _room_of(threads: int, stack: int) -> int:
    """Return how many bytes of address space so many threads need, and those of an event loop."""
    processors = os.cpu_count() or 1
    threads += 2 * processors + _LOOP_THREADS
    heaps = min(threads, 8 * processors)  # the C library makes no more
    return threads * (threading.stack_size() or stack) + heaps * _HEAP + _OTHER_MEMORY
