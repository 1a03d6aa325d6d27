"""Deliveries per second, to a receiver that answers without a look."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator

import click

from .measure import FLOWSIM, Extent, Row, in_turns, printed_by, seconds_of
from .neutral import receiver

DELIVERIES = 10_000
BATCHED_EVENTS = 40_000
LOOP = 2_000
IN_FLIGHT = 2_000
LATE = 5.0
BATCHED = ("--set", "registration.delivery_type=webhook_batch")


def signing_limit() -> float:
    """Return deliveries per second if there were nothing but signing, two for each delivery."""
    command = ["openssl", "speed", "-seconds", "2", "-multi", str(os.cpu_count()), "rsa2048"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"^rsa +2048 bits +\S+ +\S+ +([\d.]+)", told, re.MULTILINE)
    if not found:
        raise click.ClickException(f"openssl speed printed something else:\n{told}")
    return float(found[1]) / 2


def replay(url: str, repeat: int) -> tuple[str, ...]:
    """Return a replay of so many deliveries; one that fails is not tried again."""
    return (
        *(FLOWSIM, "replay", "partial", "--repeat", str(repeat)),
        *("--target", url, "--max-attempts", "1"),
    )


def elapsed(url: str, repeat: int, *options: str) -> float:
    """Return the seconds that a replay says it took."""
    command = [*replay(url, repeat), "--json", *options]
    with tempfile.TemporaryFile() as output:
        subprocess.run(command, stdout=output, check=True)
        output.seek(max(0, output.tell() - 1000))
        summary = json.loads(output.read().splitlines()[-1])
    return float(summary["elapsed_s"])


def single(extent: Extent) -> Iterator[Row]:
    """Yield single deliveries over what openssl can sign, with and without the start."""
    with receiver() as url:
        command = replay(url, DELIVERIES)
        taken = in_turns(
            extent.rounds or 5,
            signing_limit,
            lambda: DELIVERIES / elapsed(url, DELIVERIES),
            lambda: DELIVERIES / seconds_of(*command),
        )
    compared = f"{taken.median(0):,.0f} /s (openssl, 2 signatures)"
    for measure, what in ((1, "as the summary says"), (2, "whole process")):
        figure, ratio = f"{taken.median(measure):,.0f} /s", f"{taken.ratio(measure, 0):.2f}"
        aim = "at least 0.40, aim 0.55"
        yield Row(f"single deliveries, {what}", figure, compared, ratio, aim)


def over_a_loop(extent: Extent) -> Iterator[Row]:
    """Yield single deliveries over those of a loop written by hand."""
    with receiver() as url:
        taken = in_turns(
            extent.rounds or 5,
            lambda: DELIVERIES / elapsed(url, DELIVERIES),
            lambda: printed_by("loop", url, str(LOOP), events=100),
        )
    compared = f"{taken.median(1):,.0f} /s (requests.post in a loop)"
    figure, ratio = f"{taken.median(0):,.0f} /s", f"{taken.ratio(0, 1):.1f}"
    yield Row("single deliveries", figure, compared, ratio, "at least 3")


def batches(extent: Extent) -> Iterator[Row]:
    """Yield the events of full batches over twenty times the limit of signing."""
    with receiver() as url:
        taken = in_turns(
            extent.rounds or 3,
            lambda: 20 * signing_limit(),
            lambda: BATCHED_EVENTS / elapsed(url, BATCHED_EVENTS, *BATCHED),
        )
    compared = f"{taken.median(0):,.0f} /s (20 x openssl, 2 signatures)"
    figure, ratio = f"{taken.median(1):,.0f} /s", f"{taken.ratio(1, 0):.2f}"
    yield Row("events in batches of 20", figure, compared, ratio, "aim 0.15")


def in_flight(_: Extent) -> Iterator[Row]:
    """Yield how long 2,000 deliveries take that are answered after 5 seconds."""
    with receiver(LATE) as url:
        seconds = elapsed(url, IN_FLIGHT, "--concurrency", str(IN_FLIGHT))
    what = f"{IN_FLIGHT:,} deliveries in flight"
    compared = f"{LATE:.0f} s (one answer)"
    yield Row(what, f"{seconds:.1f} s", compared, f"{seconds / LATE:.1f}", "at most 15 s")
