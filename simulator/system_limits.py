"""What the operating system lets this process have: open files, threads, memory."""

from __future__ import annotations

import contextlib
import errno
import socket
import sys

from .errors import SettingError

_OTHER_FILES = 128
"""Open files that a replay needs beside one for each connection."""

_UNBOUNDED = 65_536
"""What is taken for the limit where there is none, or none is known."""

FOR_A_SERVICE = 16_384
"""Open files that a service can use: for connections on two ports, deliveries and the rest."""

_MACOS_MOST = 10_240
"""``OPEN_MAX`` of macOS."""

_NO_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS)
"""What the system says when there is no room for another file or connection."""


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
    """Raise the soft limit so far that so many connections can be open at once.

    Raises ``SettingError`` if the hard limit is in the way.
    """
    needed = number + _OTHER_FILES
    if raise_open_files(needed) < needed:
        _, hard = _limits()
        raise SettingError(
            f"--concurrency {number} needs {needed} open files, {hard} are allowed; "
            f"expected at most {max(1, hard - _OTHER_FILES)}, or a higher limit (ulimit -n)"
        )


def has_room(number: int = 1) -> bool:
    """Tell whether so many more connections can be open now."""
    with contextlib.ExitStack() as stack:
        try:
            for _ in range(number):
                stack.enter_context(socket.socket())
        except OSError:
            return False
    return True


def lack(error: BaseException) -> str | None:
    """Return what this process ran out of and what to do, if that is why ``error`` came.

    Where no file can be opened, other errors follow: a host is not found, a certificate is not
    there. So an ``OSError`` counts while there is no room, but for one that took its time.
    """
    if isinstance(error, TimeoutError):
        return None
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return "there is no memory left; end other programs, or raise the limit (ulimit -v)"
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return "no more threads may be started; end other programs, or raise the limit (ulimit -u)"
    if isinstance(error, OSError) and (error.errno in _NO_ROOM or not has_room()):
        return no_files()
    return None


def no_files() -> str:
    """Return why no connection can be opened, and what to do."""
    return f"all {open_files():,} files that may be open are; raise the limit (ulimit -n)"


if sys.platform == "win32":

    def _limits() -> tuple[int, int]:
        return _UNBOUNDED, _UNBOUNDED

    def _set(_: int) -> None:
        """Leave it: Windows has no such limit."""

else:
    import resource

    def _limits() -> tuple[int, int]:
        """Return the soft and the hard limit."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        return _number(soft), _number(hard)

    def _number(limit: int) -> int:
        return _UNBOUNDED if limit == resource.RLIM_INFINITY else limit

    def _set(soft: int) -> None:
        """Set the soft limit; macOS refuses more than it allows, whatever the hard limit says."""
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        for each in (soft, min(soft, _MACOS_MOST)):
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (each, hard))
                return
