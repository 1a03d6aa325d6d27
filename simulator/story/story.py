"""A scenario with seed and beginning: its events and request bodies in order of story time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..core import payload
from ..core.delivery import Delivery, Sign
from ..core.event import Event, Notification
from ..core.fault import Fault
from ..core.identifiers import uuid4
from ..core.payload import Payload
from ..errors import Problem
from ..families.flow_run.notifications import PreparedRun, StoryRuns
from ..families.flow_run.timeline import Endings
from ..families.registry import FAULTS
from ..faults import disturbance
from ..runtime.chance import Chance
from ..scenario.model import EventSpec, FaultSpec, Scenario


@dataclass(frozen=True, slots=True)
class Story:
    """A scenario ready to be delivered; it has the same bytes each time.

    ``repeat_with`` are the options that repeat this story: seed and beginning, if its file does not
    state them. All events come ``passes`` times. ``points`` are those at which faults act.
    ``warnings`` are those of the scenario.
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
        """How many events the story has in all of its passes."""
        return self.passes * sum(event.repeat for event in self.scenario.events)

    @property
    def payload_count(self) -> int:
        """About how many request bodies the story has: batches count as full."""
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
        events = _events(self)
        return disturbance.events(events) if self.points else events

    def payloads(self) -> Iterator[Payload]:
        """Yield the request bodies, unsigned."""
        built = payload.build(self.events(), self.scenario.registration)
        yield from map(disturbance.payload, built) if self.points else built

    async def deliveries(
        self, sign: Sign, address: Callable[[int], str]
    ) -> AsyncIterator[Delivery]:
        """Yield a delivery for each request body; ``address`` returns the URL for its number."""
        number = 0
        async for signed in sign(self.payloads()):
            number += 1
            due, provider = signed.payload.events[0].time, self.scenario.registration.provider
            yield Delivery(number, signed, due, address(number), provider)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of ``events``: what its repetitions have in common."""

    event: EventSpec
    run: PreparedRun | None
    faults: tuple[Fault, ...]


def _events(story: Story) -> Iterator[Event]:
    """Yield the events of a story, without faults. A later pass begins where the last one ended."""
    runs, now = StoryRuns(story.chance, story.scenario.flow), story.begin
    entries = [_entry(story.scenario, event, runs) for event in story.scenario.events]
    for number in range(story.passes):
        one_pass = _Pass(story.chance, runs, f".{number}" if number else "")
        for index, entry in enumerate(entries):
            step = timedelta(milliseconds=round(entry.event.after * 1000))
            for repetition in range(entry.event.repeat):
                now += step
                yield one_pass.event(entry, f"{index}.{repetition}", now)


def _entry(scenario: Scenario, event: EventSpec, runs: StoryRuns) -> _Entry:
    run = None
    if event.flow_run is not None:
        run = runs.prepared(event.flow_run, event.event_code, event.override)
    faults = (FAULTS[each.name].fault(each.argument) for each in _faults_of(scenario, event))
    return _Entry(event, run, tuple(faults))


def _faults_of(scenario: Scenario, event: EventSpec) -> Iterator[FaultSpec]:
    """Yield the faults of an event: those of the whole file, then its own.

    Its own replace those of the file with the same name. Faults that need a flow run are left out
    for other events.
    """
    own = {fault.name for fault in event.faults}
    for fault in scenario.faults:
        fits = event.flow_run is not None or not FAULTS[fault.name].family
        if fits and fault.name not in own:
            yield fault
    yield from event.faults


class _Pass:
    """One pass through the events of a scenario.

    Later passes have a ``suffix`` in all names, and so other runs and ids. An event id that the
    scenario states is used in the first pass only.
    """

    def __init__(self, chance: Chance, runs: StoryRuns, suffix: str) -> None:
        self._chance = chance
        self._runs = runs
        self._suffix = suffix
        self._endings: dict[str, Endings] = {}

    def event(self, entry: _Entry, name: str, now: datetime) -> Event:
        """Return an event of an entry; random values follow from its name."""
        name += self._suffix
        stated_id = None if self._suffix else entry.event.event_id
        return Event(
            stated_id or uuid4(self._chance.of_ids(f"event/{name}")),
            now,
            entry.event.expect,
            self._notification(entry, name, now),
            tuple(self._seeded(fault, name) for fault in entry.faults) if entry.faults else (),
        )

    def _seeded(self, fault: Fault, name: str) -> Fault:
        return replace(fault, seed=self._chance.of_story(f"fault/{fault.name}/{name}", 32))

    def _notification(self, entry: _Entry, name: str, now: datetime) -> Notification:
        event, label = entry.event, entry.event.run
        if entry.run is None:
            return Notification(event.event_code or "custom_event", "event", event.payload)
        if label is None:
            return entry.run.notification(
                self._runs.draws(f"run/{name}"), entry.run.endings(now, None)
            )
        endings = entry.run.endings(now, self._endings.get(label))
        self._endings[label] = endings
        return entry.run.notification(self._runs.draws(f"label{self._suffix}/{label}"), endings)
