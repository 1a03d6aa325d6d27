"""What all measurements share: rows, medians of interleaved runs, processes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

CHECKOUT = Path(__file__).parents[1]
PYTHON = sys.executable
FLOWSIM = str(Path(sys.executable).with_name("flowsim"))


@dataclass(frozen=True)
class Extent:
    """How much is measured: a million events where 200,000 would do, and how many rounds."""

    full: bool = False
    rounds: int | None = None


@dataclass(frozen=True)
class Row:
    """One line of the table, spelt out."""

    what: str
    figure: str
    compared_with: str
    ratio: str
    aim: str


@contextlib.contextmanager
def home() -> Iterator[None]:
    """Keep the keys of all measurements in a folder of their own, made already."""
    before = os.environ.get("FLOWSIM_HOME")
    with tempfile.TemporaryDirectory(prefix="flowsim-bench-") as folder:
        os.environ["FLOWSIM_HOME"] = folder
        subprocess.run([FLOWSIM, "keys", "show"], stdout=subprocess.DEVNULL, check=True)
        try:
            yield
        finally:
            del os.environ["FLOWSIM_HOME"]
            if before is not None:
                os.environ["FLOWSIM_HOME"] = before


@dataclass(frozen=True)
class Rounds:
    """What several measures gave, one tuple a round; the machine may drift between rounds."""

    taken: list[tuple[float, ...]]

    def median(self, measure: int) -> float:
        return median(each[measure] for each in self.taken)

    def ratio(self, measure: int, reference: int) -> float:
        """Return the median of the ratios within each round."""
        return median(each[measure] / each[reference] for each in self.taken)

    def difference(self, measure: int, reference: int) -> float:
        """Return the median of the differences within each round."""
        return median(each[measure] - each[reference] for each in self.taken)


def in_turns(rounds: int, *measures: Callable[[], float]) -> Rounds:
    """Take several measures A B A B …"""
    return Rounds([tuple(measure() for measure in measures) for _ in range(rounds)])


def seconds_of(*command: str) -> float:
    """Return how long a process takes from its start to its end; its output goes nowhere."""
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def printed_by(module: str, *arguments: str, events: int) -> float:
    """Return the number that a module of this folder prints, run as a process of its own.

    It gets the bodies of so many events on standard input.
    """
    show = [FLOWSIM, "show", "--as", "body", "--repeat", str(events), "partial"]
    bodies = subprocess.check_output(show)
    command = [PYTHON, "-m", f"bench.{module}", *arguments]
    return float(subprocess.check_output(command, cwd=CHECKOUT, input=bodies))


@dataclass(frozen=True)
class FewAndMany:
    """What a module measured, with few things stored and with many: medians, and each round."""

    numbers: tuple[int, int]
    rounds: list[tuple[list[float], list[float]]]

    @property
    def few(self) -> list[float]:
        return [median(each) for each in zip(*(few for few, _ in self.rounds), strict=True)]

    @property
    def many(self) -> list[float]:
        return [median(each) for each in zip(*(many for _, many in self.rounds), strict=True)]

    def rows(self, reads: tuple[str, ...], noun: str) -> Iterator[Row]:
        """Yield a row for each read, in milliseconds; other measures may follow the reads."""
        for index, what in enumerate(reads):
            yield Row(
                f"{what}, {self.numbers[1]:,} {noun}",
                f"{self.many[index]:.2f} ms",
                f"{self.few[index]:.2f} ms ({self.numbers[0]:,} {noun})",
                f"{median(many[index] / few[index] for few, many in self.rounds):.2f}",
                "at most 1.25",
            )


def of_few_and_many(module: str, few: int, many: int, extent: Extent) -> FewAndMany:
    """Run a module of this folder in turns with both numbers, each time as a new process."""

    def measured(number: int) -> list[float]:
        command = [PYTHON, "-m", module, str(number)]
        return [float(each) for each in subprocess.check_output(command, cwd=CHECKOUT).split()]

    rounds = [(measured(few), measured(many)) for _ in range(extent.rounds or 3)]
    return FewAndMany((few, many), rounds)
