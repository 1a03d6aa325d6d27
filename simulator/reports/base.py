"""What every report is told, in this order; each call is one fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ..core.summary import Summary
from ..core.trace import Trace


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known before the first delivery of one scenario.

    ``repeat_with`` are the options that tell the same story again, if it takes any;
    ``events`` is how many there will be; ``receiver`` is true for the built-in one.
    """

    scenario: str
    description: str
    seed: int
    repeat_with: str
    events: int
    target: str
    receiver: bool
    skips_waits: bool


class Report(Protocol):
    """Shows a replay to somebody."""

    def opened(self, opening: Opening) -> None: ...

    def attempted(self, trace: Trace) -> None: ...

    def closed(self, summary: Summary, elapsed: float) -> None:
        """Show the end; ``elapsed`` is in seconds of real time."""
        ...
