"""The table of report formats: what ``flowsim replay``, ``check`` and ``show`` can print or write.

A file in ``formats`` registers in ``FORMATS`` what it offers, and says what each command shows.
Of a replay and a check, a format with a file ``ending`` is written to a file, ``--NAME FILE``;
another one is printed, ``--NAME``; the one without an option is printed if no other is asked for.
Of ``show`` each format is a value of ``--as``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Literal

from . import formats

if TYPE_CHECKING:
    from ..checks.check import Check
    from ..checks.findings import Findings, Plan
    from ..checks.pace import Pace
    from ..core.delivery import Attempt
    from ..core.payload import Payload
    from ..core.trace import Trace
    from .replay_report import Report

Command = Literal["replay", "check", "show"]


@dataclass(frozen=True, slots=True)
class ReplayOutput:
    """Where the report of a replay goes: ``write`` takes its lines, ``note`` other messages.

    ``progress`` is called after each attempt. With ``shows_all`` repetitions are not counted.
    """

    write: Callable[[str], None]
    note: Callable[[str], None]
    progress: Callable[[Trace], None] = lambda _: None
    shows_all: bool = False


@dataclass(frozen=True, slots=True)
class ReplayFormat:
    """How a format shows a replay; ``help`` is of its option, none for the usual format."""

    open: Callable[[ReplayOutput], Report]
    help: str = ""


@dataclass(frozen=True, slots=True)
class CheckFormat:
    """How a format shows a check run, as lines.

    ``findings`` returns the results, ``plan`` what is printed before the first request,
    ``pace`` what is printed once the webhook is measured, with the seconds of the whole run,
    ``listed`` what ``--list`` prints. ``verbose`` returns all of the results, and ``repeated`` what
    ``--again`` prints of the checks that it names, if ``findings`` does not. ``help`` is of its
    option, none for the usual format.
    """

    findings: Callable[[Findings], Iterator[str]]
    plan: Callable[[Plan], Iterator[str]] = lambda _: iter(())
    pace: Callable[[Pace, float], str] | None = None
    listed: Callable[[Sequence[Check]], Iterator[str]] | None = None
    help: str = ""
    verbose: Callable[[Findings], Iterator[str]] | None = None
    repeated: Callable[[Findings, Sequence[str]], Iterator[str]] | None = None


@dataclass(frozen=True, slots=True)
class ShowFormat:
    """How a format shows a signed ``attempt``, or an unsigned ``payload``: one of the two.

    Text may be styled; bytes are exact. ``help`` says what is shown.
    """

    help: str
    attempt: Callable[[Attempt], str | bytes] | None = None
    payload: Callable[[Payload], bytes] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFormat:
    """A way to report. Formats are offered in the order of ``place``, lower numbers first."""

    name: str
    place: int
    ending: str = ""
    replay: ReplayFormat | None = None
    check: CheckFormat | None = None
    show: ShowFormat | None = None

    @property
    def is_saved(self) -> bool:
        """Whether it is written to a file, not printed."""
        return bool(self.ending)


@cache
def all_formats() -> tuple[ReportFormat, ...]:
    """Return all formats, in the order in which they are offered."""
    names = sorted(found.name for found in iter_modules(formats.__path__))
    modules = [import_module(f"{formats.__name__}.{name}") for name in names]
    found = (each for module in modules for each in module.FORMATS)
    return tuple(sorted(found, key=lambda each: each.place))


def formats_of(command: Command) -> list[ReportFormat]:
    """Return the formats that a command offers."""
    return [each for each in all_formats() if getattr(each, command) is not None]
