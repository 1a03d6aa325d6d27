"""A YAML file as it was read: plain values, and the place of every key and value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.printable import LONGEST_BRIEF, brief
from ..errors import Nearest, Problem

Path = tuple[str | int, ...]

Place = tuple[int, int]

DIGITS = " digits"
"""How a message about a number with too many of them ends."""


@dataclass(frozen=True, slots=True)
class Document:
    """What one file holds.

    ``keys`` and ``values`` map a path such as ``("events", 0, "after")`` to its line and
    column, both from 1. ``origins`` names the paths that came from elsewhere, such as an
    option of the command line. ``problems`` are mistakes that did not end the reading.
    ``merged`` maps paths that come from a merge key to where their values are written. A document
    that was kept without its places has ``with_places``, which returns the same one with them.
    """

    file: str
    value: Any
    keys: Mapping[Path, Place] = field(default_factory=dict)
    values: Mapping[Path, Place] = field(default_factory=dict)
    origins: Mapping[Path, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    merged: Mapping[Path, Path] = field(default_factory=dict)
    with_places: Callable[[], Document] | None = None

    def has(self, path: Path) -> bool:
        """Tell whether the file has a value at a path."""
        return self._written(path) in self.values

    def problem(
        self,
        path: Path,
        found: str,
        expected: str,
        *,
        at_key: bool = False,
        nearest: Nearest | None = None,
    ) -> Problem:
        """Return a mistake with its place in the file: line and column, both from 1.

        ``path`` leads to the value, as ``("events", 0, "after")``; if the file does not have it,
        the nearest place above counts. ``at_key`` means the key, not the value. ``found`` and
        ``expected`` are words of the message; ``nearest`` adds near names. If an option of the
        command line put the value there, the option is the place.
        """
        if self.with_places is not None:
            placed = self.with_places()
            return placed.problem(path, found, expected, at_key=at_key, nearest=nearest)
        said = spell(path), brief(found), brief(expected), nearest
        origin = next((self.origins[up] for up in _upwards(path) if up in self.origins), None)
        if origin is not None:
            return Problem(origin, 0, 0, *said)
        path = self._written(path)
        places = self.keys if at_key and path in self.keys else self.values
        line, column = next((places[up] for up in _upwards(path) if up in places), (1, 1))
        return Problem(self.file, line, column, *said)

    def part(self, path: Path) -> Document:
        """Return the document of the value at ``path``, with the place of all that it holds."""
        value = self.value
        for step in path:
            value = value[step]
        keys: dict[Path, Place] = {}
        values: dict[Path, Place] = {}
        for inner in _paths(value):
            written = self._written((*path, *inner))
            for places, found in ((self.keys, keys), (self.values, values)):
                if written in places:
                    found[inner] = places[written]
        return Document(self.file, value, keys, values)

    def _written(self, path: Path) -> Path:
        """Return where the value at a path is written, or would be."""
        while path not in self.values:
            known = (up for up in _upwards(path) if up in self.merged)
            brought = next(known, None)
            if brought is None:
                break
            path = (*self.merged[brought], *path[len(brought) :])
        return path


def position(text: str, offset: int) -> Place:
    """Return line and column, from 1, of a place in a text."""
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def spell(path: Path) -> str:
    """Return a path as it is printed: ``events[0].flow_run.records.failed``."""
    text = ""
    for step in path:
        if len(text) > LONGEST_BRIEF:  # the rest would be cut off
            break
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step[: LONGEST_BRIEF + 1]}" if text else step[: LONGEST_BRIEF + 1]
    return brief(text)


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the paths of a value and of all that it holds."""
    yield path
    steps: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        steps = value.items()
    elif isinstance(value, list):
        steps = enumerate(value)
    for step, inner in steps:
        yield from _paths(inner, (*path, step))


def _upwards(path: Path) -> Iterator[Path]:
    return (path[:length] for length in range(len(path), -1, -1))
