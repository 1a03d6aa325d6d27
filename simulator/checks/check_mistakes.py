"""What is wrong with checks in a file: in what they say, with their judge and in their events."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from ..core.printable import count
from ..errors import Problem, ScenarioError
from ..families.registry import Families, shipped
from ..files.document import Document, Path, Place
from ..scenario import parser as scenario_parser
from ..scenario.model import Scenario, without_extensions
from ..story.opening import vocabulary
from . import material
from .check_requests import CheckStories
from .check_spec import NAME, CheckSpec
from .judges import DEFAULT, JUDGES
from .subject import subject_of

MOST_EVENTS = 1_000
"""The most events that a check may have."""

LONGEST = 30 * 86_400
"""The most seconds of story time that the events of a check may span."""

_NOWHERE = "127.0.0.1:65535"


def named(document: Document) -> dict[str, Any]:
    """Return name of a check → its entry; empty if the document is no mapping."""
    content = without_extensions(document.value)
    return content if isinstance(content, dict) else {}


def in_file(document: Document, group: str) -> Iterator[Problem]:
    """Yield the mistakes of a file with checks of one group, which a family brings."""
    for name, said in named(document).items():
        whole = {**said, "group": group} if isinstance(said, dict) else said
        yield from of_check(document, name, whole, shipped())


def of_check(document: Document, name: str, said: object, families: Families) -> Iterator[Problem]:
    """Yield what is wrong with one check, its name included."""
    if not re.fullmatch(NAME, name):
        words = "small letters, digits and dashes, as in our-check"
        yield document.problem((name,), f"the name {name!r}", words, at_key=True)
    spec = None
    try:
        spec = CheckSpec.model_validate(said)
    except ValidationError as error:
        yield from scenario_parser.problems_of(document, error, CheckSpec, (name,))
    else:
        yield from _problems_of_judge(document, name, spec)
    if isinstance(said, dict):
        for key in material.EVENTS:
            yield from _Events(document, name, key, said, spec, families).problems()


def _judge_of(spec: CheckSpec) -> str:
    return spec.judge.name if spec.judge else DEFAULT


def _problems_of_judge(document: Document, name: str, spec: CheckSpec) -> Iterator[Problem]:
    """Yield why the judge of a check does not fit its probes and events."""
    judge = _judge_of(spec)
    kind, kinds = JUDGES[judge], tuple(each.kind for each in spec.probes)
    if kind.probes and not kind.fits(kinds):
        wanted = f"probes: [{', '.join(kind.probes)}] for the judge {judge}"
        yield document.problem((name, "probes"), _listed("probes", kinds), wanted)
    if kind.events and spec.probes:
        wanted = f"none for the judge {judge}, which is about events"
        yield document.problem((name, "probes"), "probes", wanted)
    yield from _problems_of_numbers(document, name, spec)
    for path, found, wanted, at_key in material.of_spec(judge, spec):
        yield document.problem((name, *path), found, wanted, at_key=at_key)


def _problems_of_numbers(document: Document, name: str, spec: CheckSpec) -> Iterator[Problem]:
    """Yield where there are events for a judge of probes, or too few of them."""
    judge = _judge_of(spec)
    kind = JUDGES[judge]
    for key in material.EVENTS:
        events = getattr(spec, key)
        number = len(events) + sum(_repeats(event) for event in events)
        if kind.probes and events:
            yield document.problem((name, key), "events", f"none for the judge {judge}")
        if number < kind.events and (events or key == "events"):
            wanted = f"at least {kind.events} for the judge {judge}, as in {key}: [{{}}]"
            yield document.problem((name, key), count(number, "event"), wanted)


def _repeats(event: object) -> int:
    """Return how often an event is repeated beyond the first; 0 if ``repeat`` is wrong."""
    number = event.get("repeat", 1) if isinstance(event, dict) else 1
    return max(number, 1) - 1 if isinstance(number, int) else 0


def _listed(word: str, kinds: Sequence[str]) -> str:
    return f"{word}: [{', '.join(kinds)}]" if kinds else f"no {word}"


@dataclass(frozen=True, slots=True)
class _Events:
    """The events of a check under one of its keys; ``spec`` is none if the check has mistakes."""

    document: Document
    name: str
    key: str
    said: Mapping[str, Any]
    spec: CheckSpec | None
    families: Families

    def problems(self) -> Iterator[Problem]:
        """Yield the mistakes that they have as those of a scenario, and what they lack."""
        events, registration = self.said.get(self.key), self.said.get("registration", {})
        if not isinstance(events, list) or not events or not isinstance(registration, dict):
            return
        stories = CheckStories(
            *("0" * 32, None, 1, "", _NOWHERE, _NOWHERE), subject_of(None, self.families)
        )
        content = stories.scenario(self.name, "", events, registration)
        try:
            scenario = scenario_parser.parse(self._part(content), vocabulary(self.families))
        except ScenarioError as error:
            yield from map(self._placed, error.problems)
            return
        for found, wanted in (*_sizes(scenario), *self._lacks(scenario)):
            yield self.document.problem((self.name, self.key), found, wanted)

    def _lacks(self, scenario: Scenario) -> Iterator[tuple[str, str]]:
        if self.spec is not None:
            judge = _judge_of(self.spec)
            yield from material.of_events(judge, self.spec, scenario, self.families)

    def _part(self, content: Mapping[str, Any]) -> Document:
        """Return the check as a scenario, with the places of these events."""
        part = self.document.part((self.name,))
        keys, values = map(self._as_events, (part.keys, part.values))
        return replace(part, value=content, keys=keys, values=values)

    def _as_events(self, places: Mapping[Path, Place]) -> Mapping[Path, Place]:
        own = {("events", *path[1:]): at for path, at in places.items() if path[:1] == (self.key,)}
        return {**{path: at for path, at in places.items() if path[:1] != ("events",)}, **own}

    def _placed(self, problem: Problem) -> Problem:
        """Return a mistake of the scenario as one of the check."""
        path = re.sub(r"^events\b", self.key, problem.path)
        return replace(problem, path=f"{self.name}.{path}" if path else self.name)


def _sizes(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield why events are too many or too far apart: what was found and what is expected."""
    number = sum(event.repeat for event in scenario.events)
    length = sum(event.after * event.repeat for event in scenario.events)
    if number > MOST_EVENTS:
        yield f"{number:,} events", f"at most {MOST_EVENTS:,} in a check"
    if length > LONGEST:
        yield f"events of {length / 86_400:,.0f} days", "at most 30 days"
