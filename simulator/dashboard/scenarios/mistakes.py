"""The mistakes of a scenario file at their places, with the line that each is in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...core.printable import printable
from ...errors import MOST_PRINTED, Problem, ScenarioError

_WORD = re.compile(r"[\w.-]+")
_BEFORE, _BEHIND = 80, 120
"""How many characters of a line are shown before and behind the place of a mistake."""


@dataclass(frozen=True, slots=True)
class MistakeShown:
    """One mistake; ``line`` and ``column`` count from 1, and are 0 without a place in the file.

    ``before``, ``at`` and ``behind`` are the line of the file around its place, made printable.
    ``file`` is what the place belongs to: the file, an option, or a family file.
    """

    file: str
    line: int
    column: int
    path: str
    found: str
    expected: str
    before: str = ""
    at: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True)
class MistakesShown:
    """The first mistakes of a file; ``more`` counts the others."""

    shown: Sequence[MistakeShown]
    more: int


NO_MISTAKES = MistakesShown((), 0)


def mistakes_of(error: ScenarioError, name: str, text: str) -> MistakesShown:
    """Return the mistakes of a scenario; ``name`` and ``text`` are those of its file."""
    lines = text.split("\n")
    shown = [_shown(each, name, lines) for each in error.problems[:MOST_PRINTED]]
    return MistakesShown(shown, len(error.problems) - len(shown))


def _shown(problem: Problem, name: str, lines: Sequence[str]) -> MistakeShown:
    near, expected = problem.nearest, problem.expected
    words = (
        *(printable(problem.file), problem.line, problem.column, printable(problem.path)),
        *(printable(problem.found), printable(near.before(expected) if near else expected)),
    )
    if not (_is_in(problem, name) and 0 < problem.line <= len(lines)):
        return MistakeShown(*words)
    line, place = lines[problem.line - 1].rstrip("\r"), problem.column - 1
    word = _WORD.match(line, place)
    stop = min(word.end() if word else place + 1, place + _BEFORE)
    begin, end = max(0, place - _BEFORE), stop + _BEHIND
    parts = line[begin:place], line[place:stop] or " ", line[stop:end]
    before, at, behind = map(printable, parts)
    cut = "…" if begin else "", "…" if end < len(line) else ""
    return MistakeShown(*words, cut[0] + before, at, behind + cut[1])


def _is_in(problem: Problem, name: str) -> bool:
    """Return whether the place of a mistake is in the file, also one that a change has made.

    The file of a shipped scenario is named by its path.
    """
    return problem.file == name or problem.file.endswith((f": {name}", f"/{name}.yaml"))
