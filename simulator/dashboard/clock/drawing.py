"""Where the marks of a ladder stand in its SVG, and which shape each has.

A line is an hour. In the first one, where attempts follow each other within minutes, the scale is
that of square roots. In all others a minute has the same width. The shapes are those of the marks
in the list of deliveries: a circle, a diamond, a triangle, a square and a cross.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...core.delivery import WINDOW
from .ladder import LadderAttempt, RetryLadder

LEFT, RIGHT, ROW, MINUTE = 58, 20, 21, 9.2
FIRST, TOP = 28, 84
"""Where the first line is from top to bottom, and the second."""

HOURS = int(WINDOW.total_seconds() // 3600)
WIDTH = round(LEFT + 60 * MINUTE + RIGHT)
HEIGHT = TOP + (HOURS - 1) * ROW
TICKS, FIRST_TICKS = (0, 15, 30, 45), (0, 1, 3, 7, 15, 30, 45)
"""Minutes of an hour that have a line, and those of the first hour."""

_CIRCLE = "M{left} {y}a4.4 4.4 0 1 0 8.8 0a4.4 4.4 0 1 0 -8.8 0z"
_SHAPES = {
    "": ("due", _CIRCLE),
    "2xx": ("good", _CIRCLE),
    "3xx": ("info", "M{x} {top}l5.4 5.4l-5.4 5.4l-5.4 -5.4z"),
    "4xx": ("warn", "M{x} {top}l5.2 9.6h-10.4z"),
    "5xx": ("bad", "M{left} {above}h8v8h-8z"),
    "6xx": ("odd", "M{left} {above}l8 8m0 -8l-8 8"),
}
"""Class of a status → the class in the style sheet, and the path."""


@dataclass(frozen=True, slots=True)
class LadderMark:
    """One attempt: its path, the class of its colour, and its words."""

    path: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class LadderDrawing:
    """The marks, and where the present is, if it is on the ladder."""

    width: int
    height: int
    rails: tuple[tuple[float, str], ...]
    ticks: tuple[tuple[float, str], ...]
    first_ticks: tuple[tuple[float, str], ...]
    marks: tuple[LadderMark, ...]
    now: tuple[float, float] | None
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP - ROW // 2
    first: int = FIRST


def draw(ladder: RetryLadder) -> LadderDrawing:
    """Return the drawing of a ladder."""
    is_on_it = ladder.age is not None and 0 <= ladder.age < WINDOW.total_seconds()
    return LadderDrawing(
        WIDTH,
        HEIGHT,
        tuple((_place(3600 * hour)[1], f"{hour} h") for hour in range(HOURS)),
        tuple((_place(3600 + 60 * minute)[0], f"{minute} min") for minute in TICKS),
        tuple((_place(60 * minute)[0], _words(minute)) for minute in FIRST_TICKS),
        tuple(_mark(each) for each in ladder.attempts if each.age < WINDOW.total_seconds()),
        _place(ladder.age) if is_on_it and ladder.age is not None else None,
    )


def _words(minute: int) -> str:
    """Return the words of a line of the first hour, where there is little room."""
    return str(minute) if 0 < minute < FIRST_TICKS[-1] else f"{minute} min"


def _mark(attempt: LadderAttempt) -> LadderMark:
    kind, path = _SHAPES.get(attempt.status_class, _SHAPES["5xx"])
    x, y = _place(attempt.age)
    answer = attempt.status_code or "due"
    path = path.format(x=x, y=y, left=round(x - 4.4, 1), top=round(y - 5.2, 1), above=y - 4)
    return LadderMark(path, kind, f"attempt {attempt.number}, after {attempt.after}: {answer}")


def _place(age: float) -> tuple[float, float]:
    hour, seconds = divmod(age, 3600)
    if not hour:
        return round(LEFT + math.sqrt(seconds / 3600) * 60 * MINUTE, 1), FIRST
    return round(LEFT + seconds / 60 * MINUTE, 1), TOP + ROW * (hour - 1)
