"""The standard streams of the command line: each may be closed, full, or without a reader."""

from __future__ import annotations

import codecs
import contextlib
import os
import select
import signal
import sys
from collections.abc import Callable
from io import FileIO, TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from ..core.printable import escapes, json_escapes
from ..core.system_reasons import reason_of
from ..errors import SettingError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

NAME = "standard output"

TEXT, JSON = "flowsim.text", "flowsim.json"
"""Names of error handlers of a stream, for lines to read and for JSON."""

_INSTEAD = {
    "✓": "+",
    "✗": "x",
    "·": "-",
    "→": "->",
    "←": "<-",
    "\u2013": "-",
    "…": "...",
    "│": "|",
    "─": "-",
    "━": "-",
}
"""Our own symbols, each with a replacement in ASCII."""


class _Output(FileIO):
    """Standard output: ``write`` writes all bytes, or raises an ``OSError`` that names the stream.

    A pipe that another program made non-blocking is waited for. Once it ``is_given_up``, nothing
    more is written.
    """

    is_given_up = False

    def write(self, content: ReadableBuffer, /) -> int:
        left = memoryview(content).cast("B")
        while left and not self.is_given_up:
            try:
                written = super().write(left)
            except OSError as error:
                raise OSError(error.errno, error.strerror, NAME) from None
            if written is None:
                select.select([], [self], [])
            left = left[written or 0 :]
        return memoryview(content).nbytes


class _Messages(FileIO):
    """Standard error: what cannot be written is lost.

    What a command does must not depend on whether its messages can be read.
    """

    def write(self, content: ReadableBuffer, /) -> int:
        left = memoryview(content).cast("B")
        with contextlib.suppress(OSError):
            while left and (written := super().write(left)):
                left = left[written:]
        return memoryview(content).nbytes


_MOMENT = 0.05
"""Seconds until a Ctrl-C that Python dropped is raised again."""


def prepare(*, has_json: bool = False) -> None:
    """Replace closed streams: standard input is empty then, and standard error loses all.

    Characters that an encoding lacks are replaced, with ``has_json`` by escapes of JSON.
    Raises ``SettingError`` if standard output is closed.
    """
    if sys.stdin is None:
        sys.stdin = TextIOWrapper(FileIO(os.devnull))
    if sys.stderr is None:
        sys.stderr = TextIOWrapper(FileIO(os.devnull, "w"))
    if sys.stdout is None:
        raise SettingError(f"{NAME} is closed; expected a file, a pipe or {os.devnull}")
    if sys.stderr is sys.__stderr__:
        sys.stderr = _reopened(sys.__stderr__, _Messages)
        if not sys.flags.dev_mode:
            sys.unraisablehook = _say_nothing
    if sys.stdout is sys.__stdout__:
        sys.stdout = _reopened(sys.__stdout__, _Output)
    _let_all_be_written(sys.stdout, JSON if has_json else TEXT)
    _let_all_be_written(sys.stderr, TEXT)


def _let_all_be_written(stream: TextIO | None, errors: str) -> None:
    codecs.register_error(TEXT, _handler(lambda each: _INSTEAD.get(each) or escapes(each)))
    codecs.register_error(JSON, _handler(json_escapes))
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors=errors)


def _handler(replace: Callable[[str], str]) -> Callable[[UnicodeError], tuple[str, int]]:
    def handle(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        lacking = error.object[error.start : error.end]
        return "".join(map(replace, lacking)), error.end

    return handle


def _say_nothing(ignored: sys.UnraisableHookArgs) -> None:
    """Print no traceback for errors that Python ignores, such as those in ``__del__``.

    An event loop that could not be made for lack of files is one of them. Ctrl-C is not: if it
    comes in such a moment, as in the callbacks of an import, it comes again once that is over.
    """
    if ignored.exc_type is KeyboardInterrupt:
        import threading

        _lost.append(ignored.exc_type)
        with contextlib.suppress(RuntimeError):  # no thread can be had
            threading.Timer(_MOMENT, _press_again).start()


_lost: list[type[BaseException]] = []


def has_lost_ctrl_c() -> bool:
    """Tell whether Ctrl-C came in a moment in which Python ignores it.

    The second press may be lost too: libraries in other languages drop it while they call Python.
    """
    return bool(_lost)


def _press_again() -> None:
    if sys.platform == "win32":  # there os.kill would end the process at once
        signal.raise_signal(signal.SIGINT)
    else:
        os.kill(os.getpid(), signal.SIGINT)


def _reopened(stream: TextIO | None, kind: type[FileIO]) -> TextIO | None:
    """Return an unbuffered stream of the same file; the console of Windows is not replaced.

    Bytes are not buffered: Ctrl-C just after a write could cause a second write of the same bytes.
    """
    buffer = getattr(stream, "buffer", None)
    raw = getattr(buffer, "raw", buffer)
    if type(raw) is not FileIO or not isinstance(stream, TextIOWrapper):
        return stream
    return TextIOWrapper(
        kind(stream.fileno(), "w", closefd=False),
        stream.encoding,
        stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def give_up_output() -> None:
    """Write the rest of standard output if possible, else drop it.

    Otherwise Python writes it at the end of the process, and a failure changes the exit code.
    """
    if sys.stdout is None:
        return
    with contextlib.suppress(OSError, ValueError, MemoryError):
        sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    raw = getattr(buffer, "raw", buffer)
    if isinstance(raw, _Output):
        raw.is_given_up = True


def why_not(error: OSError) -> str:
    """Return in a few words why standard output takes no more."""
    is_left = isinstance(error, BrokenPipeError)
    return "the program that reads it has ended" if is_left else reason_of(error)
