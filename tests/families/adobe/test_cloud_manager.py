"""Stories of Cloud Manager: steps without a start, decisions, and executions that stop."""

from __future__ import annotations

from typing import Any

import pytest

from flowsim.errors import ScenarioError
from flowsim.families.entries import Occurrence

from ...cases import for_each
from ..aep.reading import BEGIN, contents, tell

TIMES = {"step_lasts": "5m", "waits": "30m", "between": 0}
OBJECT = "activitystreams:object"


def _words(told: list[Occurrence]) -> list[str]:
    codes = (each.notification.event_code for each in told)
    return [each.removeprefix("pipeline_execution_") for each in codes]


def _minutes(told: list[Occurrence]) -> list[float]:
    return [(each.time - BEGIN).total_seconds() / 60 for each in told]


def _steps(told: list[Occurrence]) -> list[str]:
    """Return what stands behind the address of the execution, for each event of a step."""
    ids = (each[OBJECT]["@id"].partition("/phase/1/step/") for each in contents(told))
    return [number for _, between, number in ids if between]


def test_an_execution_begins_and_ends_around_its_steps() -> None:
    told = tell("cloud_manager", {**TIMES, "steps": ["validate", "build"], "between": 10})
    steps = ["step_started", "step_ended"] * 2
    assert _words(told) == ["started", *steps, "ended"]
    assert _steps(told) == ["1", "1", "2", "2"]
    seconds = [round(each * 60) for each in _minutes(told)]
    assert seconds == [0, 10, 310, 320, 620, 630]


@for_each("action", ["codeQuality", "approval", "schedule", "managed"])
def test_no_event_reports_the_start_of_some_steps(action: str) -> None:
    told = tell("cloud_manager", {**TIMES, "steps": [action], "waits_at": []})
    assert _words(told) == ["started", "step_ended", "ended"]


def test_a_step_waits_and_all_that_follows_comes_later() -> None:
    steps = ["build", "codeQuality", "approval", "deploy"]
    told = tell("cloud_manager", {**TIMES, "steps": steps, "waits_at": ["codeQuality", "approval"]})
    assert _words(told)[1:-1] == [
        *("step_started", "step_ended"),
        *("step_waiting", "step_ended"),
        *("step_waiting", "step_ended"),
        *("step_started", "step_ended"),
    ]
    assert _minutes(told) == [0, 0, 5, 10, 40, 45, 75, 75, 80, 80]


def test_an_execution_stops_at_a_step_and_looks_like_one_that_succeeds() -> None:
    said = {**TIMES, "steps": ["build", "codeQuality", "deploy"], "stops_at": "codeQuality"}
    told = tell("cloud_manager", {**said, "waits_at": ["codeQuality"]})
    assert _words(told)[-3:] == ["step_waiting", "step_ended", "ended"]
    assert _steps(told) == ["1", "1", "2", "2"]
    whole = tell("cloud_manager", {**TIMES, "steps": ["build"]})
    last, other = contents(told)[-1], contents(whole)[-1]
    assert last.keys() == other.keys()
    assert last["@type"] == other["@type"]


@for_each(
    ("said", "found"),
    [
        ({"steps": ["build"], "stops_at": "deploy"}, "an end at an action that is no step"),
        ({"step_lasts": 0}, "a step that takes no time"),
        ({"waits": 0}, "a step that takes no time"),
        ({"waits_at": ["securityTest"]}, "a wait at an action that is no step"),
        ({"steps": ["build"], "waits_at": ["approval", "build"]}, "a wait at an action that"),
    ],
)
def test_what_cannot_be_an_execution_is_refused(said: dict[str, Any], found: str) -> None:
    with pytest.raises(ScenarioError, match=found):
        tell("cloud_manager", said)


def test_steps_without_an_approval_need_not_say_that_none_waits() -> None:
    told = tell("cloud_manager", {"steps": ["build"]})
    assert _words(told) == ["started", "step_started", "step_ended", "ended"]


def test_events_of_an_execution_name_the_same_one_and_have_ids_of_their_own() -> None:
    found = contents(tell("cloud_manager", {}))
    executions = {each[OBJECT]["@id"].partition("/phase/")[0] for each in found}
    assert len(executions) == 1
    assert len({each["@id"] for each in found}) == len(found)


@for_each(
    ("shape", "actors", "kind"),
    [("specification", 2, "execution-step-state"), ("samples", 4, "pipeline-execution")],
)
def test_sources_disagree_about_events_of_steps(shape: str, actors: int, kind: str) -> None:
    found: list[Any] = contents(tell("cloud_manager", {"steps": ["build"], "shape": shape}))
    assert sum("activitystreams:actor" in each for each in found) == actors
    assert found[1][OBJECT]["@type"].endswith(f"/{kind}")
    assert found[1]["xdmEventEnvelope:objectType"].endswith("/execution-step-state")
