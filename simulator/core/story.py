"""A scenario told as events, one after the other, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from . import flow_run
from .event import Event
from .flow_run import Flow, FlowRun, Verdict
from .identifiers import uuid4
from .notification import Notification
from .roll import SIZE, Roll
from .run_error import RunError
from .scenario import EventSpec, FlowRunSpec, Scenario
from .scenario_rules import merged

Render = Callable[[FlowRun], Notification]
Patch = Callable[[Notification, Mapping[str, Any]], Notification]


class Chance(Protocol):
    """The seeded generator, as far as a story needs it: bytes that follow from a name."""

    def of_story(self, name: str, size: int) -> bytes: ...

    def of_ids(self, name: str, size: int = 16) -> bytes: ...


class Cast(Protocol):
    """Who and what takes part in the story."""

    def flow(self, spec: FlowRunSpec) -> Flow: ...


@dataclass(frozen=True, slots=True)
class Stage:
    """What a story needs from the world, handed in by the one who tells it.

    ``render`` turns a run into its notification, ``patch`` applies an override to the run
    entity wherever the notification keeps it.
    """

    chance: Chance
    cast: Cast
    errors: Mapping[str, RunError]
    render: Render
    patch: Patch
    begin: datetime


@dataclass(frozen=True, slots=True)
class _Part:
    """One entry of ``events``, prepared: what its repetitions have in common."""

    event: EventSpec
    spec: FlowRunSpec
    flow: Flow | None
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class _Cue:
    """Which event is due: its name among all, its run's name, and their story times."""

    name: str
    run_name: str
    run_began: datetime
    now: datetime


def tell(scenario: Scenario, stage: Stage, passes: int = 1) -> Iterator[Event]:
    """Yield the story's events in order of story time; ``passes`` tells it several times over.

    Later passes begin where the one before ended, with runs and ids of their own.
    """
    parts = [_prepare(scenario, event, stage) for event in scenario.events]
    now = stage.begin
    for number in range(passes):
        suffix = f".{number}" if number else ""
        runs: dict[str, datetime] = {}
        for index, part in enumerate(parts):
            step = timedelta(seconds=part.event.after)
            for repetition in range(part.event.repeat):
                now += step
                name = f"{index}.{repetition}{suffix}"
                run = part.event.run
                run_name = f"run/{run}{suffix}" if run else f"run/{name}"
                began = runs.setdefault(run, now) if run else now
                yield _event(part, stage, _Cue(name, run_name, began, now))


def _prepare(scenario: Scenario, event: EventSpec, stage: Stage) -> _Part:
    if event.flow_run is None:
        return _Part(event, scenario.flow, None, None)
    spec = merged(scenario.flow, event.flow_run)
    return _Part(event, spec, stage.cast.flow(spec), flow_run.judge(spec, stage.errors))


def _event(part: _Part, stage: Stage, cue: _Cue) -> Event:
    return Event(
        part.event.event_id or uuid4(stage.chance.of_ids(f"event/{cue.name}")),
        cue.now,
        part.event.expect,
        _notification(part, stage, cue),
    )


def _notification(part: _Part, stage: Stage, cue: _Cue) -> Notification:
    code = part.event.event_code
    if part.flow is None or part.verdict is None:
        return Notification(code or "custom_event", "event", part.event.payload)
    roll = Roll(stage.chance.of_story(cue.run_name, SIZE))
    run = flow_run.execute(part.spec, part.flow, part.verdict, roll, cue.run_began, cue.now)
    if code is not None:
        run = replace(run, event_code=code)
    notification = stage.render(run)
    return stage.patch(notification, part.event.override) if part.event.override else notification
