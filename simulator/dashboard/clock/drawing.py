"""Where the marks of a ladder stand in its SVG, and which shape each has.

A line is an hour, and each minute has the same width. The shapes are those of the marks in the list
of deliveries: a circle, a diamond, a triangle, a square and a cross.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...core.delivery import WINDOW
from .ladder import LadderAttempt, RetryLadder

LEFT, RIGHT, TOP, ROW, MINUTE = 46, 20, 28, 21, 9.2
HOURS = int(WINDOW.total_seconds() // 3600)
WIDTH = round(LEFT + 60 * MINUTE + RIGHT)
HEIGHT = TOP + HOURS * ROW
TICKS = (0, 15, 30, 45)
"""Minutes of an hour that have a line."""

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
    rails: tuple[tuple[int, str], ...]
    ticks: tuple[tuple[float, str], ...]
    marks: tuple[LadderMark, ...]
    now: tuple[float, float] | None
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP - ROW // 2


def draw(ladder: RetryLadder) -> LadderDrawing:
    """Return the drawing of a ladder."""
    is_on_it = ladder.age is not None and 0 <= ladder.age < WINDOW.total_seconds()
    return LadderDrawing(
        WIDTH,
        HEIGHT,
        tuple((TOP + ROW * hour, f"{hour} h") for hour in range(HOURS)),
        tuple((round(LEFT + minute * MINUTE, 1), f"{minute} min") for minute in TICKS),
        tuple(_mark(each) for each in ladder.attempts if each.age < WINDOW.total_seconds()),
        _place(ladder.age) if is_on_it and ladder.age is not None else None,
    )


def _mark(attempt: LadderAttempt) -> LadderMark:
    kind, path = _SHAPES.get(attempt.status_class, _SHAPES["5xx"])
    x, y = _place(attempt.age)
    answer = attempt.status_code or "due"
    path = path.format(x=x, y=y, left=round(x - 4.4, 1), top=round(y - 5.2, 1), above=y - 4)
    return LadderMark(path, kind, f"attempt {attempt.number}, after {attempt.after}: {answer}")


def _place(age: float) -> tuple[float, float]:
    hour, seconds = divmod(age, 3600)
    return round(LEFT + seconds / 60 * MINUTE, 1), TOP + ROW * hour
