"""How many files and connections the operating system lets this process have open."""

from __future__ import annotations

import contextlib
import errno
import sys

from .errors import SettingError

_OTHER_FILES = 128
"""Open files that a replay needs beside one for each connection."""

_UNBOUNDED = 65_536
"""What is taken for the limit where there is none, or none is known."""

_MACOS_MOST = 10_240
"""``OPEN_MAX`` of macOS."""

_LACKS = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
"""What the system says when there is no room for another file or connection."""


def allowed() -> int:
    """Return how many files may be open at once."""
    soft, _ = _limits()
    return soft


def raise_limit(wanted: int) -> int:
    """Raise the soft limit towards ``wanted``, as far as the hard limit lets it; return it."""
    soft, hard = _limits()
    if soft < wanted:
        _set(min(wanted, hard))
    return allowed()


def allow_connections(number: int) -> None:
    """Raise the soft limit so far that so many connections can be open at once.

    Raises ``SettingError`` if the hard limit is in the way.
    """
    needed = number + _OTHER_FILES
    if raise_limit(needed) < needed:
        _, hard = _limits()
        raise SettingError(
            f"--concurrency {number} needs {needed} open files, {hard} are allowed; "
            f"expected at most {max(1, hard - _OTHER_FILES)}, or a higher limit (ulimit -n)"
        )


def is_lack(error: BaseException) -> bool:
    """Tell whether an error means that this process may open no more, for now."""
    return isinstance(error, OSError) and error.errno in _LACKS


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
