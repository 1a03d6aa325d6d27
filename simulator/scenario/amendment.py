"""Changes to a scenario from the command line (``--set KEY=VALUE``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from ..core.printable import brief
from ..errors import Problem, ScenarioError
from ..files.document import Document, Path
from .model import EventSpec, Scenario

_TOP = frozenset(Scenario.model_fields)
_EVENT = frozenset(EventSpec.model_fields)

MOST_PLACES = 250_000
"""The largest number of places that all changes together may change."""


def split(setting: str) -> tuple[str, str]:
    """Return key and value of ``KEY=VALUE``; raises ``ValueError`` for another form."""
    key, equals, text = setting.partition("=")
    if not equals or not key.strip("."):
        raise ValueError(f"{setting!r} has no form KEY=VALUE, as in seed=7")
    return key.strip(), text


@dataclass(frozen=True, slots=True)
class Change:
    """A change to a scenario: ``value`` at ``key``; ``origin`` is how the user wrote it."""

    key: str
    value: object
    origin: str


def amend(document: Document, changes: Iterable[Change]) -> Document:
    """Return the document with all changes; a later change wins over an earlier one.

    ``seed`` or ``flow.source`` name a place of the scenario. ``flow_run.records.failed`` or
    ``expect`` name the same place in every event (``flow_run`` and ``payload``: in every event that
    has one). ``events.0.after`` names one event, and so does ``events[0].after``, as messages print
    it. Raises ``ScenarioError`` for a key without a place, and for changes at more than
    ``MOST_PLACES``.
    """
    amended = _Amended(document)
    for change in changes:
        amended.make(change)
    return replace(document, value=amended.value, origins=amended.origins)


class _Amended:
    """A document with changes; it shares with the original all that is not changed.

    Mappings and lists on the way to a changed place are copied only once.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._copies: dict[int, object] = {}
        self._places = 0
        self.origins = dict(document.origins)
        self.value = self._copied(document.value)

    def make(self, change: Change) -> None:
        origin = brief(change.origin)
        paths = list(_paths(self.value, _steps(change.key), origin))
        if not paths:
            raise _refusal(origin, "an event that has this key; the scenario has none")
        self._places += len(paths)
        if self._places > MOST_PLACES:
            found = f"changes at more than {MOST_PLACES:,} places"
            raise ScenarioError([Problem(origin, 0, 0, "", found, "fewer changes, or events")])
        for path in paths:
            self._put(path, change.value, origin)
            self.origins |= dict.fromkeys(_new_places(self._document, path), origin)

    def _put(self, path: Path, value: object, origin: str) -> None:
        """Set the value at a path, making the mappings that lead to it."""
        holder = self.value
        for step in path[:-1]:
            holder = self._inner(holder, step)
        if not isinstance(holder, dict):
            raise _refusal(origin, "a key inside a mapping")
        holder[path[-1]] = value

    def _inner(self, holder: Any, step: str | int) -> Any:
        """Return the value at a step of a mapping or list, as a copy that may be changed."""
        if isinstance(holder, dict):
            holder[step] = self._copied(holder.get(step, {}))
        elif isinstance(holder, list) and isinstance(step, int):
            holder[step] = self._copied(holder[step])
        else:
            return None
        return holder[step]

    def _copied(self, value: Any) -> Any:
        """Return a copy of a mapping or list, but one that is a copy already as it is."""
        if not isinstance(value, dict | list) or id(value) in self._copies:
            return value
        copied = value.copy()
        self._copies[id(copied)] = copied
        return copied


def _steps(key: str) -> tuple[str, ...]:
    return tuple(re.sub(r"^events\[([0-9]+)\]", r"events.\1", key).split("."))


def _new_places(document: Document, path: Path) -> Iterator[Path]:
    """Yield a path, and the places on the way to it that the file does not have."""
    yield path
    for length in range(1, len(path)):
        if not document.has(path[:length]):
            yield path[:length]


def _paths(scenario: Any, steps: tuple[str, ...], origin: str) -> Iterator[Path]:
    events = scenario.get("events") if isinstance(scenario, dict) else None
    count = len(events) if isinstance(events, list) else 0
    if steps[0] == "events":
        if len(steps) < 3 or not _is_index(steps[1], count):
            raise _refusal(origin, f"events.0.… to events.{max(count - 1, 0)}.…")
        yield ("events", int(steps[1]), *steps[2:])
    elif steps[0] in _TOP:
        yield steps
    elif steps[0] in _EVENT:
        for index in range(count):
            event = events[index] if events else None
            is_one = isinstance(event, dict) and steps[0] in event
            if is_one or steps[0] not in ("flow_run", "payload"):
                yield ("events", index, *steps)
    else:
        near = get_close_matches(steps[0], _TOP | _EVENT, 1)
        raise _refusal(origin, f"a key such as {near[0] if near else 'flow_run.records.failed'}")


def _is_index(text: str, count: int) -> bool:
    """Tell whether a text is a number below ``count``, without leading zeros."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(count))
    return is_number and int(text) < count and str(int(text)) == text


def _refusal(origin: str, expected: str) -> ScenarioError:
    return ScenarioError([Problem(origin, 0, 0, "", "a key that does not exist", expected)])
