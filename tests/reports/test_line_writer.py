"""Lines that are handed on while a replay runs."""

from __future__ import annotations

import asyncio
import errno
import io

import pytest

from flowsim.reports.writing import LineWriter


class Stream(io.StringIO):
    """Notes what had been written whenever it was handed on; ``full`` refuses to."""

    def __init__(self, full: bool = False) -> None:
        super().__init__()
        self.handed_on: list[str] = []
        self._full = full

    def flush(self) -> None:
        if self._full:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.handed_on.append(self.getvalue())


def test_without_an_event_loop_each_line_is_flushed_at_once() -> None:
    stream = Stream()
    writer = LineWriter(stream)
    writer.write("one")
    writer.write("two")
    assert stream.handed_on == ["one\n", "one\ntwo\n"]


def test_lines_of_one_loop_iteration_are_flushed_together() -> None:
    stream = Stream()

    async def work() -> None:
        writer = LineWriter(stream)
        for line in ("one", "two", "three"):
            writer.write(line)
        await asyncio.sleep(0)
        assert stream.handed_on == ["one\ntwo\nthree\n"]
        writer.write("four")
        await asyncio.sleep(0)

    asyncio.run(work())
    assert stream.handed_on == ["one\ntwo\nthree\n", "one\ntwo\nthree\nfour\n"]


def test_a_full_stream_raises_now_or_at_the_next_line() -> None:
    writer = LineWriter(Stream(full=True))

    async def work() -> None:
        writer.write("one")
        await asyncio.sleep(0)
        writer.write("two")

    with pytest.raises(OSError, match="No space left"):
        asyncio.run(work())
    with pytest.raises(OSError, match="No space left"):
        LineWriter(Stream(full=True)).write("one")
