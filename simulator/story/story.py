"""A scenario told as events, one after the other, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ..core.event import Event, Notification
from ..core.fault import Fault, FaultKind
from ..core.identifiers import RandomSource, uuid4
from ..families.flow_run import run as flow_run
from ..families.flow_run.fixed_names import FixedNames
from ..families.flow_run.random_draws import SIZE, Roll
from ..families.flow_run.run import Flow, FlowRun, RunResult
from ..families.flow_run.run_error import RunError
from ..families.flow_run.spec import FlowRunSpec, merged
from ..families.flow_run.timeline import Endings
from ..scenario.fault_rules import faults_of
from ..scenario.model import EventSpec, Scenario

Render = Callable[[FlowRun], Notification]
Patch = Callable[[Notification, Mapping[str, Any]], Notification]


@dataclass(frozen=True, slots=True)
class Stage:
    """What a story needs from the world, handed in by the one who tells it.

    ``render`` turns a run into its notification, ``patch`` applies an override to the run
    entity wherever the notification keeps it.
    """

    chance: RandomSource
    names: FixedNames
    errors: Mapping[str, RunError]
    faults: Mapping[str, FaultKind]
    render: Render
    patch: Patch
    begin: datetime


@dataclass(frozen=True, slots=True)
class _PreparedEvent:
    """One entry of ``events``, prepared: what its repetitions have in common."""

    event: EventSpec
    spec: FlowRunSpec
    flow: Flow | None
    verdict: RunResult | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Cue:
    """Which event is due: its name among all, and the name of its run."""

    name: str
    run_name: str
    now: datetime
    endings: Endings | None
    event_id: str | None


def tell(scenario: Scenario, stage: Stage, passes: int = 1) -> Iterator[Event]:
    """Yield the story's events in order of story time; ``passes`` tells it several times over.

    Later passes begin where the one before ended, with runs and ids of their own; an id that
    the scenario states is used in the first pass only.
    """
    parts = [_prepare(scenario, event, stage) for event in scenario.events]
    now = stage.begin
    for number in range(passes):
        suffix = f".{number}" if number else ""
        runs: dict[str, Endings] = {}
        for index, part in enumerate(parts):
            step = timedelta(milliseconds=round(part.event.after * 1000))
            for repetition in range(part.event.repeat):
                now += step
                name = f"{index}.{repetition}{suffix}"
                label = part.event.run
                run_name = f"label{suffix}/{label}" if label else f"run/{name}"
                endings = _endings(part, now, runs)
                stated_id = None if number else part.event.event_id
                yield _event(part, stage, _Cue(name, run_name, now, endings, stated_id))


def _endings(part: _PreparedEvent, now: datetime, runs: dict[str, Endings]) -> Endings | None:
    """Return how the run ended by its notifications so far; ``runs`` keeps those with a label."""
    if part.verdict is None:
        return None
    this, label = flow_run.ending(part.spec, part.verdict, now), part.event.run
    if label is None:
        return Endings.of(this)
    runs[label] = runs[label].then(this) if label in runs else Endings.of(this)
    return runs[label]


def _prepare(scenario: Scenario, event: EventSpec, stage: Stage) -> _PreparedEvent:
    specs = faults_of(scenario.faults, event, stage.faults)
    faults = tuple(stage.faults[each.name].fault(each.argument) for each in specs)
    if event.flow_run is None:
        return _PreparedEvent(event, scenario.flow, None, None, faults)
    spec = merged(scenario.flow, event.flow_run)
    return _PreparedEvent(
        event, spec, stage.names.flow(spec), flow_run.judge(spec, stage.errors), faults
    )


def _event(part: _PreparedEvent, stage: Stage, cue: _Cue) -> Event:
    return Event(
        cue.event_id or uuid4(stage.chance.of_ids(f"event/{cue.name}")),
        cue.now,
        part.event.expect,
        _notification(part, stage, cue),
        _faults(part, stage, cue) if part.faults else (),
    )


def _faults(part: _PreparedEvent, stage: Stage, cue: _Cue) -> tuple[Fault, ...]:
    """Return the part's faults, seeded for one of its events."""
    return tuple(
        replace(fault, seed=stage.chance.of_story(f"fault/{fault.name}/{cue.name}", 32))
        for fault in part.faults
    )


def _notification(part: _PreparedEvent, stage: Stage, cue: _Cue) -> Notification:
    code = part.event.event_code
    if part.flow is None or part.verdict is None or cue.endings is None:
        return Notification(code or "custom_event", "event", part.event.payload)
    roll = Roll(stage.chance.of_story(cue.run_name, SIZE))
    run = flow_run.execute(part.spec, part.flow, part.verdict, roll, cue.endings)
    if code is not None:
        run = replace(run, event_code=code)
    notification = stage.render(run)
    return stage.patch(notification, part.event.override) if part.event.override else notification
