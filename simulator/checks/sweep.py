"""The events of a sweep: each has several mutations, so that mistakes are found that need two.

The mutations are the faults that change what is in a body and are to be accepted. Each two of them
come together in some event, and then again, as far as the number of events allows: a third one may
hide what two of them do. What is drawn follows from the seed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations
from typing import Any

from ..families.registry import FAULTS
from ..runtime.chance import Chance
from . import catalogue
from .check import Check
from .mutated_parts import FORMS
from .subject import Subject

_POINTS = ("run", "event", "payload", "body")
"""The points at which mutations act: what is in a body, and not how it is delivered."""

_NO_MUTATION = "batch"
"""How the names of faults at these points end that change how many events there are."""

_OF_CLOUD_EVENTS = "cloud-"
"""What the names of mutations begin with that only CloudEvents have."""

_MOST = 7
"""Mutations of an event, at most; more of them hide each other."""

_OF_STATUS = "-status"
"""How the names of mutations end that write the status: only one of them can be seen."""

Entry = Mapping[str, Any]
"""An event as in a scenario."""


def drawn(check: Check, subject: Subject, seed: int) -> Check:
    """Return a check with the events of its sweep; any other check as it is.

    The events that it states are the ones that are changed. Without any, these are events with all
    codes that the checks are about.
    """
    if not check.sweep:
        return check
    stated: list[Entry] = [subject.completed(each) for each in check.events]
    names = mutations_for(subject.family.name)
    chance = _Draw(Chance.of(seed, ""), check.name)
    sets = _sets(names, check.sweep, chance)
    return replace(check, events=[*_events(stated or [*_bases_of(subject)], sets, chance)])


def mutations_for(family: str) -> list[str]:
    """Return the names of all mutations that events of a family may have."""
    return [
        name
        for name, kind in FAULTS.items()
        if kind.point in _POINTS
        and kind.expect == "delivered"
        and kind.family in ("", family)
        and not name.endswith(_NO_MUTATION)
    ]


def _bases_of(subject: Subject) -> Iterator[Entry]:
    """Yield an event of each kind: the examples of codes, and what the family's checks state."""
    family = subject.family
    codes = [family.codes[subject.code]] if subject.code else [*family.codes.values()]
    said = [entry for code in codes for entry in code.entries()]
    if not subject.code:
        checks = map(catalogue.find, catalogue.names())
        events = (event for each in checks if each.family == family.name for event in each.events)
        said += [event[family.name] for event in events if family.name in event]
    different = {json.dumps(each, sort_keys=True): each for each in said}
    yield from ({family.name: each} for each in different.values())


@dataclass(slots=True)
class _Draw:
    """Draws numbers that follow from a seed and the name of a check, one after the other."""

    chance: Chance
    name: str
    number: int = 0

    def below(self, limit: int) -> int:
        self.number += 1
        drawn_bytes = self.chance.of_story(f"{self.name}/{self.number}", 8)
        return int.from_bytes(drawn_bytes, "big") % limit

    def one_of(self, several: Sequence[Any]) -> Any:
        return several[self.below(len(several))]


@dataclass(slots=True)
class _Pairs:
    """The pairs of mutations that were in no event so far."""

    left: dict[frozenset[str], None] = field(default_factory=dict)

    def take(self, chosen: Sequence[str]) -> None:
        for pair in combinations(chosen, 2):
            self.left.pop(frozenset(pair), None)

    def new(self, chosen: Sequence[str], other: str) -> int:
        """Return how many pairs come with one more mutation."""
        return sum(frozenset((each, other)) in self.left for each in chosen)


def _sets(names: Sequence[str], number: int, draw: _Draw) -> Iterator[list[str]]:
    """Yield so many sets of names that may be together in an event."""
    pairs = [frozenset(pair) for pair in combinations(names, 2) if _fit(pair)]
    pairs.sort(key=lambda _: draw.below(2**32))
    left = _Pairs()
    for _ in range(number):
        left = left if left.left else _Pairs(dict.fromkeys(pairs))
        chosen = sorted(next(iter(left.left)))
        for _ in range(draw.below(_MOST - 1)):
            others = [each for each in names if each not in chosen and _fit([*chosen, each])]
            others.sort(key=lambda _: draw.below(2**32))
            chosen.append(max(others, key=partial(left.new, chosen)))
        left.take(chosen)
        yield chosen


def _fit(names: Collection[str]) -> bool:
    """Tell whether an event can have all these mutations: in one form, and each can be seen."""
    is_flat_cloud_event = "flat-run" in names and any(map(_is_of_cloud_event, names))
    has_one_status = sum(each.endswith(_OF_STATUS) for each in names) < 2
    return sum(each in FORMS for each in names) < 2 and has_one_status and not is_flat_cloud_event


def _is_of_cloud_event(name: str) -> bool:
    return name.startswith(_OF_CLOUD_EVENTS)


def _events(
    bases: Sequence[Entry], sets: Iterator[list[str]], draw: _Draw
) -> Iterator[dict[str, Any]]:
    for number, names in enumerate(sets):
        faults = [_with_argument(each, draw) for each in _ordered(names)]
        yield {**bases[number % len(bases)], "faults": faults}


def _ordered(names: Sequence[str]) -> list[str]:
    """Return names in the order in which they act, as CloudEvents if one of them needs that."""
    forms = [each for each in names if each in FORMS]
    others = [each for each in names if each not in FORMS]
    return [*(["other-format"] if any(map(_is_of_cloud_event, names)) else forms), *others]


def _with_argument(name: str, draw: _Draw) -> str | dict[str, Any]:
    """Return a fault as in a scenario; if there are a few arguments, one of them is drawn."""
    argument = FAULTS[name].argument
    words = [each for each in argument.schema.get("enum", ()) if each] if argument else []
    return {name: draw.one_of(words)} if words else name
