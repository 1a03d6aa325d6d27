"""The command line in this process, with real files as its standard streams.

It costs a tenth of a process of its own. What Python does at the end of a process is not in it.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import threading
from collections.abc import Iterator
from io import FileIO, TextIOWrapper
from unittest.mock import patch

import pytest

from flowsim.commands import main


def _opened(descriptor: int, encoding: str, is_buffered: bool) -> TextIOWrapper:
    """Return a stream as Python opens it at its start."""
    raw = FileIO(descriptor, "w", closefd=False)
    buffer = io.BufferedWriter(raw) if is_buffered else raw
    at_once = not is_buffered
    terminal = raw.isatty()
    return TextIOWrapper(buffer, encoding, line_buffering=terminal, write_through=at_once)  # type: ignore[type-var]


@contextlib.contextmanager
def _standard(output: TextIOWrapper, messages: TextIOWrapper) -> Iterator[None]:
    with (
        open(os.devnull) as nothing,
        patch.multiple(sys, stdin=nothing, stdout=output, stderr=messages),
        patch.multiple(sys, __stdout__=output, __stderr__=messages),
        patch.multiple(sys, unraisablehook=sys.unraisablehook),
    ):
        yield


def exit_code(
    *words: str,
    output: int,
    messages: int,
    encoding: str = "utf-8",
    is_buffered: bool = True,
    environment: dict[str, str] | None = None,
) -> object:
    """Run a command line whose streams are these files, and return what it exits with."""
    streams = [_opened(each, encoding, is_buffered) for each in (output, messages)]
    with _standard(*streams), patch.dict(os.environ, environment or {}):
        with pytest.raises(SystemExit) as ended:
            main([*words], prog_name="flowsim")
        return ended.value.code


def on_a_terminal(*words: str, encoding: str = "utf-8", **environment: str) -> str:
    """Run a command line whose output and messages go to a terminal; return what that shows."""
    shown, terminal = os.openpty()
    parts: list[bytes] = []

    def read() -> None:
        with contextlib.suppress(OSError):  # the other end is closed
            while part := os.read(shown, 100_000):
                parts.append(part)

    reading = threading.Thread(target=read)
    reading.start()
    try:
        with patch.dict(os.environ, {"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40"}):
            if "NO_COLOR" not in environment:
                os.environ.pop("NO_COLOR", None)
            exit_code(
                *words,
                output=terminal,
                messages=terminal,
                encoding=encoding,
                environment=environment,
            )
    finally:
        os.close(terminal)
        reading.join()
        os.close(shown)
    return b"".join(parts).decode(encoding)
