"""A progress bar for a long replay on a terminal, with rate and time left."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from ..core.trace import Trace
from ..printable import keep_styles


class ProgressBar:
    """Keeps a bar under the lines; lines must be written through ``write``."""

    def __init__(self, events: int) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._progress = Progress(
            TextColumn("{task.fields[rate]}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=events, rate="")
        self._progress.start()

    def write(self, line: str) -> None:
        self._console.print(Text.from_ansi(keep_styles(line)))

    def attempted(self, trace: Trace) -> None:
        """Move on by the events that an attempt ended."""
        if trace.ending == "retry":
            return
        speed = self._progress.tasks[0].speed or 0.0
        events = len(trace.attempt.delivery.signed.payload.events)
        self._progress.update(self._task, advance=events, rate=f"{speed:,.0f} events/s")

    def stop(self) -> None:
        self._progress.stop()
