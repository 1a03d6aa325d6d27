"""Notifications per second without sending them, and the memory that takes."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from functools import partial

from .measure import FLOWSIM, PYTHON, Extent, Row, in_turns, printed_by, seconds_of

EVENTS = 100_000
TOLD = 3_000
RUN = "flow_run"
FEW, MANY, MOST = 1_000, 200_000, 1_000_000

_PEAK = """
import os, sys
nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=nowhere)
_, status, used = os.wait4(pid, 0)
print(used.ru_maxrss if status == 0 else "nan")
"""
"""Run by an interpreter of its own: a child's peak begins with what its parent holds."""


def show_command(repeat: int) -> tuple[str, ...]:
    return FLOWSIM, "show", "--as", "body", "--repeat", str(repeat), "partial"


def show(extent: Extent) -> Iterator[Row]:
    """Yield events shown by a whole process over ``json.dumps`` of the same events."""
    taken = in_turns(
        extent.rounds or 3,
        lambda: EVENTS / seconds_of(*show_command(EVENTS)),
        lambda: printed_by("dumps", str(EVENTS), events=1_000),
    )
    compared = f"{taken.median(1):,.0f} /s (json.dumps in a loop)"
    figure, ratio = f"{taken.median(0):,.0f} /s", f"{taken.ratio(0, 1):.2f}"
    yield Row("events shown as bodies", figure, compared, ratio, "at least 0.25")


def families(extent: Extent) -> Iterator[Row]:
    """Yield events per second of the slowest family file over those of flow runs, in process."""
    from flowsim.families.registry import shipped

    others = [each.name for each in shipped().readable()[0] if each.codes and each.name != RUN]
    taken = in_turns(
        extent.rounds or 5, lambda: rate(RUN), *(partial(rate, name) for name in others)
    )
    slowest = min(range(1, len(others) + 1), key=taken.median)
    figure, compared = f"{taken.median(slowest):,.0f} /s", f"{taken.median(0):,.0f} /s (flow runs)"
    what = f"events told by {others[slowest - 1]}, the slowest family file"
    yield Row(what, figure, compared, f"{taken.ratio(slowest, 0):.2f}", "at least 0.25")


def rate(family: str) -> float:
    """Return how many payloads a second a story of one family gives."""
    from flowsim.files.document import Document
    from flowsim.story.opening import story_of

    entry = {family: {}, "after": "1s", "repeat": TOLD}
    document = Document("bench", {"seed": 7, "at": "2026-01-15T09:30:00Z", "events": [entry]})
    story = story_of("bench", document)
    began = time.perf_counter()
    told = sum(1 for _ in story.payloads())
    return told / (time.perf_counter() - began)


def memory(extent: Extent) -> Iterator[Row]:
    """Yield the peak memory of a long show beside that of a short one."""
    many = MOST if extent.full else MANY
    few, most = peak(FEW), peak(many)
    what = f"peak memory, {many:,} events shown"
    compared = f"{few:.1f} MB ({FEW:,} events)"
    yield Row(what, f"{most:.1f} MB", compared, f"{most - few:+.1f} MB", "at most +20 MB")


def peak(repeat: int) -> float:
    """Return the most megabytes that showing so many events takes."""
    command = [PYTHON, "-I", "-S", "-c", _PEAK, *show_command(repeat)]
    return float(subprocess.check_output(command, text=True)) / 1024
