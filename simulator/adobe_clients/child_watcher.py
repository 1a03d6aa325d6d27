"""A shell that ends a command if flowsim was killed and could not end it.

It reads a pipe whose other end only this process holds: the pipe ends with this process,
also if it is killed. A shell starts in a millisecond; Python takes twenty.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial

_SHELL = "/bin/sh"

_SCRIPT = """
trap '' HUP INT QUIT TERM
read -r group || exit
read -r nothing
kill -s TERM -- "-$group"
while kill -s 0 -- "-$group"; do
    [ "$1" -gt 0 ] || { kill -s KILL -- "-$group"; exit; }
    set -- $(($1 - 1))
    sleep 0.1 || sleep 1
done
"""
"""Its first line is the group, and there is no second one. What is left of the group has ``$1``
tenths of a second to end; not every ``sleep`` knows fractions."""


@contextlib.contextmanager
def watching(grace: float) -> Iterator[Callable[[int], None]]:
    """Yield a function that takes the process group which must not outlive this process.

    The group has ``grace`` seconds to end by itself. The watching ends with the block. Without
    a shell, and on Windows, nothing is watched.
    """
    reading, writing = os.pipe()
    watcher = _start(reading, grace)
    os.close(reading)
    try:
        yield partial(_write_group, writing)
    finally:
        if watcher is not None:
            _end(watcher)
        os.close(writing)


def _start(reading: int, grace: float) -> int | None:
    """Start the shell with the pipe only, in a process group of its own."""
    if sys.platform == "win32":
        return None
    try:
        return os.posix_spawn(
            _SHELL,
            ["sh", "-c", _SCRIPT, "sh", str(round(grace * 10))],
            {"PATH": os.environ.get("PATH", os.defpath)},
            file_actions=[
                (os.POSIX_SPAWN_DUP2, reading, 0),
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setpgroup=0,
        )
    except OSError:
        return None


def _write_group(writing: int, group: int) -> None:
    with contextlib.suppress(BrokenPipeError):
        os.write(writing, b"%d\n" % group)


def _end(watcher: int) -> None:
    if sys.platform != "win32":
        os.kill(watcher, signal.SIGKILL)
        os.waitpid(watcher, 0)
