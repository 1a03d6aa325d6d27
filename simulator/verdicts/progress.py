"""A progress bar while a webhook is checked: which check is running, and how many are left."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ..checks.check import Check


class ProgressBar:
    """Keeps a bar on standard error until it is stopped."""

    def __init__(self, checks: int) -> None:
        self._progress = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task("", total=checks)
        self._count = 0
        self._progress.start()

    def running(self, check: Check) -> None:
        """Show the check that begins; those before it are done."""
        self._progress.update(self._task, completed=self._count, description=check.name)
        self._count += 1

    def stop(self) -> None:
        self._progress.stop()
