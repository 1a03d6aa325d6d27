"""What the list of deliveries costs: with many deliveries stored, and with many pages open."""

from __future__ import annotations

from collections.abc import Iterator

from .measure import Extent, Row, of_few_and_many

FEW, MANY = 100, 100_000
READS = ("the list of deliveries", "the list of one registration", "one delivery beside the list")


def dashboard(extent: Extent) -> Iterator[Row]:
    """Yield the time of each page, and the share of a processor that open pages take."""
    found = of_few_and_many("bench.pages", FEW, MANY, extent)
    yield from found.rows(READS, "stored")
    few, many = found.few[-1], found.many[-1]
    yield Row(
        "a processor, twenty open pages",
        f"{many:.2f} %",
        f"{few:.2f} % ({FEW:,} stored)",
        f"{many / few:.2f}",
        "below 3 %",
    )
