"""What the pytest plugin costs those who do not use it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from functools import partial
from importlib.metadata import entry_points

from .measure import PYTHON, Extent, Row, in_turns

OTHERS = [f"-pno:{each.name}" for each in entry_points(group="pytest11") if each.name != "flowsim"]


def empty_run(extent: Extent) -> Iterator[Row]:
    """Yield the processor time of an empty pytest run with the plugin and without it."""
    with tempfile.TemporaryDirectory() as folder:
        taken = in_turns(
            extent.rounds or 25, partial(seconds, folder), partial(seconds, folder, "-pno:flowsim")
        )
    more = taken.difference(0, 1) * 1000
    compared = f"{taken.median(1) * 1000:.0f} ms (-p no:flowsim)"
    figure = f"{taken.median(0) * 1000:.0f} ms"
    yield Row("an empty pytest run", figure, compared, f"{more:+.1f} ms", "at most 10 ms more")


def seconds(folder: str, *options: str) -> float:
    """Return the processor time of a pytest run in an empty folder, without other plugins."""
    command = [PYTHON, "-m", "pytest", "-q", *OTHERS, *options]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    return used.ru_utime + used.ru_stime
