"""A comparison in two columns that fit the terminal."""

from __future__ import annotations

from collections.abc import Callable
from os.path import commonprefix
from typing import Any

import click
from rich.box import MINIMAL
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..captures.comparison import ABSENT, Comparison, Row
from ..core.json_writing import spelled
from ..core.printable import printable

MOST = 300
"""How many characters of a value are shown, at most."""

_BEFORE = 30
"""How many characters stand before the first one that differs, where a value is cut."""


class Columns:
    """Writes a comparison with ``write``, line by line: the left side red, the right one green."""

    def __init__(self, write: Callable[[str], None], color: bool | None) -> None:
        self._write = write
        self._console = Console(highlight=False, no_color=color is False, emoji=False)

    def show(self, comparison: Comparison, names: tuple[str, str]) -> None:
        """Write each place with a difference, and below it both values."""
        if comparison.rows:
            self._write_pair(*(Text(printable(name), "bold") for name in names))
        for row in comparison.rows:
            self._write(click.style(printable(row.place), dim=True))
            left, right = _shown(row)
            self._write_pair(Text(left, "red"), Text(right, "green"))

    def _write_pair(self, left: Text, right: Text) -> None:
        table = Table(
            box=MINIMAL,
            border_style="dim",
            expand=True,
            pad_edge=False,
            show_edge=False,
            show_header=False,
        )
        for _ in range(2):
            table.add_column(ratio=1, overflow="fold")
        table.add_row(left, right)
        with self._console.capture() as captured:
            self._console.print(table)
        for line in captured.get().splitlines():
            self._write(line.rstrip())


def _shown(row: Row) -> tuple[str, str]:
    """Return both values; long ones begin a little before the place at which they differ."""
    left, right = _text(row.left), _text(row.right)
    if max(len(left), len(right)) <= MOST:
        return left, right
    same = len(commonprefix((left, right)))  # noqa: RUF071 - these are no paths
    begin = max(0, same - _BEFORE)
    return _cut(left, begin), _cut(right, begin)


def _text(value: Any) -> str:
    """Return a value on one line, as JSON; what cannot be printed is escaped."""
    return "(nothing)" if value is ABSENT else printable(spelled(value))


def _cut(text: str, begin: int) -> str:
    shown = text[begin : begin + MOST]
    return ("…" if begin else "") + shown + ("…" if begin + MOST < len(text) else "")
