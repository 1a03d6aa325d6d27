"""Opens a story: reads a scenario, applies changes, and decides seed and beginning."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ..core import instant
from ..core.printable import brief
from ..errors import Problem, ScenarioError, SettingError
from ..families import registry
from ..families.registry import FAULTS, Families
from ..files import yaml_documents
from ..files.document import Document
from ..runtime.chance import Chance, draw_seed
from ..runtime.clock import present
from ..scenario import files as scenario_files
from ..scenario import parser as scenario_parser
from ..scenario import rules as scenario_rules
from ..scenario.amendment import Change, amend
from ..scenario.model import Scenario, Vocabulary, without_extensions
from .entries import entries_of, expect_tellable
from .story import Story

LAST = datetime(2106, 1, 1, tzinfo=UTC)
"""The latest end of a story: seconds since 1970 need more than 32 bits soon after."""


@dataclass(frozen=True, slots=True)
class ChangedScenario:
    """A scenario file with the changes to it, and the families that its entries may be of.

    ``document`` is the file with its changes, and has the place of everything.

    ``content`` is the whole scenario as JSON, without seed and beginning. ``warnings`` are about
    what is allowed, but probably not intended.
    """

    scenario: Scenario
    content: str
    warnings: tuple[Problem, ...]
    families: Families
    document: Document


def open_story(
    name: str,
    changes: Sequence[Change] = (),
    *,
    fresh: bool = False,
    passes: int = 1,
    families: Families | None = None,
) -> Story:
    """Return the story of a scenario file, shipped scenario or event code; ``-`` is standard input.

    Raises ``ScenarioError`` with all mistakes, or ``SettingError`` if there is no such file.
    """
    document = scenario_files.read(name, families)
    return story_of(name, document, changes, fresh=fresh, passes=passes, families=families)


def story_of(
    name: str,
    document: Document,
    changes: Iterable[Change] = (),
    *,
    fresh: bool = False,
    passes: int = 1,
    now: datetime | None = None,
    families: Families | None = None,
) -> Story:
    """Return the story of a document that was read already; raises as ``open_story`` does.

    It begins ``now`` (the present, if left out) unless it says when. Without ``families``, those
    that are shipped with flowsim may be used.
    """
    changed = changed_scenario(document, changes, families)
    return story_from(name, changed, fresh=fresh, passes=passes, now=now)


def changed_scenario(
    document: Document, changes: Iterable[Change], families: Families | None = None
) -> ChangedScenario:
    """Return the scenario in a document with changes; raises as ``open_story`` does."""
    changes, families = tuple(changes), families or registry.shipped()
    changed = amend(document, changes, families)
    try:
        scenario = scenario_parser.parse(changed, vocabulary(families))
    except ScenarioError as error:
        raise _with_origins(error, changes, document, families) from None
    said = without_extensions(changed.value)
    content = {key: each for key, each in said.items() if key not in ("seed", "at")}
    warnings = tuple(scenario_rules.warnings_of(changed, scenario, families))
    return ChangedScenario(
        scenario, json.dumps(content, sort_keys=True), warnings, families, changed
    )


def _with_origins(
    error: ScenarioError, changes: Sequence[Change], unchanged: Document, families: Families
) -> ScenarioError:
    """Return the mistakes in a changed document; those made by changes name the options."""
    if not changes:
        return error
    own: set[Problem] = set()
    try:
        scenario_parser.parse(unchanged, vocabulary(families))
    except ScenarioError as before:
        own.update(before.problems)
    origins = brief(" ".join(change.origin for change in changes))
    place = f"{origins}: {unchanged.file}"
    return ScenarioError(
        [
            replace(each, file=place) if each.line and each not in own else each
            for each in error.problems
        ]
    )


def story_from(
    name: str,
    changed: ChangedScenario,
    *,
    fresh: bool = False,
    passes: int = 1,
    now: datetime | None = None,
) -> Story:
    """Return the story of a scenario; raises as ``story_of`` does, also for what cannot be told."""
    scenario = _without_ids(changed.scenario) if fresh else changed.scenario
    seed = draw_seed() if scenario.seed is None else scenario.seed
    begin = scenario.at or now or present()
    chance = Chance.of(seed, changed.content, fresh)
    story = Story(
        name,
        scenario,
        seed,
        _repeat_with(scenario, seed, begin),
        chance,
        begin,
        passes,
        _points(scenario),
        changed.warnings,
        entries_of(scenario, changed.families, chance, changed.document),
        changed.families,
    )
    if story.length > (LAST - begin).total_seconds():
        raise SettingError(
            f"{name}: the story ends after {LAST.year - 1}; begin it earlier, or repeat it less"
        )
    expect_tellable(story.entries, begin)
    return story


def changes_of(
    settings: Iterable[tuple[str, str]],
    seed: int | str | None = None,
    at: str | None = None,
    client_id: str | None = None,
    delivery_format: str | None = None,
) -> Iterator[Change]:
    """Yield the changes that options ask for, each with the option as its origin.

    ``settings`` are keys and values as YAML. The seed ``random`` stands for a drawn one. Raises
    ``ScenarioError`` for a value that is not YAML.
    """
    for key, text in settings:
        origin = brief(f"--set {key}={text}")
        yield Change(key, yaml_documents.scalar(text, origin), origin)
    if seed is not None:
        yield Change("seed", None if seed == "random" else seed, f"--seed {seed}")
    if at is not None:
        yield Change("at", at, f"--at {at}")
    if client_id is not None:
        yield Change("registration.client_id", client_id, f"--client-id {client_id}")
    if delivery_format is not None:
        key = "registration.event_delivery_format"
        yield Change(key, delivery_format, f"--format {delivery_format}")


def _points(scenario: Scenario) -> frozenset[str]:
    named = (scenario.faults, *(event.faults for event in scenario.events))
    return frozenset(FAULTS[fault.name].point for each in named for fault in each)


def _repeat_with(scenario: Scenario, seed: int, begin: datetime) -> str:
    options = [f"--seed {seed}"] if scenario.seed is None else []
    options += [f"--at {instant.spell(begin)}"] if scenario.at is None else []
    return " ".join(options)


def _without_ids(scenario: Scenario) -> Scenario:
    """Return a scenario that states no event ids, so that all of them are drawn."""
    events = [event.model_copy(update={"event_id": None}) for event in scenario.events]
    return scenario.model_copy(update={"events": tuple(events)})


def vocabulary(families: Families | None = None) -> Vocabulary:
    """Return the words that a scenario may use: faults and families."""
    return Vocabulary(FAULTS, families or registry.shipped())
