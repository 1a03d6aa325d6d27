"""How much work something is: calls are counted, so that no clock has to be looked at."""

from __future__ import annotations

import gc
from collections.abc import Callable
from cProfile import Profile
from functools import partial
from typing import TypeVar

Input = TypeVar("Input")

TIMES = 3
"""How many times as large each of three inputs is as the one before."""

MOST = 5
"""How many times the work grows from one step to the next: 3 if linear, 9 if quadratic."""


def calls(work: Callable[[], object]) -> int:
    """Return how many functions are called meanwhile, those written in C included."""
    profiler = Profile()
    gc.disable()
    profiler.enable()
    try:
        work()
    finally:
        profiler.disable()
        gc.enable()
    return sum(each.callcount for each in profiler.getstats())


def assert_linear(work: Callable[[Input], object], make: Callable[[int], Input], size: int) -> None:
    """Assert that work grows with its input as a straight line does.

    Inputs are made before the count begins, so the work of making them is not counted. Work that
    is done once, for any size, falls out of the differences. With a ``size`` of 100, quadratic
    work is more than all other work.
    """
    inputs = [make(size), make(size * TIMES), make(size * TIMES**2)]
    work(inputs[0])  # what is kept from the first call on, such as a module, is made now
    small, middle, large = (calls(partial(work, each)) for each in inputs)
    steps = f"{small:,}, {middle:,} and {large:,} calls"
    assert large - middle <= MOST * (middle - small) + size, steps
