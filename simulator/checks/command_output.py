"""Runs a command of the user: without a shell, without input, in bounded time and output."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any

from ..core.outcome import quoted_beginning
from ..core.system_reasons import reason_of

_CHUNK = 16 * 1024
_END = 2.0


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command printed; ``problem`` says why that cannot be used, in a few words."""

    text: bytes = b""
    problem: str = ""


async def output_of(words: Sequence[str], *, seconds: float, most: int) -> Printed:
    """Return what a command printed to standard output: at most ``most`` bytes.

    It has a process group of its own, which is killed after ``seconds``, after too much output and
    if this coroutine is cancelled.
    """
    process = await _started(words, PIPE, PIPE)
    if isinstance(process, str):
        return Printed(problem=process)
    try:
        async with asyncio.timeout(seconds):
            return await _result(process, most)
    except TimeoutError:
        return Printed(problem=f"did not end in {seconds:g} s")
    finally:
        if process.returncode is None:
            _kill(process)
            await _ended(process)


async def run_to_end(words: Sequence[str], *, seconds: float) -> str:
    """Run a command that prints nothing of interest; return what went wrong, or nothing.

    Programs that it starts in the background go on, and keep no pipe of ours open. After
    ``seconds`` it is killed with them.
    """
    with TemporaryFile() as errors:
        process = await _started(words, DEVNULL, errors)
        if isinstance(process, str):
            return process
        try:
            async with asyncio.timeout(seconds):
                code = await process.wait()
        except TimeoutError:
            return f"did not end in {seconds:g} s; let it go on in the background, and end"
        finally:
            if process.returncode is None:
                _kill(process)
                await process.wait()
        errors.seek(0)
        return _problem(code, errors.read(_CHUNK)) if code else ""


def _problem(code: int, errors: bytes) -> str:
    return f"ends with exit code {code}: {quoted_beginning(errors)}"


async def _started(words: Sequence[str], output: Any, errors: Any) -> Process | str:
    """Start a command in a process group of its own; return why it cannot be, if so."""
    try:
        return await asyncio.create_subprocess_exec(
            *words, stdin=DEVNULL, stdout=output, stderr=errors, start_new_session=True
        )
    except OSError as error:
        return f"cannot be run: {reason_of(error)}"
    except ValueError as error:  # a zero byte, or half of a surrogate pair
        return f"cannot be run: {error}"


async def _result(process: Process, most: int) -> Printed:
    assert process.stdout is not None
    assert process.stderr is not None
    errors = asyncio.ensure_future(_beginning(process.stderr, most))
    text = b""
    try:
        while part := await process.stdout.read(_CHUNK):
            text += part
            if len(text) > most:
                return Printed(problem=f"prints more than {most:,} bytes")
        said = await errors
    finally:
        errors.cancel()
    code = await process.wait()
    if not code:
        return Printed(text)
    return Printed(problem=_problem(code, said))


async def _ended(process: Process) -> None:
    """Wait until a killed process has ended, for some seconds at most.

    Its pipes are read to their end: asyncio does not notice the end of a process before that. A
    program that has left the process group may hold them open.
    """
    streams = [each for each in (process.stdout, process.stderr) if each is not None]
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_END):
            await asyncio.gather(*(_beginning(each, 0) for each in streams))
            await process.wait()


async def _beginning(stream: asyncio.StreamReader, most: int) -> bytes:
    """Read a stream to its end, and return its first ``most`` bytes."""
    text = b""
    while part := await stream.read(_CHUNK):
        text += part[: most - len(text)]
    return text


def _kill(process: Process) -> None:
    """Kill the process group of a process that goes on."""
    if sys.platform == "win32":
        process.kill()
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:  # it has ended meanwhile
        return
