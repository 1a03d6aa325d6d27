"""What differs between two texts, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest


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
    for kind, begin, end, from_, to in SequenceMatcher(None, one, other).get_opcodes():
        if kind != "equal":
            lines = enumerate(one[begin:end], begin + 1)
            others = enumerate(other[from_:to], from_ + 1)
            for pair in zip_longest(lines, others):
                yield LineDifference(*pair)
