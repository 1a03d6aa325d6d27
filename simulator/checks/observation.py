"""What a check observes: requests and their answers, and what is known of their events."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..core.event import Event
from ..core.fault import Fault
from ..core.outcome import LABELS, Outcome, answer_words, location
from ..core.trace import is_accepted
from ..core.wire import Wire
from ..families.entities import RunState
from .states import States
from .visits import Visit

_EMPTY = b"[]"
"""A body without events: a fault has taken them out."""

_UNREADABLE = "unreadable-in-batch"
PLACED = ("stranger-in-batch", _UNREADABLE)
"""Faults of one event of a batch; the argument of each is its place, from 1."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its outcome.

    ``began`` is in seconds of real time since the checks began. The other fields are empty for a
    request that delivers no event. ``delivery`` is the number of the delivery and of its copy,
    ``attempt`` counts from 1. ``ending`` is ``delivered``, ``retry`` or ``dropped``. ``wire``
    says how the request was written if a fault wrote it. ``plain`` is the body without what
    mutations change in it, for a refused event that was made smaller.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    outcome: Outcome
    began: float
    events: tuple[Event, ...] = ()
    delivery: tuple[int, int] = (0, 0)
    attempt: int = 1
    ending: str = ""
    wire: Wire | None = None
    plain: bytes = b""

    @property
    def status(self) -> int:
        return self.outcome.status_code

    @property
    def ended(self) -> float:
        """When the answer was complete, or the attempt was given up."""
        return self.began + self.outcome.elapsed

    @property
    def is_accepted(self) -> bool:
        """Return whether the webhook acknowledged the request: any 2xx."""
        return 200 <= self.status < 300

    @property
    def welcome(self) -> tuple[Event, ...]:
        """The events in the body that a webhook has to acknowledge, and then to process.

        An event of a batch that cannot be read may be left out.
        """
        if self.body == _EMPTY:
            return ()
        unreadable = self._placed(_UNREADABLE)
        return tuple(
            each for each in self.events if is_accepted(each.expect) and each is not unreadable
        )

    @property
    def acknowledged(self) -> tuple[Event, ...]:
        """The welcome events, if the request was acknowledged."""
        return self.welcome if self.is_accepted else ()

    @property
    def odd(self) -> Event | None:
        """The event of a batch that a fault made unlike the others, if one did."""
        return self._placed(*PLACED)

    def _placed(self, *names: str) -> Event | None:
        faults = self.events[0].faults if self.events else ()
        fault = next((each for each in faults if each.name in names), None)
        return self.events[min(fault.argument, len(self.events)) - 1] if fault else None

    @property
    def is_answered(self) -> bool:
        """Return whether there was an HTTP answer at all."""
        return self.status not in LABELS

    @property
    def faults(self) -> tuple[str, ...]:
        """The names of the faults of the request."""
        return tuple(fault.name for fault in self.events[0].faults) if self.events else ()

    @property
    def mutations(self) -> tuple[str, ...]:
        """The names of the faults, each with its argument if that is a word."""
        return tuple(map(_spelled, self.events[0].faults)) if self.events else ()


@dataclass(frozen=True, slots=True)
class Restarted:
    """What is known of events after a restart: id → how often it was processed.

    ``known`` was asked at once, ``finally_known`` after the duplicates. ``sample`` are the events
    in ``known`` that are of other checks. ``problem`` says why there was no restart. ``states`` is
    what is known of runs, or ``no_state`` says why nothing is. The states of the runs in ``kept``
    were right before it.
    """

    known: Mapping[str, int] = field(default_factory=dict)
    finally_known: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""
    sample: tuple[str, ...] = ()
    states: States | None = None
    kept: tuple[RunState, ...] = ()
    no_state: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """All that one check has seen.

    ``exchanges`` are in the order in which they ended. ``processed`` says how often each event
    was processed, by its id; it is ``None`` if that is not known. ``visits`` are requests of the
    webhook at our own hosts meanwhile. ``restarted`` is what was known of events after a restart,
    if there was one. ``behind`` is how many other events came before late duplicates, if there
    are any. At most ``at_once`` requests were under way at the same moment. A
    ``memory`` of so many event ids is to be found. ``all_visits`` are the
    requests at our hosts in the whole run, which took ``until`` seconds. ``states`` is what is
    known of runs; it is ``None`` if that is not known. ``runs`` is what each event said about its
    run, by the id of the event. ``smallest`` are the smallest events of a sweep that were
    refused. ``challenges`` are the GETs of the whole run that ask for an echo.
    """

    url: str
    exchanges: tuple[Exchange, ...] = ()
    processed: Mapping[str, int] | None = None
    visits: tuple[Visit, ...] = ()
    restarted: Restarted | None = None
    behind: int | None = None
    at_once: int = 20
    memory: int = 100
    all_visits: tuple[Visit, ...] = ()
    until: float = 0.0
    states: States | None = None
    runs: Mapping[str, RunState] = field(default_factory=dict)
    smallest: tuple[Exchange, ...] = ()
    challenges: tuple[Exchange, ...] = ()

    @property
    def ends(self) -> list[Exchange]:
        """The last exchange of each delivery, in order of the deliveries."""
        last = {each.delivery: each for each in self.exchanges}
        return [last[delivery] for delivery in sorted(last)]

    def with_fault(self, name: str) -> Iterator[Exchange]:
        """Yield the last exchange of each delivery with a fault."""
        return (each for each in self.ends if name in each.faults)

    def visits_to_foreign(self) -> list[str]:
        """Return the paths that the foreign host was asked for."""
        return [visit.path for visit in self.visits if visit.host == "foreign"]


def received(exchange: Exchange) -> str:
    """Describe an answer: its status, and the beginning of the body."""
    outcome = exchange.outcome
    if not exchange.is_answered:
        problem = outcome.problem or "no answer"
        return f"no answer: {problem} ({outcome.status_code} {LABELS[outcome.status_code]})"
    place = location(outcome)
    parts = [str(outcome.status_code)]
    if place:
        parts.append(f"to {place}")
    if outcome.body:
        parts.append(answer_words(outcome))
    if outcome.problem:
        parts.append(f"({outcome.problem})")
    return " ".join(parts)


def sent(exchange: Exchange) -> str:
    """Describe a request in a few words."""
    if not exchange.events:
        return f"{exchange.method} {exchange.url}"
    first = exchange.events[0]
    others = f" and {len(exchange.events) - 1} more" if len(exchange.events) > 1 else ""
    faults = f" with {', '.join(exchange.mutations)}" if exchange.faults else ""
    tries = f", attempt {exchange.attempt}" if exchange.attempt > 1 else ""
    copy = ", again" if exchange.delivery[1] else ""
    return f"{first.notification.event_code} {first.id[:8]}{others}{faults}{copy}{tries}"


def acknowledged(
    exchanges: Iterable[Exchange], ignored: Collection[str] = ()
) -> dict[str, tuple[Event, Exchange]]:
    """Return the events that must be processed, by id, each with the last request it came in.

    They are welcome and were acknowledged, and are not ``ignored``: left out on purpose.
    """
    return {
        event.id: (event, each)
        for each in exchanges
        for event in each.acknowledged
        if event.id not in ignored
    }


def not_acknowledged(exchanges: Collection[Exchange]) -> Exchange | None:
    """Return the last request with a welcome event that was never acknowledged, if there is one."""
    found = acknowledged(exchanges)
    last = {event.id: each for each in exchanges for event in each.welcome}
    return next((each for event_id, each in last.items() if event_id not in found), None)


def event_ids(exchanges: Iterable[Exchange]) -> list[str]:
    """Return the ids of all events that were sent, each once."""
    return list(dict.fromkeys(event.id for each in exchanges for event in each.events))


def named(exchanges: Iterable[Exchange]) -> str:
    """Return the faults of exchanges, each once; nothing if they have none."""
    return ", ".join(dict.fromkeys(name for each in exchanges for name in each.mutations))


def _spelled(fault: Fault) -> str:
    return f"{fault.name} {fault.argument}" if isinstance(fault.argument, str) else fault.name
