"""Everything flowsim can say no with: each error carries what its catcher needs."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .printable import printable, printable_lines


class FlowsimError(Exception):
    """Base of all errors that flowsim raises on purpose; its text is one clear sentence.

    The text can be printed as it is, whatever values it names.
    """

    def __str__(self) -> str:
        return printable(super().__str__())


class _LinesError(FlowsimError):
    """An error whose text may have several lines."""

    def __str__(self) -> str:
        return printable_lines(Exception.__str__(self))


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake of a scenario, with its place.

    ``line`` and ``column`` count from 1; both are 0 where the mistake has no place in a file
    (a value given on the command line).
    """

    file: str
    line: int
    column: int
    path: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        subject = f"{place}: {self.path}" if self.path else place
        return printable(f"{subject}: {self.found}; expected {self.expected}")


class ScenarioError(_LinesError):
    """A scenario that cannot be told; ``problems`` holds every mistake that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class SignatureError(FlowsimError):
    """A delivery that its signatures do not vouch for; ``header`` is the one at fault."""

    def __init__(self, header: str, reason: str) -> None:
        self.header = header
        super().__init__(f"{header}: {reason}")


class KeyFileError(FlowsimError):
    """Keys that cannot be read or written; ``path`` is the file or folder."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"{path}: {reason}")


class TargetError(FlowsimError):
    """A webhook address that cannot be used."""


class UnreachableError(FlowsimError):
    """A webhook or a service that nobody answers for."""


class ServiceError(FlowsimError):
    """What a running events service said no to, in its own words.

    ``reason`` is the few words beside the ``message``; nothing, if it was not the service's.
    """

    def __init__(self, status_code: int, message: str, reason: str = "") -> None:
        self.status_code = status_code
        self.reason = reason
        self.message = message
        super().__init__(message)


class SettingError(FlowsimError):
    """An option, a port or a folder that flowsim cannot work with."""


class ExhaustedError(FlowsimError):
    """flowsim itself lacks memory, threads or files: what it talks to is not at fault."""


class FilterError(FlowsimError):
    """A subscriber-defined filter that is no filter; ``path`` is the place in its text."""

    def __init__(self, path: str, found: str, expected: str) -> None:
        self.path = path
        super().__init__(f"{path or 'filter'}: {found}; expected {expected}")


class StoreError(FlowsimError):
    """The events service's file cannot be read or written now."""


class ApiError(_LinesError):
    """A request to the events service that it says no to.

    ``reason`` is a few words, ``message`` the sentence; both stand in the answer's body
    (io-events-protocol.md 6.1). ``headers`` go with the answer.
    """

    def __init__(
        self, status_code: int, reason: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status_code = status_code
        self.reason = reason
        self.headers = dict(headers or {})
        super().__init__(message)


_MEMORY = "out of memory; allow flowsim more (ulimit -v, or the limit of its container)"
_THREADS = (
    "no thread or process more can be started; allow flowsim more (ulimit -u and ulimit -v, or the "
    "limits of its container)"
)
_FILES = "no file or connection more can be opened; allow flowsim more (ulimit -n)"

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
    """Return what an exception that has ended a part of flowsim is to its user: one sentence."""
    known = exhaustion(error) or error
    if isinstance(known, FlowsimError):
        return known
    reason = f"{type(error).__name__}: {error}".rstrip(": ")
    return FlowsimError(f"a part of flowsim has ended ({reason}{_place(error)}); start it again")


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
