"""Lines that are longer than a terminal is wide: folded between words."""

from __future__ import annotations

import re
from unicodedata import combining, east_asian_width

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

    What does not fit goes on below the last column of its line, or below its beginning. A word
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
    """Return where lines begin that go on: where the last column does, if that leaves room."""
    plain = _STYLE.sub("", line)
    own = len(plain) - len(plain.lstrip(" "))
    gaps = [found.end() for found in _GAP.finditer(plain, own)]
    at = [cells(plain[:gap]) for gap in gaps]
    fitting = [each for each in at if each <= width // 2]
    return fitting[-1] if fitting else min(own + 2, width // 2)
