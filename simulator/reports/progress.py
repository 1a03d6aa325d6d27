"""Progress bars on a terminal: of a long replay, and of a check run."""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from ..checks.check import Check
from ..core.printable import keep_styles
from ..core.trace import Trace


class ProgressBar:
    """A bar that counts to ``total``, and disappears when it is closed."""

    def __init__(self, console: Console, total: int, *columns: ProgressColumn) -> None:
        self._console = console
        self._progress = Progress(*columns, console=console, transient=True)
        self._task = self._progress.add_task("", total=total, rate="")
        self._progress.start()

    def close(self) -> None:
        """Take the bar away."""
        self._progress.stop()


class ReplayBar(ProgressBar):
    """Keeps a bar under the lines of a replay, with rate and time left.

    Lines must be written through ``write``.
    """

    def __init__(self, events: int) -> None:
        super().__init__(
            Console(highlight=False, soft_wrap=True),
            events,
            TextColumn("{task.fields[rate]}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )

    def write(self, line: str) -> None:
        self._console.print(Text.from_ansi(keep_styles(line)))

    def attempted(self, trace: Trace) -> None:
        """Move on by the events that an attempt ended."""
        if trace.ending == "retry":
            return
        speed = self._progress.tasks[0].speed or 0.0
        events = len(trace.attempt.delivery.signed.payload.events)
        self._progress.update(self._task, advance=events, rate=f"{speed:,.0f} events/s")


class CheckBar(ProgressBar):
    """Keeps a bar on standard error: which check is running, and how many are done."""

    def __init__(self, checks: int) -> None:
        super().__init__(
            Console(stderr=True),
            checks,
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
        )
        self._count = 0

    def running(self, check: Check) -> None:
        """Show the check that begins; those before it are done."""
        self._progress.update(self._task, completed=self._count, description=check.name)
        self._count += 1
