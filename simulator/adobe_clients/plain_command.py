"""Runs a command where there are no process groups and no job control: on Windows.

Ctrl-C goes to every program of a console there, so nothing is forwarded. What the command starts
and leaves running is not ended.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping


def run(command: tuple[str, ...], environment: Mapping[str, str]) -> int:
    """Return the exit code of a command.

    It is looked up as a shell does, which finds ``npm.cmd`` for ``npm``. Raises ``OSError`` if
    it cannot be started. Call it in the main thread, the only one that may handle signals.
    """
    program = shutil.which(command[0], path=environment.get("PATH"))
    if program is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), command[0])
    with (
        _ctrl_c_left_to_command(),
        subprocess.Popen([program, *command[1:]], env=environment) as child,
    ):
        return child.wait()


@contextlib.contextmanager
def _ctrl_c_left_to_command() -> Iterator[None]:
    """Handle Ctrl-C with an empty function: the command could inherit an ignored signal."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
