"""What the list of deliveries costs: with many deliveries stored, and with many pages open."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from statistics import median

from .measure import CHECKOUT, PYTHON, Extent, Row

FEW, MANY = 100, 100_000
READS = ("the list of deliveries", "the list of one registration", "one delivery beside the list")


def dashboard(extent: Extent) -> Iterator[Row]:
    """Yield the time of each page, and the share of a processor that open pages take."""
    rounds = [(_measured(FEW), _measured(MANY)) for _ in range(extent.rounds or 3)]
    few, many = (
        [median(each) for each in zip(*side, strict=True)] for side in zip(*rounds, strict=True)
    )
    for index, what in enumerate(READS):
        yield Row(
            f"{what}, {MANY:,} stored",
            f"{many[index]:.1f} ms",
            f"{few[index]:.1f} ms ({FEW:,} stored)",
            f"{median(each[1][index] / each[0][index] for each in rounds):.2f}",
            "at most 1.25",
        )
    yield Row(
        "a processor, twenty open pages",
        f"{many[-1]:.2f} %",
        f"{few[-1]:.2f} % ({FEW:,} stored)",
        f"{many[-1] / few[-1]:.2f}",
        "below 3 %",
    )


def _measured(deliveries: int) -> list[float]:
    """Return milliseconds of each page and a percentage, of a process of its own."""
    command = [PYTHON, "-m", "bench.pages", str(deliveries)]
    return [float(each) for each in subprocess.check_output(command, cwd=CHECKOUT).split()]
