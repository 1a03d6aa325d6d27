"""What an exception says of flowsim itself: what it lacks, or which part of it has ended."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path

from ..errors import BreakdownError, ExhaustedError, FlowsimError

_MEMORY = "out of memory; allow flowsim more (ulimit -v, or the limit of its container)"
_THREADS = (
    "no more threads or processes can be started; allow flowsim more (ulimit -u and ulimit -v, or "
    "the limits of its container)"
)
_FILES = "no more files or connections can be opened; allow flowsim more (ulimit -n)"

_LACKS: tuple[tuple[frozenset[int], tuple[str, ...], str], ...] = (
    (frozenset({errno.EAGAIN}), ("start new thread",), _THREADS),
    (frozenset({errno.EMFILE, errno.ENFILE}), ("too many open files",), _FILES),
    (
        frozenset({errno.ENOMEM}),
        (
            *("allocate memory", "memory allocation", "malloc failure", "failed to map"),
            *("can't allocate", "without setting an exception", "without exception set"),
        ),
        _MEMORY,
    ),
)
"""Error numbers, words of messages that have none, and the sentence for both."""


def exhaustion(error: BaseException) -> ExhaustedError | None:
    """Return what flowsim lacks, if that is what an exception says; None if it is not.

    Such exceptions may come from anywhere: an import of a shared library, or Python itself, which
    may lose a ``MemoryError`` on its way and then says so with a ``SystemError``.
    """
    if isinstance(error, ExhaustedError):
        return error
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(exhaustion, error.exceptions)), None)
    if isinstance(error, MemoryError):
        return ExhaustedError(_MEMORY)
    if not isinstance(error, OSError | RuntimeError | ImportError | SystemError):
        return None
    number, text = getattr(error, "errno", None), str(error).lower()
    for numbers, words, sentence in _LACKS:
        if number in numbers or any(word in text for word in words):
            return ExhaustedError(sentence)
    return None


def breakdown(error: BaseException) -> FlowsimError:
    """Return the error to show for an exception that has ended a part of flowsim."""
    known = exhaustion(error) or error
    if isinstance(known, FlowsimError):
        return known
    reason = f"{type(error).__name__}: {error}".rstrip(": ")
    return BreakdownError(f"a part of flowsim has ended ({reason}{_place(error)}); start it again")


def _place(error: BaseException) -> str:
    """Return where an exception was raised, as in `` at agenda.py:120``."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


def expect_whole(parts: Iterable[object]) -> None:
    """Raise ``FlowsimError`` if one of several parts has ended: its ``problem`` says why."""
    for part in parts:
        problem: BaseException | None = getattr(part, "problem", None)
        if problem is not None:
            raise breakdown(problem) from problem
