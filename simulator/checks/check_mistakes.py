"""What is wrong with checks in a file: in what they say, with their judge and in their events."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from ..errors import Problem, ScenarioError
from ..families.registry import Families, shipped
from ..files.document import Document
from ..scenario import parser as scenario_parser
from ..scenario.model import without_extensions
from ..story.opening import vocabulary
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
    try:
        spec = CheckSpec.model_validate(said)
    except ValidationError as error:
        yield from scenario_parser.problems_of(document, error, CheckSpec, (name,))
    else:
        yield from _problems_of_judge(document, name, spec)
    if isinstance(said, dict):
        yield from _problems_of_events(document, name, said, families)


def _problems_of_judge(document: Document, name: str, spec: CheckSpec) -> Iterator[Problem]:
    """Yield why the judge of a check does not fit its probes and events."""
    judge = spec.judge.name if spec.judge else DEFAULT
    kind, kinds = JUDGES[judge], tuple(each.kind for each in spec.probes)
    number = len(spec.events) + sum(_repeats(event) for event in spec.events)
    if kind.probes and not kind.fits(kinds):
        wanted = f"probes: [{', '.join(kind.probes)}] for the judge {judge}"
        yield document.problem((name, "probes"), _listed("probes", kinds), wanted)
    if kind.probes and spec.events:
        yield document.problem((name, "events"), "events", f"none for the judge {judge}")
    if kind.events and spec.probes:
        wanted = f"none for the judge {judge}, which is about events"
        yield document.problem((name, "probes"), "probes", wanted)
    if number < kind.events:
        wanted = f"at least {kind.events} for the judge {judge}, as in events: [{{}}]"
        yield document.problem((name, "events"), f"{number} events", wanted)


def _repeats(event: object) -> int:
    """Return how often an event is repeated beyond the first; 0 if ``repeat`` is wrong."""
    number = event.get("repeat", 1) if isinstance(event, dict) else 1
    return max(number, 1) - 1 if isinstance(number, int) else 0


def _listed(word: str, kinds: Sequence[str]) -> str:
    return f"{word}: [{', '.join(kinds)}]" if kinds else f"no {word}"


def _problems_of_events(
    document: Document, name: str, said: Mapping[str, Any], families: Families
) -> Iterator[Problem]:
    """Yield the mistakes that the events of a check have as those of a scenario."""
    events, registration = said.get("events"), said.get("registration", {})
    if not isinstance(events, list) or not events or not isinstance(registration, dict):
        return
    subject = subject_of(None, families)
    stories = CheckStories("0" * 32, None, 1, "", _NOWHERE, _NOWHERE, subject)
    content = stories.scenario(name, "", events, registration)
    part = replace(document.part((name,)), value=content)
    try:
        scenario = scenario_parser.parse(part, vocabulary(families))
    except ScenarioError as error:
        for each in error.problems:
            yield replace(each, path=f"{name}.{each.path}" if each.path else name)
        return
    number = sum(event.repeat for event in scenario.events)
    length = sum(event.after * event.repeat for event in scenario.events)
    if number > MOST_EVENTS:
        wanted = f"at most {MOST_EVENTS:,} in a check"
        yield document.problem((name, "events"), f"{number:,} events", wanted)
    if length > LONGEST:
        found, wanted = f"events of {length / 86_400:,.0f} days", "at most 30 days"
        yield document.problem((name, "events"), found, wanted)
