"""Tables and lines that fit a terminal: how wide a text is, where it is folded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import combining, east_asian_width

import click

GAP = "  "

WIDEST = 100
"""How long lines of prose are, at most."""

_LONGEST_NAME = 30
"""Longer names have what they are in the next line, in characters."""

_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_GAP = re.compile(r" {2,}(?=[^ ])")
_WORD = re.compile(r"(?<=[^ ])(?= )")
_COMMAND = re.compile(
    r"(?:(?<=: )(?<!error: )(?<!warning: )|(?<= as in )|(?<= with ))"
    r"flowsim(?: (?:'[^']*'|[^ ;'])+)+$"
)
"""A command at the end of a line, quoted as a shell has it."""


def folded(text: str, width: int) -> str:
    """Return lines of which none is longer than ``width``, but for words that are.

    Text that does not fit goes on below the last column of its line, or below its beginning. A word
    that fits no line stays where it is. A command to copy at the end of a line counts as one word:
    in two lines it would be two commands.
    """
    return "\n".join(_fold(line, width) for line in text.split("\n"))


def cells(text: str) -> int:
    """Return how many cells of a terminal a text takes; styles take none."""
    shown = _STYLE.sub("", text)
    if shown.isascii():
        return len(shown)
    return sum(0 if combining(each) else 1 + (east_asian_width(each) in "WF") for each in shown)


def _fold(line: str, width: int) -> str:
    if cells(line) <= width:
        return line
    indent = _indent(line, width)
    lines, held = [], ""
    for word in _words(line):
        bare = word.lstrip(" ")
        if held.strip() and cells(held) + cells(word) > width >= cells(bare):
            lines.append(held)
            held = " " * min(indent, width - cells(bare)) + bare
        else:
            held += word
    return "\n".join([*lines, held])


def _words(line: str) -> list[str]:
    """Return the words of a line, each with the blanks before it."""
    found = _COMMAND.search(line)
    if found is None:
        return _WORD.split(line)
    begin = len(line[: found.start()].rstrip(" "))
    return [*_WORD.split(line[:begin]), line[begin:]]


def _indent(line: str, width: int) -> int:
    """Return the indent of continued lines: that of the last column, if there is room."""
    plain = _STYLE.sub("", line)
    own = len(plain) - len(plain.lstrip(" "))
    gaps = [found.end() for found in _GAP.finditer(plain, own)]
    at = [cells(plain[:gap]) for gap in gaps]
    fitting = [each for each in at if each <= width // 2]
    return fitting[-1] if fitting else min(own + 2, width // 2)


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], width: int | None = None
) -> list[str]:
    """Return a table as lines; styles do not count for the width of a column.

    Where ``width``, in characters, has no room for all columns, a row goes on in further lines.
    """
    columns = zip(head, *rows, strict=True)
    widths = [max(map(cells, column)) for column in columns]
    parts = _parts(widths, width)
    styled = [[click.style(name, dim=True) for name in head], *rows]
    return [line for row in styled for line in _table_lines(row, widths, parts)]


def _parts(widths: Sequence[int], width: int | None) -> list[slice]:
    """Return which columns stand in each line of a row."""
    begins, used = [0], 0
    for column, each in enumerate(widths):
        indent = len(GAP) * (len(begins) > 1)
        if width is not None and column > begins[-1] and indent + used + each > width:
            begins.append(column)
            used = 0
        used += each + len(GAP)
    return [slice(begin, end) for begin, end in zip(begins, [*begins[1:], None], strict=True)]


def _table_lines(
    row: Sequence[str], widths: Sequence[int], parts: Sequence[slice]
) -> Iterator[str]:
    for number, part in enumerate(parts):
        padded = [
            each + " " * (width - cells(each))
            for each, width in zip(row[part], widths[part], strict=True)
        ]
        yield (GAP * (number > 0) + GAP.join(padded)).rstrip()


def definitions(rows: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    """Yield names with their texts in a second column, in lines of at most ``width``.

    Only a longer word exceeds it. If there is too little room, a text stands below its name.
    """
    from textwrap import wrap

    if not rows:
        return
    column = max(min(cells(name), _LONGEST_NAME) for name, _ in rows) + len(GAP)
    room = width - column - len(GAP)
    if max(cells(word) for _, text in rows for word in text.split()) > room:
        column, room = 2 * len(GAP), width - 2 * len(GAP)
    for name, text in rows:
        first, *others = wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
        if cells(name) > column - len(GAP):
            yield name
            yield " " * column + first
        else:
            yield f"{name:{column}}{first}".rstrip()
        yield from (" " * column + other for other in others)
