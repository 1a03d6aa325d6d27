"""Runs of scenarios that were started from the page, with the deliveries that they made."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...events_service.control.triggering import Triggered, TriggeredEvent
from ...events_service.service import Service
from ...runtime.chance import draw_token
from ..deliveries.rows import DeliveryRow, ListFilter
from ..deliveries.stored_deliveries import StoredDeliveries

MOST_SHOWN = 50
"""How many events of a run are shown; the others are counted."""

_KEPT = 50
_ID_LENGTH = 16


@dataclass(frozen=True, slots=True)
class ScenarioRun:
    """A run: what was published; ``events`` are the first of ``event_count``.

    ``untaken`` counts events that no registration took.
    """

    id: str
    scenario: str
    seed: int
    at: str
    events: Sequence[TriggeredEvent]
    event_count: int
    untaken: int
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class PublishedEvent:
    """An event of a run and its deliveries.

    ``event_id`` is None if no registration took it. ``filtered`` are the names of registrations
    whose filters refuse it, ``journal_only`` says of registrations why nothing is delivered.
    """

    event_id: str | None
    event_code: str
    says: str
    result: str
    deliveries: Sequence[DeliveryRow]
    filtered: Sequence[str]
    journal_only: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RunShown:
    """A run as it is now; ``more`` counts events that are not shown.

    ``version`` changes whenever a delivery may have changed. ``is_over``: no delivery of the
    shown events is under way, or there is none (not ``has_deliveries``).
    """

    run: ScenarioRun
    events: Sequence[PublishedEvent]
    more: int
    version: str
    is_over: bool
    has_deliveries: bool


class ScenarioRuns:
    """The latest runs, in memory: after a restart of the service they are not known any more."""

    def __init__(self, service: Service, deliveries: StoredDeliveries) -> None:
        self._service = service
        self._deliveries = deliveries
        self._runs: OrderedDict[str, ScenarioRun] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, done: Triggered) -> str:
        """Keep a run, and return its id."""
        run = ScenarioRun(
            draw_token()[:_ID_LENGTH],
            done.scenario,
            done.seed,
            done.at,
            done.events[:MOST_SHOWN],
            len(done.events),
            sum(each.event_id is None for each in done.events),
            done.warnings,
        )
        with self._lock:
            self._runs[run.id] = run
            while len(self._runs) > _KEPT:
                self._runs.popitem(last=False)
        return run.id

    def find(self, id_: str) -> ScenarioRun | None:
        """Return a run; None if it is not known any more."""
        with self._lock:
            return self._runs.get(id_)

    def version(self) -> str:
        """Return a text that changes whenever a delivery may have changed."""
        return self._deliveries.version()

    def shown(self, run: ScenarioRun) -> RunShown:
        """Return a run with its deliveries as they are now."""
        version, names = self.version(), self._names()
        events = [self._event(each, names) for each in run.events]
        states = {row.state for each in events for row in each.deliveries}
        more = run.event_count - len(events)
        return RunShown(run, events, more, version, "waiting" not in states, bool(states))

    def _names(self) -> dict[str, str]:
        return {each.registration_id: each.name for each in self._service.registrations.all()}

    def _event(self, event: TriggeredEvent, names: Mapping[str, str]) -> PublishedEvent:
        rows: Sequence[DeliveryRow] = ()
        if event.event_id is not None:
            rows = self._deliveries.page(ListFilter(text=event.event_id), None, None).rows
        return PublishedEvent(
            event.event_id,
            event.event_code,
            event.says,
            event.result,
            [*reversed(rows)],
            [names.get(each, "deleted") for each in event.filtered],
            {names.get(id_, "deleted"): why for id_, why in event.journal_only.items()},
        )
