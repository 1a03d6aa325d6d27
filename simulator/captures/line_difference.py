"""What differs between two texts, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

WINDOW = 2_000
"""How many lines of each text are compared at once: the time for it may grow with their cube."""

Part = tuple[str, int, int, int, int]
"""Whether lines are equal, and where they begin and end, in the left and in the right text."""


@dataclass(frozen=True, slots=True)
class LineDifference:
    """Lines that differ, each with its number from 1; a side without such a line has none."""

    left: tuple[int, str] | None
    right: tuple[int, str] | None


def line_differences(left: str, right: str) -> Iterator[LineDifference]:
    """Yield the lines of either text that the other does not have at that place.

    A line ends at a line feed, so a carriage return before it is part of the line.
    """
    one, other = left.split("\n"), right.split("\n")
    at, at_other = 0, 0
    while at < len(one) or at_other < len(other):
        window = one[at : at + WINDOW], other[at_other : at_other + WINDOW]
        is_last = max(len(one) - at, len(other) - at_other) <= WINDOW
        for kind, begin, end, from_, to in _parts(*window, is_last):
            if kind != "equal":
                lines = enumerate(window[0][begin:end], at + begin + 1)
                others = enumerate(window[1][from_:to], at_other + from_ + 1)
                for pair in zip_longest(lines, others):
                    yield LineDifference(*pair)
        at, at_other = at + end, at_other + to


def _parts(one: list[str], other: list[str], is_last: bool) -> Sequence[Part]:
    """Return the parts of a window, up to its last equal one if more lines are to come."""
    parts = SequenceMatcher(None, one, other).get_opcodes()
    equal = [number for number, part in enumerate(parts, 1) if part[0] == "equal"]
    if is_last or not equal:
        return parts
    _, _, end, _, to = parts[equal[-1] - 1]
    return parts[: equal[-1]] if max(end, to) > WINDOW // 2 else parts
