"""Changes to a scenario from the command line (``--set KEY=VALUE``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from ..core.printable import brief
from ..core.spec_values import RegistrationSpec
from ..errors import Problem, ScenarioError
from ..families.registry import Families, shipped
from ..files.document import Document, Path
from .model import EventSpec, Scenario

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


def amend(
    document: Document, changes: Iterable[Change], families: Families | None = None
) -> Document:
    """Return the document with all changes; a later change wins over an earlier one.

    ``seed`` or ``flow.source`` name a place of the scenario. ``expect`` names the same place in
    every event, ``segment_job.outcome`` in every event with that family's key.
    ``events.0.after`` names one event, and so does ``events[0].after``, as messages print it.
    Raises ``ScenarioError`` for a key without a place, and for changes at more than
    ``MOST_PLACES``.
    """
    amended = _Amended(document, families or shipped())
    for change in changes:
        amended.make(change)
    return replace(document, value=amended.value, origins=amended.origins)


class _Amended:
    """A document with changes; it shares with the original all that is not changed.

    Mappings and lists on the way to a changed place are copied only once.
    """

    def __init__(self, document: Document, families: Families) -> None:
        self._document = document
        self._families = families
        self._copies: dict[int, object] = {}
        self._places = 0
        self.origins = dict(document.origins)
        self.value = self._copied(document.value)

    def make(self, change: Change) -> None:
        origin = brief(change.origin)
        paths = list(_paths(self.value, _steps(change.key), origin, self._families))
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


def _paths(
    scenario: Any, steps: tuple[str, ...], origin: str, families: Families
) -> Iterator[Path]:
    events = scenario.get("events") if isinstance(scenario, dict) else None
    entries = events if isinstance(events, list) else []
    top = {*Scenario.model_fields, *(each.defaults_key for each in families.with_defaults())}
    if steps[0] == "events":
        if len(steps) < 3 or not _is_index(steps[1], len(entries)):
            raise _refusal(origin, f"events.0.… to events.{max(len(entries) - 1, 0)}.…")
        yield ("events", int(steps[1]), *steps[2:])
    elif steps[0] in top:
        yield steps
    elif steps[0] in EventSpec.model_fields or steps[0] in families:
        for index, event in enumerate(entries):
            is_one = isinstance(event, dict) and steps[0] in event
            if is_one or steps[0] in EventSpec.model_fields:
                yield ("events", index, *steps)
    else:
        names = top | EventSpec.model_fields.keys() | {*families.known}
        raise _refusal(origin, f"a key such as {_likely(steps, names, entries, families)}")


def _likely(steps: tuple[str, ...], names: Set[str], entries: list[Any], families: Families) -> str:
    """Return the key that was probably meant: the whole one, a near one, or else an example."""
    inner = dict(_inner_keys(entries, families))
    if steps[0] in inner:
        return ".".join((inner[steps[0]], *steps))
    near = get_close_matches(steps[0], [*names, *inner], 1)
    if not near:
        return _example(entries, families)
    return near[0] if near[0] in names else f"{inner[near[0]]}.{near[0]}"


def _inner_keys(entries: list[Any], families: Families) -> Iterator[tuple[str, str]]:
    """Yield keys below another key, each with that key; those of families of the entries last."""
    yield from ((name, "registration") for name in RegistrationSpec.model_fields)
    said = (name for each in entries if isinstance(each, dict) for name in each)
    for name in dict.fromkeys(each for each in said if each in families.known):
        with suppress(ScenarioError):  # a family file with mistakes is not what is told here
            family = families[name]
            for key in (*(each.name for each in family.settings()), *family.draws()):
                yield key.partition(".")[0], name


def _example(entries: list[Any], families: Families) -> str:
    """Return a key that the first entry has, below that of its family; ``seed`` if it has none."""
    first = entries[0] if entries and isinstance(entries[0], dict) else {}
    steps = [name for name in first if name in families.known][:1]
    value = first[steps[0]] if steps else None
    while isinstance(value, dict) and value:
        steps.append(next(iter(value)))
        value = value[steps[-1]]
    return ".".join(steps) if len(steps) > 1 else "seed"


def _is_index(text: str, count: int) -> bool:
    """Tell whether a text is a number below ``count``, without leading zeros."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(count))
    return is_number and int(text) < count and str(int(text)) == text


def _refusal(origin: str, expected: str) -> ScenarioError:
    return ScenarioError([Problem(origin, 0, 0, "", "a key that does not exist", expected)])
