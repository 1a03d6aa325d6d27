"""Lines of a running replay, flushed as soon as there is nothing more to write at once."""

from __future__ import annotations

import asyncio
from typing import TextIO


class LineWriter:
    """Writes lines to a stream and hands them on: at once, or at the end of the loop's turn.

    What a stream that can take no more raises is raised by the next line.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._problem: OSError | None = None
        self._waits = False

    def write(self, line: str) -> None:
        if self._problem is not None:
            raise self._problem
        self._stream.write(f"{line}\n")
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._stream.flush()
            return
        if not self._waits:
            self._waits = True
            loop.call_soon(self._hand_on)

    def _hand_on(self) -> None:
        self._waits = False
        try:
            self._stream.flush()
        except OSError as error:
            self._problem = error
