"""A scenario with seed and beginning: its events and request bodies in order of story time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..core import payload
from ..core.delivery import Delivery, Sign
from ..core.event import Event
from ..core.fault import Fault
from ..core.identifiers import uuid4
from ..core.instant import DueQueue
from ..core.payload import Payload
from ..errors import Problem
from ..families.entries import Occurrence, Passage
from ..families.registry import Families
from ..faults import disturbance
from ..runtime.chance import Chance
from ..scenario.model import Scenario
from .entries import StoryEntry


@dataclass(frozen=True, slots=True)
class Story:
    """A scenario ready to be delivered; it has the same bytes each time.

    ``repeat_with`` are the options that repeat this story: seed and beginning, if its file does not
    state them. All events come ``passes`` times. ``points`` are those at which faults act.
    ``warnings`` are those of the scenario, ``entries`` are those of ``events`` in it,
    ``families`` are those that they may be of.
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
    entries: tuple[StoryEntry, ...]
    families: Families

    @property
    def event_count(self) -> int:
        """How many events the story has in all of its passes."""
        counts = (each.event.repeat * len(each.prepared.offsets) for each in self.entries)
        return self.passes * sum(counts)

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
        now = end = 0.0
        for entry in self.entries:
            now += entry.event.after * entry.event.repeat
            end = max(end, now + max(entry.prepared.offsets, default=0.0))
        return self.passes * end

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
            first = signed.payload.events[0]
            provider = payload.provider_of(first, self.scenario.registration)
            yield Delivery(number, signed, first.time, address(number), provider)


def _events(story: Story) -> Iterator[Event]:
    """Yield the events of a story, without faults. A later pass begins where the last one ended."""
    later: DueQueue[Event] = DueQueue()
    now = story.begin
    for number in range(story.passes):
        one_pass = _Pass(story.chance, Passage(f".{number}" if number else ""))
        for index, entry in enumerate(story.entries):
            step = timedelta(milliseconds=round(entry.event.after * 1000))
            for repetition in range(entry.event.repeat):
                now += step
                yield from later.until(now)
                for event in one_pass.events(entry, f"{index}.{repetition}", now):
                    if event.time > now:
                        later.add(event.time, event)
                    else:
                        yield event
        for event in later.rest():
            now = event.time
            yield event


class _Pass:
    """One pass through the entries of a scenario.

    An event id that the scenario states is used in the first pass only.
    """

    def __init__(self, chance: Chance, passage: Passage) -> None:
        self._chance = chance
        self._passage = passage

    def events(self, entry: StoryEntry, number: str, begin: datetime) -> Iterator[Event]:
        """Yield the events of one repetition of an entry; random values follow from its number."""
        number += self._passage.suffix
        told = entry.tell(number, begin, self._passage)
        for step, occurrence in enumerate(told):
            name = f"{number}/{step}" if step else number
            yield self._event(entry, name, occurrence)

    def _event(self, entry: StoryEntry, name: str, occurrence: Occurrence) -> Event:
        stated_id = None if self._passage.suffix else entry.event.event_id
        return Event(
            stated_id or uuid4(self._chance.of_ids(f"event/{name}")),
            occurrence.time,
            entry.event.expect,
            occurrence.notification,
            tuple(self._seeded(fault, name) for fault in entry.faults) if entry.faults else (),
        )

    def _seeded(self, fault: Fault, name: str) -> Fault:
        return replace(fault, seed=self._chance.of_story(f"fault/{fault.name}/{name}", 32))
