"""A user's own checks: YAML files as those of the catalogue, read with all mistakes at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..errors import Problem, ScenarioError
from ..families.registry import Families, shipped
from ..files import text_files
from ..files.document import Document
from ..files.yaml_documents import parse_text
from ..scenario import parser as scenario_parser
from ..scenario.model import without_extensions
from ..story.opening import vocabulary
from . import catalogue
from .check import GROUPS, Check
from .check_requests import CheckStories
from .check_spec import NAME, CheckSpec
from .judges import DEFAULT, JUDGES
from .subject import subject_of

MOST_EVENTS = 1_000
"""The most events that a check may have."""

LONGEST = 30 * 86_400
"""The most seconds of story time that the events of a check may span."""

_WANTED = "a file with checks"
_NOWHERE = "127.0.0.1:65535"


def read(files: Sequence[str | PathLike[str]], families: Families | None = None) -> list[Check]:
    """Return the checks of files; without ``families``, events are of those that are shipped.

    Raises ``ScenarioError`` with the mistakes of all files, each with its place, and
    ``SettingError`` for a file that cannot be read.
    """
    checks: list[Check] = []
    problems: list[Problem] = []
    taken: dict[str, str] = {}
    families = families or shipped()
    for file in files:
        called, text = text_files.text_of(Path(file), _WANTED)
        try:
            document = parse_text(text, called, "a check, its name as a key")
        except ScenarioError as error:
            problems += error.problems
            continue
        found = [*document.problems, *_problems(document, taken, families)]
        problems += scenario_parser.in_order(found)
        if not found:
            checks += [_check(name, said, str(file)) for name, said in _named(document).items()]
        taken |= dict.fromkeys(_named(document), called)
    if problems:
        raise ScenarioError(problems)
    return checks


def _named(document: Document) -> dict[str, Any]:
    """Return name of a check → its entry; empty if the document is no mapping."""
    content = without_extensions(document.value)
    return content if isinstance(content, dict) else {}


def _check(name: str, said: Mapping[str, Any], file: str) -> Check:
    """Return a check that has no mistakes."""
    spec = CheckSpec.model_validate(said)
    texts = {key: getattr(spec, key) for key in ("claim", "why", "advice", "source")}
    return catalogue.check_of(name, spec.group, {**said, **texts}, file)


def _problems(
    document: Document, taken: Mapping[str, str], families: Families
) -> Iterator[Problem]:
    content = _named(document)
    if not content:
        found = scenario_parser.spell_value(document.value)
        yield document.problem((), found, "checks, each with its name as the key")
    for name, said in content.items():
        yield from _problems_of_name(document, name, taken)
        yield from _problems_of_check(document, name, said, families)


def _problems_of_name(document: Document, name: str, taken: Mapping[str, str]) -> Iterator[Problem]:
    path, wanted = (name,), "another name"
    if not re.fullmatch(NAME, name):
        words = "small letters, digits and dashes, as in our-check"
        yield document.problem(path, f"the name {name!r}", words, at_key=True)
    elif name in GROUPS:
        yield document.problem(path, f"the name {name} of a group", wanted, at_key=True)
    elif name in catalogue.names():
        yield document.problem(path, f"the name {name} of a shipped check", wanted, at_key=True)
    elif name in taken:
        found = f"the name {name} of a check in {taken[name]}"
        yield document.problem(path, found, wanted, at_key=True)


def _problems_of_check(
    document: Document, name: str, said: object, families: Families
) -> Iterator[Problem]:
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
