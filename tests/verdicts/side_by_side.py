"""Runs several checks side by side, each in a process of its own, within a limit of time."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Case = TypeVar("Case")
Result = TypeVar("Result")


def side_by_side(
    work: Callable[[Case], Result], cases: Sequence[Case], at_once: int, limit: float
) -> Iterator[tuple[Case, Result]]:
    """Yield each case with its result, in the order in which they end.

    ``work`` must be a function of a module. Raises ``TimeoutError`` after ``limit`` seconds. The
    processes end with the last result, and are ended after an error or Ctrl-C.
    """
    end = time.monotonic() + limit
    context = multiprocessing.get_context("spawn")
    numbered = [(work, number, case) for number, case in enumerate(cases)]
    with context.Pool(at_once, _end_with_a_signal) as pool:
        results = pool.imap_unordered(_one, numbered)
        for _ in cases:
            try:
                number, result = results.next(max(0.0, end - time.monotonic()))
            except multiprocessing.TimeoutError:
                raise TimeoutError(f"not all runs ended within {limit:.0f} s") from None
            yield cases[number], result
        pool.close()
        pool.join()


def _one(given: tuple[Callable[[Case], Result], int, Case]) -> tuple[int, Result]:
    work, number, case = given
    try:
        return number, work(case)
    except KeyboardInterrupt:  # it is ended
        sys.exit(1)


def _end_with_a_signal() -> None:
    """Let a process leave its blocks when it is ended, so that the webhooks end with it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started all ends them
