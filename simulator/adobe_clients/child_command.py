"""Runs a command as a shell runs its foreground job: in a process group of its own.

The group gets the signals that flowsim gets, and the terminal while the command runs. What
is left of it when the command ends is ended too, and all of it when flowsim is killed. A
program that leaves the group (``setsid``), as the daemons of build tools do, is not ended.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from types import FrameType

from ..runtime.clock import sleep, stopwatch
from . import child_watcher

assert sys.platform != "win32", "plain_command is for Windows"

FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)

GRACE = 3.0
"""Seconds that what is left of a group has to end by itself."""

_LOOK_EVERY = 0.02

_DEFAULT_AGAIN = (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGTTOU)
"""Signals that this process ignores and a command should not (Python ignores the first two)."""


def run(command: tuple[str, ...], environment: Mapping[str, str]) -> int:
    """Return the exit code of a command; if a signal ended it, 128 plus the signal's number.

    Raises ``OSError`` if it cannot be started. Call it in the main thread, the only one that
    may handle signals.
    """
    if not command[0]:  # a ValueError below
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), command[0])
    with (
        _alarm() as alarm,
        _noted() as signals,
        _terminal() as terminal,
        child_watcher.watching(GRACE) as watch,
    ):
        pid = os.posix_spawnp(
            command[0], command, environment, setpgroup=0, setsigdef=_DEFAULT_AGAIN
        )
        watch(pid)
        signals.forward_to(pid)
        try:
            terminal.give(pid)
            code = os.waitstatus_to_exitcode(_wait(pid, terminal, alarm))
            return code if code >= 0 else 128 - code
        finally:
            terminal.take_back()
            _end(pid)


class _Signals:
    """Forwards signals to a process group; those that come before there is one wait for it."""

    def __init__(self) -> None:
        self._group: int | None = None
        self._waiting: list[int] = []

    def forward_to(self, group: int) -> None:
        self._group = group
        for number in self._waiting:
            _signal(group, number)

    def handle(self, number: int, _: FrameType | None) -> None:
        if self._group is None:
            self._waiting.append(number)
        else:
            _signal(self._group, number)


class _Terminal:
    """The terminal that this process has in the foreground, if it has one."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor

    def give(self, group: int) -> None:
        """Put a group in the foreground; continue it if it was stopped in the background."""
        self._put(group)
        if self._descriptor is not None:
            _signal(group, signal.SIGCONT)

    def take_back(self) -> None:
        self._put(os.getpgrp())

    def stop_too(self, group: int) -> None:
        """Stop this process too after Ctrl-Z stopped a group; both go on together."""
        if self._descriptor is None:
            return
        self.take_back()
        os.killpg(os.getpgrp(), signal.SIGSTOP)
        self.give(group)

    def _put(self, group: int) -> None:
        if self._descriptor is not None:
            with contextlib.suppress(OSError):  # it is gone, or the group is
                os.tcsetpgrp(self._descriptor, group)


class _Alarm:
    """Wakes the main thread for a signal, also if the system gives it to another thread.

    A blocking ``waitpid`` is not interrupted if the signal comes just before the call, or if
    another thread gets it. That happens while the main thread starts a process. Then the signal
    would be handled only when the command has ended, which is too late.
    """

    def __init__(self, woken: socket.socket) -> None:
        self._woken = woken

    def wait(self) -> None:
        """Block until a signal has come since the last call; its handler has run then."""
        select.select([self._woken], [], [])
        with contextlib.suppress(BlockingIOError):
            self._woken.recv(4096)


@contextlib.contextmanager
def _alarm() -> Iterator[_Alarm]:
    """Yield an alarm for the signals that have a handler here, the end of a child among them."""
    woken, waker = socket.socketpair()
    with woken, waker:
        woken.setblocking(False)
        waker.setblocking(False)
        descriptor = signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        handler = signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            yield _Alarm(woken)
        finally:
            signal.signal(signal.SIGCHLD, handler)
            signal.set_wakeup_fd(descriptor)


@contextlib.contextmanager
def _noted() -> Iterator[_Signals]:
    """Take the signals to forward; a signal that is ignored, as by nohup, stays ignored."""
    signals = _Signals()
    kept = {number: signal.getsignal(number) for number in FORWARDED}
    for number, handler in kept.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, signals.handle)
    try:
        yield signals
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _terminal() -> Iterator[_Terminal]:
    """Yield the terminal; a process that takes it back from the background is not stopped."""
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        yield _Terminal(_foreground())
    finally:
        signal.signal(signal.SIGTTOU, before)


def _foreground() -> int | None:
    try:
        descriptor = sys.__stdin__.fileno() if sys.__stdin__ else 0
        return descriptor if os.tcgetpgrp(descriptor) == os.getpgrp() else None
    except (OSError, ValueError):
        return None


def _wait(pid: int, terminal: _Terminal, alarm: _Alarm) -> int:
    while True:
        ended, status = os.waitpid(pid, os.WUNTRACED | os.WNOHANG)
        if not ended:
            alarm.wait()
        elif os.WIFSTOPPED(status):
            terminal.stop_too(pid)
        else:
            return status


def _end(group: int) -> None:
    """End what is left of a group; kill it if it does not end in time."""
    deadline = stopwatch() + GRACE
    if not _signal(group, signal.SIGTERM):
        return
    while stopwatch() < deadline:
        if not _signal(group, 0):
            return
        sleep(_LOOK_EVERY)
    _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    """Send a signal to a group; return false if it has no process that can get one."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
