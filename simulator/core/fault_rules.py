"""Which faults an event suffers, and where faults cannot stand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ..errors import Problem
from .document import Document, Path
from .scenario import EventSpec, FaultKind, FaultSpec, Scenario

Kinds = Mapping[str, FaultKind]


def faults_of(whole: Sequence[FaultSpec], event: EventSpec, kinds: Kinds) -> Iterator[FaultSpec]:
    """Yield the faults of an event: those of the whole file, then its own, which replace them.

    A fault of the whole file that is about flow runs leaves events with a payload alone.
    """
    own = {fault.name for fault in event.faults}
    for fault in whole:
        fits = event.flow_run is not None or not kinds[fault.name].is_about_runs
        if fits and fault.name not in own:
            yield fault
    yield from event.faults


def rules_of_file(document: Document, scenario: Scenario, kinds: Kinds) -> Iterator[Problem]:
    """Yield what is wrong with the faults of the whole file."""
    has_run = any(event.flow_run is not None for event in scenario.events)
    yield from _rules(document, (), scenario.faults, () if has_run else _about_runs(kinds))


def rules_of_event(
    document: Document, index: int, event: EventSpec, kinds: Kinds
) -> Iterator[Problem]:
    """Yield what is wrong with the faults of one event, whatever else may be mistaken in it."""
    unfit = () if event.flow_run is not None else _about_runs(kinds)
    yield from _rules(document, ("events", index), event.faults, unfit)


def _rules(
    document: Document, path: Path, specs: Sequence[FaultSpec], unfit: Collection[str]
) -> Iterator[Problem]:
    seen = set()
    for index, spec in enumerate(specs):
        place = (*path, "faults", index)
        if spec.name in seen:
            yield document.problem(place, f"{spec.name} again", "each fault once")
        elif spec.name in unfit:
            yield document.problem(place, f"{spec.name} without flow_run", "it beside flow_run")
        seen.add(spec.name)


def _about_runs(kinds: Kinds) -> list[str]:
    return [name for name, kind in kinds.items() if kind.is_about_runs]
