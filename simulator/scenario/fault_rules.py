"""Which faults an event suffers, and where faults cannot stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..core.fault import FaultKind
from ..errors import Problem
from ..files.document import Document, Path
from .model import EventSpec, FaultSpec, Scenario

Kinds = Mapping[str, FaultKind]


def faults_of(whole: Sequence[FaultSpec], event: EventSpec, kinds: Kinds) -> Iterator[FaultSpec]:
    """Yield the faults of an event: those of the whole file, then its own, which replace them.

    A fault of the whole file that needs flow runs leaves events with a payload alone.
    """
    own = {fault.name for fault in event.faults}
    for fault in whole:
        fits = event.flow_run is not None or not kinds[fault.name].family
        if fits and fault.name not in own:
            yield fault
    yield from event.faults


def rules_of_file(document: Document, scenario: Scenario, kinds: Kinds) -> Iterator[Problem]:
    """Yield what is wrong with the faults of the whole file."""
    has_run = any(event.flow_run is not None for event in scenario.events)
    yield from _rules(document, (), scenario.faults, None if has_run else kinds)


def rules_of_event(
    document: Document, index: int, event: EventSpec, kinds: Kinds
) -> Iterator[Problem]:
    """Yield what is wrong with the faults of one event, whatever else may be mistaken in it."""
    path: Path = ("events", index)
    yield from _rules(document, path, event.faults, None if event.flow_run is not None else kinds)


def _rules(
    document: Document, path: Path, specs: Sequence[FaultSpec], without_run: Kinds | None
) -> Iterator[Problem]:
    """Yield what is wrong with a list; ``without_run`` are all kinds, if there is no flow run."""
    seen = set()
    for index, spec in enumerate(specs):
        place = (*path, "faults", index)
        if spec.name in seen:
            yield document.problem(place, f"{spec.name} again", "each fault once")
        elif without_run and without_run[spec.name].family:
            yield document.problem(place, f"{spec.name} without flow_run", "it beside flow_run")
        seen.add(spec.name)
