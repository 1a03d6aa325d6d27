"""What serving commands share: lines, kept requests, warnings, threads, and the end at Ctrl-C.

A command that can no longer print or keep requests goes on serving.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import click

from ..core.printable import printable
from ..errors import BreakdownError, FlowsimError, SettingError
from ..runtime.breakdowns import breakdown, exhaustion, expect_whole
from ._output import print_json, say, say_lines
from ._streams import NAME, give_up_output, has_lost_ctrl_c, why_not

if TYPE_CHECKING:
    from datetime import datetime

    from ..captures.files import RequestFolder

_LOOK_EVERY = 0.5
"""Seconds between looks at whether all parts still run."""

_MOST_REFUSALS = 20
"""At most this many warnings: they contain values that others send."""


def address(host: str, port: int) -> str:
    """Return the URL of a port of this machine, without a path."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def warn_if_reachable(host: str) -> None:
    """Warn if other machines can reach ``host``."""
    if host not in ("localhost", "::1") and not re.fullmatch(r"127(\.\d+){1,3}", host):
        say(f"warning: {printable(host)} can be reached from other machines", err=True)


class Refusals:
    """Prints a warning for each new reason why requests are refused."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def warn(self, sentence: str) -> None:
        """Print why a request was refused; any thread may call this."""
        if sentence in self._said or len(self._said) == _MOST_REFUSALS:
            return
        self._said.add(sentence)
        with contextlib.suppress(OSError):  # no one reads warnings
            say(f"warning: {printable(sentence)}", err=True)


class Log:
    """Writes lines to standard output and requests to a folder, as long as that is possible.

    With ``as_json`` lines are not folded on a terminal. Any thread may write or keep. Requests
    that cannot be kept are counted, and each new cause is printed.
    """

    def __init__(self, folder: RequestFolder | None = None, *, as_json: bool = False) -> None:
        self.folder = folder
        self._as_json = as_json
        self._color = click.get_current_context().color
        self._lock = threading.Lock()
        self._ended = False
        self._causes: set[str] = set()
        self._lost = 0

    def write(self, line: str) -> None:
        """Print a line; after one that cannot be printed, warn once and print no more."""
        with self._lock:
            if self._ended:
                return
            try:
                say(line, color=self._color, is_exact=self._as_json)
            except OSError as error:
                self._ended = True
                give_up_output()
                _warn(f"{NAME} takes no more lines ({why_not(error)})")

    def keep(self, request: Callable[[], bytes], at: datetime, event_id: str) -> None:
        """Keep the bytes of a request, received or sent ``at`` a moment, if there is a folder."""
        if self.folder is None:
            return
        try:
            self.folder.keep(request(), at, event_id)
        except SettingError as error:
            with self._lock:
                self._lost += 1
                is_new = str(error) not in self._causes
                self._causes.add(str(error))
            if is_new:
                _warn(str(error))

    def say_lost(self) -> None:
        """Say how many requests were not kept, if there are any."""
        if self._lost:
            from ..core.printable import count

            say(f"warning: {count(self._lost, 'request')} could not be saved", err=True)


def announce(ready: dict[str, Any], lines: Iterable[str], *, as_json: bool) -> None:
    """Print where the command serves: lines on standard error, or the first line of JSON.

    Raises ``SettingError`` if that line cannot be printed: the program that reads it waits for it.
    """
    if not as_json:
        say_lines(lines, err=True)
        return
    try:
        print_json(ready)
    except OSError as error:
        reason = f"{NAME} does not take the line that says it is ready ({why_not(error)})"
        raise SettingError(f"{reason}; expected a program that reads it, or a file") from None


@dataclass(slots=True)
class Serving:
    """A command that serves until Ctrl-C; before it ``is_ready``, Ctrl-C is a failure."""

    threads: CommandThreads
    is_ready: bool = False

    def go_on(self, *parts: object) -> NoReturn:
        """Serve until Ctrl-C; raises the error of a part that has ended."""
        from ..runtime.clock import sleep

        while True:
            sleep(_LOOK_EVERY)
            if has_lost_ctrl_c():
                raise KeyboardInterrupt
            expect_whole((*parts, self.threads))


@contextlib.contextmanager
def serving() -> Iterator[Serving]:
    """Yield a ``Serving``; Ctrl-C, SIGTERM and SIGHUP end the block with one line."""
    from ..runtime.event_loop import sigterm_interrupts

    with sigterm_interrupts(), watched() as threads:
        command = Serving(threads)
        try:
            yield command
        except KeyboardInterrupt:
            if not command.is_ready:
                raise
            say("stopped", err=True)


def _warn(problem: str) -> None:
    say(f"warning: {printable(problem)}; flowsim continues", err=True)


@dataclass(slots=True)
class CommandThreads:
    """The threads of a command; ``problem`` says why the first of them died, if any did."""

    problem: FlowsimError | None = None


@contextlib.contextmanager
def watched() -> Iterator[CommandThreads]:
    """Watch all threads until the end of the block, and yield why one of them died.

    Python prints a traceback for a thread that dies; here it does not if flowsim lacks memory,
    which is no mistake in the program.
    """
    threads, before = CommandThreads(), threading.excepthook

    def note(died: threading.ExceptHookArgs) -> None:
        error = died.exc_value or died.exc_type()
        if exhaustion(error) is None:
            before(died)
        threads.problem = threads.problem or breakdown(error)

    threading.excepthook = note
    try:
        yield threads
    except BreakdownError as error:  # a server whose threads died does not answer
        raise threads.problem or error from None
    finally:
        threading.excepthook = before
