"""What a check sees: all that was sent, what came back, and what the webhook did of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .exchange import Exchange
from .visit import Visit


@dataclass(frozen=True, slots=True)
class Observation:
    """The course of one check.

    ``exchanges`` are in the order in which they ended. ``processed`` says how often each event
    was processed, by its id; it is none where nobody can be asked. ``visits`` are requests of
    the webhook at our own hosts meanwhile.
    """

    url: str
    exchanges: tuple[Exchange, ...] = ()
    processed: Mapping[str, int] | None = None
    visits: tuple[Visit, ...] = field(default=())

    @property
    def ends(self) -> list[Exchange]:
        """The last exchange of each delivery, in order of the deliveries."""
        last = {each.delivery: each for each in self.exchanges}
        return [last[delivery] for delivery in sorted(last)]

    @property
    def event_ids(self) -> list[str]:
        """The ids of all events that were sent, each once."""
        events = (event for each in self.exchanges for event in each.events)
        return list(dict.fromkeys(event.id for event in events))

    def with_fault(self, name: str) -> Iterator[Exchange]:
        """Yield the last exchanges of deliveries that suffer a fault."""
        return (each for each in self.ends if name in each.faults)
