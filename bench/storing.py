"""What reading costs in a service that holds a million events, over one that holds a thousand."""

from __future__ import annotations

from collections.abc import Iterator

from .measure import Extent, Row, of_few_and_many

FEW, MANY = 1_000, 1_000_000
READS = ("a journal page", "the traces", "the status")


def stored(extent: Extent) -> Iterator[Row]:
    """Yield the time of each read, and the memory of the process."""
    found = of_few_and_many("bench.stored", FEW, MANY, extent)
    yield from found.rows(READS, "events stored")
    few, many = found.few[-1], found.many[-1]
    yield Row(
        f"memory of the service, {MANY:,} events stored",
        f"{many:.1f} MB",
        f"{few:.1f} MB ({FEW:,} events)",
        f"{many - few:+.1f} MB",
        "at most +50 MB",
    )
