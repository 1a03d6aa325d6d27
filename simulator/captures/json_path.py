"""Paths in a JSON value, such as ``event.errors[0].code``, and patterns of paths.

A pattern fits a place and everything within it. ``*`` stands for one key or index, ``**`` for any
number of them: ``**.event_id`` fits this member at every place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import takewhile
from typing import Any


class Wild(Enum):
    """Wildcards in a pattern: for one step, and for any number of steps."""

    ONE = "*"
    SOME = "**"


Path = tuple[str | int, ...]

ROOT = "$"
"""The path of the whole value."""

EXPECTED = "a path such as event.errors[0].code, *.timestamp or **.event_id"

_PLAIN = re.compile(r'[^.\[\]"*$\s][^.\[\]"\s]*')
_STEP = re.compile(
    rf"""\[(?P<index>\d{{1,9}}|\*)\]
    | \["(?P<quoted>(?:[^"\\]|\\.)*)"\]
    | (?P<dot>\.?)(?P<plain>{_PLAIN.pattern}|\*\*?)""",
    re.VERBOSE,
)


def spell(path: Path) -> str:
    """Return a path as ``Pattern.parse`` reads it; keys that would be ambiguous are quoted."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN.fullmatch(step) and step.isprintable():
            text += f".{step}" if text else step
        else:
            text += f"[{json.dumps(step)}]"
    return text or ROOT


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern of paths; ``text`` is how the user wrote it."""

    text: str
    steps: tuple[str | int | Wild, ...]

    @classmethod
    def parse(cls, text: str) -> Pattern:
        """Return the pattern in a text; raises ``ValueError`` with what was expected."""
        steps: list[str | int | Wild] = []
        place = 0
        while place < len(text):
            found = _STEP.match(text, place)
            if found is None or (found["plain"] is not None and bool(found["dot"]) != bool(steps)):
                raise ValueError(EXPECTED)
            steps.append(_step(found))
            place = found.end()
        if not steps:
            raise ValueError(EXPECTED)
        return cls(text, tuple(steps))

    def fits(self, path: Path) -> bool:
        """Tell whether a path is one that the pattern names, or leads within it."""
        return _fits(self.steps, path)


def _step(found: re.Match[str]) -> str | int | Wild:
    if found["quoted"] is not None:
        try:
            return str(json.loads(f'"{found["quoted"]}"'))
        except ValueError:
            raise ValueError(EXPECTED) from None
    step = found["index"] or found["plain"]
    if step in ("*", "**"):
        return Wild(step)
    return step if found["index"] is None else int(step)


def _fits(steps: tuple[str | int | Wild, ...], path: Path) -> bool:
    """Tell whether steps fit a path, or the beginning of a path.

    With several ``**`` there are many ways to fit, so all of them are followed at once.
    """
    ways = _with_none(steps, {0})
    for key in path:
        if len(steps) in ways:
            return True
        stay = {way for way in ways if steps[way] is Wild.SOME}
        gone = {way + 1 for way in ways if steps[way] in (Wild.ONE, key)}
        ways = _with_none(steps, stay | gone)
    return len(steps) in ways


def _with_none(steps: tuple[str | int | Wild, ...], ways: set[int]) -> set[int]:
    """Return numbers of used steps, also those that follow if ``**`` stands for no step."""
    found = set(ways)
    for way in ways:
        further = takewhile(lambda each: steps[each] is Wild.SOME, range(way, len(steps)))
        found.update(each + 1 for each in further)
    return found


def paths(content: Any) -> Iterator[Path]:
    """Yield the path of every value within a value, its own first."""
    waiting: list[tuple[Path, Any]] = [((), content)]
    while waiting:
        path, value = waiting.pop()
        yield path
        if isinstance(value, dict):
            waiting += [((*path, key), child) for key, child in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, index), child) for index, child in enumerate(value)]
