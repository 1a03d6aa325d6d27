"""What the operating system lets this process have: open files, threads, memory."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading

from ..errors import ExhaustedError, SettingError
from .breakdowns import exhaustion

_OTHER_FILES = 128
"""Open files that a replay needs in addition to its connections."""

_UNBOUNDED = 65_536
"""What stands for the limit where there is none, or none is known."""

FOR_A_SERVICE = 16_384
"""Open files that a service can use: for connections on two ports, deliveries and the rest."""

_MACOS_MOST = 10_240
"""``OPEN_MAX`` of macOS."""

_LOOP_THREADS = 8
"""Threads that an event loop and its like start in addition to those for each processor, about."""

_HEAP = 64 * 2**20
"""Bytes of address space that the C library of Linux keeps for the memory of a thread."""

_STACK = 8 * 2**20
"""Bytes of address space for the stack of a thread, where no limit says how many."""

_OTHER_MEMORY = 192 * 2**20
"""Bytes of address space that a command needs in addition to its threads."""


def open_files() -> int:
    """Return how many files and connections may be open at once."""
    soft, _ = _limits()
    return soft


def raise_open_files(wanted: int) -> int:
    """Raise the soft limit towards ``wanted``, as far as the hard limit lets it; return it."""
    soft, hard = _limits()
    if soft < wanted:
        _set(min(wanted, hard))
    return open_files()


def allow_connections(number: int) -> None:
    """Raise the soft limit until ``number`` connections can be open at once.

    Raises ``SettingError`` if the hard limit is too low.
    """
    needed = number + _OTHER_FILES
    if raise_open_files(needed) < needed:
        _, hard = _limits()
        raise SettingError(
            f"--concurrency {number} needs {needed} open files, {hard} are allowed; "
            f"expected at most {max(1, hard - _OTHER_FILES)}, or a higher limit (ulimit -n)"
        )


def has_room(number: int = 1) -> bool:
    """Tell whether ``number`` more connections can be open now."""
    with contextlib.ExitStack() as stack:
        try:
            for _ in range(number):
                stack.enter_context(socket.socket())
        except OSError:
            return False
    return True


def expect_room(number: int) -> None:
    """Raise ``ExhaustedError`` unless ``number`` more connections can be open now."""
    if not has_room(number):
        raise _no_files()


def lack(error: BaseException) -> ExhaustedError | None:
    """Return what this process ran out of, if that is why ``error`` came.

    Where no file can be opened, other errors follow: a host is not found, a certificate is not
    there. So an ``OSError`` counts while there is no room, but for a ``TimeoutError``.
    """
    if isinstance(error, TimeoutError):
        return None
    if isinstance(error, OSError) and not has_room():
        return _no_files()
    return exhaustion(error)


def _no_files() -> ExhaustedError:
    return ExhaustedError(
        f"all {open_files():,} files that flowsim may open are open; allow it more (ulimit -n)"
    )


def allow_threads(number: int) -> None:
    """Raise ``ExhaustedError`` if address space is too small for ``number`` threads.

    Otherwise native code could end the process, or flowsim wait for a thread that never starts.
    """
    limit, stack = _address_space()
    if limit is None:
        return
    needed = _room_of(number, stack)
    try:
        _reserve(needed)
    except (OSError, ValueError, OverflowError):
        raise ExhaustedError(
            f"flowsim may use {limit // 2**20:,} MB of address space, and its threads need "
            f"{needed // 2**20:,} MB; allow it more (ulimit -v {(needed + _OTHER_MEMORY) // 1024})"
        ) from None


def _room_of(threads: int, stack: int) -> int:
    """Return the bytes of address space for ``threads`` threads and one event loop."""
    processors = os.cpu_count() or 1
    threads += 2 * processors + _LOOP_THREADS
    heaps = min(threads, 8 * processors)  # the C library makes no more
    return threads * (threading.stack_size() or stack) + heaps * _HEAP + _OTHER_MEMORY


if sys.platform == "win32":

    def _address_space() -> tuple[int | None, int]:
        return None, _STACK

    def _reserve(_: int) -> None:
        """Do nothing: Windows has no limit of address space."""

    def _limits() -> tuple[int, int]:
        return _UNBOUNDED, _UNBOUNDED

    def _set(_: int) -> None:
        """Do nothing: Windows has no such limit."""

else:
    import mmap
    import resource

    def _address_space() -> tuple[int | None, int]:
        """Return the limit in bytes, None if there is no limit, and the bytes of a stack."""
        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        stack, _ = resource.getrlimit(resource.RLIMIT_STACK)
        return (
            None if limit == resource.RLIM_INFINITY else limit,
            _STACK if stack == resource.RLIM_INFINITY else stack,
        )

    def _reserve(size: int) -> None:
        """Reserve ``size`` bytes of address space, and free them."""
        mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=0).close()

    def _limits() -> tuple[int, int]:
        """Return the soft and the hard limit."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        return _number(soft), _number(hard)

    def _number(limit: int) -> int:
        return _UNBOUNDED if limit == resource.RLIM_INFINITY else limit

    def _set(soft: int) -> None:
        """Set the soft limit; macOS refuses more than its own limit, even below the hard one."""
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        for each in (soft, min(soft, _MACOS_MOST)):
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (each, hard))
                return
