"""What reading costs in a service that holds a million events, over one that holds a thousand."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from statistics import median

from .measure import CHECKOUT, PYTHON, Extent, Row

FEW, MANY = 1_000, 1_000_000
READS = ("a journal page", "the traces", "the status")


def stored(extent: Extent) -> Iterator[Row]:
    """Yield the time of each read, and the memory of the process."""
    rounds = [(_measured(FEW), _measured(MANY)) for _ in range(extent.rounds or 3)]
    few, many = (
        [median(each) for each in zip(*side, strict=True)] for side in zip(*rounds, strict=True)
    )
    for index, what in enumerate(READS):
        yield Row(
            f"{what}, {MANY:,} events stored",
            f"{many[index]:.2f} ms",
            f"{few[index]:.2f} ms ({FEW:,} events)",
            f"{median(each[1][index] / each[0][index] for each in rounds):.2f}",
            "at most 1.25",
        )
    yield Row(
        f"memory of the service, {MANY:,} events stored",
        f"{many[-1]:.1f} MB",
        f"{few[-1]:.1f} MB ({FEW:,} events)",
        f"{many[-1] - few[-1]:+.1f} MB",
        "at most +50 MB",
    )


def _measured(events: int) -> list[float]:
    """Return milliseconds of each read and megabytes, of a process of its own."""
    command = [PYTHON, "-m", "bench.stored", str(events)]
    return [float(each) for each in subprocess.check_output(command, cwd=CHECKOUT).split()]
