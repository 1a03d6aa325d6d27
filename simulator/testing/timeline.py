"""The course of a replay as text: what a failing test shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from ..core.printable import printable
from ..core.trace import Trace
from ..reports.attempt_lines import AttemptLines
from .wording import in_python

MOST_LINES = 60
"""Attempts that are shown, at most: those of the beginning and those of the end."""

MOST_TRACE_LINES = 40


def lines(traces: Sequence[Trace], *, skips_waits: bool) -> Iterator[str]:
    """Yield one line an attempt, and the last traceback of an application in full."""
    half = MOST_LINES // 2
    attempts = AttemptLines(shows_all=True, skips_waits=skips_waits)
    ends = (line for trace in _ends(traces, half) for line in attempts.of(trace))
    shown = [in_python(click.unstyle(line)) for line in ends]
    if len(traces) > MOST_LINES:
        shown.insert(half, f"… {len(traces) - MOST_LINES:,} attempts more …")
    yield from shown
    tracebacks = [each.outcome.traceback for each in traces if each.outcome.traceback]
    if tracebacks:
        yield ""
        yield "the application raised:"
        yield from map(printable, tracebacks[-1].split("\n")[-MOST_TRACE_LINES:])


def _ends(traces: Sequence[Trace], half: int) -> list[Trace]:
    if len(traces) <= 2 * half:
        return [*traces]
    return [*traces[:half], *traces[-half:]]


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows with their columns side by side, printable whatever they hold."""
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
