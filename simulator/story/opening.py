"""Puts a story together: scenario, chance, cast, catalogues and family."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ..core import instant, payload
from ..core.delivery import Delivery, Sign
from ..core.event import Event, Notification
from ..core.payload import Payload
from ..core.printable import brief
from ..errors import Problem, ScenarioError, SettingError
from ..families.fault_catalogue import FAULTS
from ..families.flow_run import catalogue, family, fixed_names, rendering, shapes
from ..families.flow_run.run import FlowRun
from ..faults import disturbance
from ..files import yaml_documents
from ..files.document import Document
from ..runtime.chance import Chance, draw_seed
from ..runtime.clock import present
from ..scenario import files as scenario_files
from ..scenario import parser as scenario_parser
from ..scenario import rules as scenario_rules
from ..scenario.amendment import Change, amend
from ..scenario.model import Scenario, Vocabulary, without_extensions
from . import story

LAST = datetime(2106, 1, 1, tzinfo=UTC)
"""When stories must have ended: seconds since 1970 need more than 32 bits soon after."""


@dataclass(frozen=True, slots=True)
class ChangedScenario:
    """What a scenario file says, with the changes to it.

    ``content`` is all of that as JSON, but for the seed and when the story begins. ``warnings``
    are what is hardly meant and yet no mistake.
    """

    scenario: Scenario
    content: str
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A scenario ready to be told; telling it twice gives the same bytes.

    ``repeat_with`` are the options that tell the same story again, if its file leaves open
    which seed it has or when it begins. ``points`` are those at which faults act.
    ``warnings`` are those of its scenario.
    """

    name: str
    scenario: Scenario
    seed: int
    repeat_with: str
    chance: Chance
    begin: datetime
    passes: int
    points: frozenset[str]
    warnings: tuple[Problem, ...]

    @property
    def event_count(self) -> int:
        """How many events the story has, all passes together."""
        return self.passes * sum(event.repeat for event in self.scenario.events)

    @property
    def payload_count(self) -> int:
        """About how many request bodies the story has: batches are taken for full."""
        is_batched = self.scenario.registration.delivery_type == "webhook_batch"
        return -(-self.event_count // payload.MOST_EVENTS) if is_batched else self.event_count

    @property
    def description(self) -> str:
        """What the scenario says about itself."""
        return self.scenario.description

    @property
    def length(self) -> float:
        """How many seconds of story time pass until the last event."""
        return self.passes * sum(each.after * each.repeat for each in self.scenario.events)

    def events(self) -> Iterator[Event]:
        """Yield the events in order of story time."""
        stage = story.Stage(
            self.chance,
            fixed_names.choose(self.chance),
            catalogue.run_errors(),
            FAULTS,
            _render,
            family.patch,
            self.begin,
        )
        told = story.tell(self.scenario, stage, self.passes)
        return disturbance.events(told) if self.points else told

    def payloads(self) -> Iterator[Payload]:
        """Yield the request bodies, unsigned."""
        built = payload.build(self.events(), self.scenario.registration)
        yield from map(disturbance.payload, built) if self.points else built

    async def deliveries(
        self, sign: Sign, address: Callable[[int], str]
    ) -> AsyncIterator[Delivery]:
        """Yield a delivery for each request body; ``address`` says where to, by its number."""
        number = 0
        async for signed in sign(self.payloads()):
            number += 1
            due, provider = signed.payload.events[0].time, self.scenario.registration.provider
            yield Delivery(number, signed, due, address(number), provider)


def open_story(
    name: str, changes: Sequence[Change] = (), *, fresh: bool = False, passes: int = 1
) -> Story:
    """Return the story of a scenario file, a shipped scenario, or ``-`` for standard input.

    Raises ``ScenarioError`` with all mistakes, or ``SettingError`` if there is no such file.
    """
    return story_of(name, scenario_files.read(name), changes, fresh=fresh, passes=passes)


def story_of(
    name: str,
    document: Document,
    changes: Iterable[Change] = (),
    *,
    fresh: bool = False,
    passes: int = 1,
    now: datetime | None = None,
) -> Story:
    """Return the story of a document that was read already; raises as ``open_story`` does.

    It begins ``now`` (the present, if left out) unless it says when.
    """
    return stage(name, changed_scenario(document, changes), fresh=fresh, passes=passes, now=now)


def changed_scenario(document: Document, changes: Iterable[Change]) -> ChangedScenario:
    """Return what a document says once it is changed; raises as ``open_story`` does."""
    changes = tuple(changes)
    changed = amend(document, changes)
    try:
        scenario = scenario_parser.parse(changed, vocabulary())
    except ScenarioError as error:
        raise _blamed(error, changes, document) from None
    said = without_extensions(changed.value)
    content = {key: each for key, each in said.items() if key not in ("seed", "at")}
    warnings = tuple(scenario_rules.warnings_of(changed, scenario))
    return ChangedScenario(scenario, json.dumps(content, sort_keys=True), warnings)


def _blamed(error: ScenarioError, changes: Sequence[Change], unchanged: Document) -> ScenarioError:
    """Return the mistakes of a changed document; those in the file that changes cause name them."""
    if not changes:
        return error
    own: set[Problem] = set()
    try:
        scenario_parser.parse(unchanged, vocabulary())
    except ScenarioError as before:
        own.update(before.problems)
    origins = brief(" ".join(change.origin for change in changes))
    blamed = f"{origins}: {unchanged.file}"
    return ScenarioError(
        [
            replace(each, file=blamed) if each.line and each not in own else each
            for each in error.problems
        ]
    )


def stage(
    name: str,
    changed: ChangedScenario,
    *,
    fresh: bool = False,
    passes: int = 1,
    now: datetime | None = None,
) -> Story:
    """Return the story of a scenario; raises as ``story_of`` does."""
    scenario = _without_ids(changed.scenario) if fresh else changed.scenario
    seed = draw_seed() if scenario.seed is None else scenario.seed
    begin = scenario.at or now or present()
    story_told = Story(
        name,
        scenario,
        seed,
        _repeat_with(scenario, seed, begin),
        Chance.of(seed, changed.content, fresh),
        begin,
        passes,
        _points(scenario),
        changed.warnings,
    )
    if story_told.length > (LAST - story_told.begin).total_seconds():
        raise SettingError(
            f"{name}: the story ends after {LAST.year - 1}; begin it earlier, or repeat it less"
        )
    return story_told


def changes_of(
    settings: Iterable[tuple[str, str]],
    seed: int | str | None = None,
    at: str | None = None,
    client_id: str | None = None,
) -> Iterator[Change]:
    """Yield the changes that options ask for, each with the option as its origin.

    ``settings`` are keys and values as YAML; the seed ``random`` is one that is drawn. Raises
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


def vocabulary() -> Vocabulary:
    """Return the words of the catalogues."""
    return Vocabulary(catalogue.sources(), catalogue.run_errors(), FAULTS)


def _render(run: FlowRun) -> Notification:
    return shapes.reshape(run.shape, rendering.render(run))
