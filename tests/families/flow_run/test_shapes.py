"""The shape ``as-documented``: the two samples of Adobe's notification page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from flowsim.families.flow_run.spec import FlowRunSpec
from flowsim.story.opening import open_story

from ...story.test_story import Json, events_of, run_of

SAMPLES = Path(__file__).parents[3] / "docs" / "adobe" / "samples"


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def one(flow_run: Json) -> Json:
    return run_of(events_of({"flow_run": {"shape": "as-documented", **flow_run}})[0])


def test_the_shipped_scenario_equals_both_samples_in_keys_and_values() -> None:
    """Texts are compared, so order counts. The scenario states the samples' placeholders."""
    success, failure = (payload.body for payload in open_story("as-documented").payloads())
    for body, name in ((success, "success"), (failure, "failure")):
        assert json.dumps(json.loads(body), indent=1) == json.dumps(sample(name), indent=1)


def test_the_samples_are_those_of_the_success_and_the_failed_promotion() -> None:
    success, failure = open_story("as-documented").events()
    codes = [each.notification.event_code for each in (success, failure)]
    assert codes == ["sources_flow_run_success", "sources_flow_run_failed"]
    assert success.id == sample("success")["event_id"]


def test_any_success_can_have_the_oddities_of_the_sample() -> None:
    """Seconds instead of milliseconds, an impossible time, and placeholder references."""
    run = one({"records": {"input": 4321}})
    documented = sample("success")["event"]
    copy, promotion = run["activities"]
    for ours, theirs in zip(run["activities"], documented["activities"], strict=True):
        for name in ("id", "updatedAtUTC", "durationSummary"):
            assert ours[name] == theirs[name]
        assert ours["statusSummary"] == theirs["statusSummary"]
    assert run["metrics"]["durationSummary"] == documented["metrics"]["durationSummary"]
    assert run["providerRefId"] == documented["providerRefId"]
    assert copy["sourceInfo"] == documented["activities"][0]["sourceInfo"]
    assert promotion["targetInfo"] == documented["activities"][1]["targetInfo"]
    assert promotion["recordSummary"] == {}
    assert run["metrics"]["recordSummary"]["inputRecordCount"] == 4321


def test_any_failed_promotion_can_be_without_end_and_batch() -> None:
    run = one({"status": "failed", "stage": "promotion"})
    (activity,) = run["activities"]
    assert list(run["metrics"]["durationSummary"]) == ["startedAtUTC"]
    assert list(activity["durationSummary"]) == ["startedAtUTC", "completedAtUTC"]
    assert activity["fileSummary"]["extensions"] == {"manifest": {"fileInfo": ""}}
    assert activity["targetInfo"][0]["reference"] == {"type": "Batch", "ids": []}


@pytest.mark.parametrize(
    "flow_run",
    [
        {"status": "failed", "stage": "copy"},
        {"records": {"input": 0}},
        {"records": {"input": 100, "failed": 4}, "partial_ingestion_percent": 5},
    ],
)
def test_a_run_unlike_the_samples_can_have_the_shape_too(flow_run: Json) -> None:
    run = one(flow_run)
    (plain,) = events_of({"flow_run": flow_run})
    assert list(run) == list(run_of(plain))
    assert run["metrics"]["statusSummary"] == run_of(plain)["metrics"]["statusSummary"]


def test_the_shape_changes_neither_the_run_nor_its_errors() -> None:
    stated = {"records": {"input": 100, "failed": 4}, "partial_ingestion_percent": 5}
    odd, plain = one(stated), run_of(events_of({"flow_run": stated})[0])
    for name in ("id", "flowId", "createdAt", "updatedAt", "etag"):
        assert odd[name] == plain[name]
    errors = [run["activities"][1]["statusSummary"]["extensions"]["errors"] for run in (odd, plain)]
    assert errors[0] == errors[1]


def test_each_shape_that_a_scenario_may_name_gives_another_notification() -> None:
    words = get_args(FlowRunSpec.model_fields["shape"].annotation)
    found = [run_of(events_of({"flow_run": {"shape": word}})[0]) for word in words]
    assert len({json.dumps(each) for each in found}) == len(words) == 2
