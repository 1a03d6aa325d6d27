"""Entries that contradict themselves are refused; what is not stated never does."""

from __future__ import annotations

from typing import Any

import pytest

from flowsim.errors import ScenarioError

from ...cases import for_each
from ...story.test_story import story_of


def _contents(name: str, said: dict[str, Any]) -> list[Any]:
    story = story_of({"seed": 7, "at": "2026-01-15T09:30:00Z", "events": [{name: said}]})
    return [each.notification.content for each in story.events()]


STREAMING = {"kind": "streaming", "records": 10}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("source_run", {**STREAMING, "created": 20}, "more records written and failed"),
    ("source_run", {**STREAMING, "failed": 20}, "more records written and failed"),
    ("source_run", {**STREAMING, "failed": 6, "created": 5}, "more records written and failed"),
    ("source_run", {**STREAMING, "warnings": 11}, "more records with a warning"),
    ("source_run", {"kind": "error_rate", "rate": 1}, "not above its limit"),
    ("source_run", {"kind": "error_rate", "rate": 101}, "more than 100 per cent"),
    ("source_run", {"kind": "error_rate", "resolved_after": "0s"}, "over when it fires"),
    ("destination_run", {"records": 1, "skipped": 2}, "more records skipped"),
    ("destination_run", {"kind": "skip_rate", "rate": 0}, "not above its limit"),
    ("destination_run", {"kind": "skip_rate", "rate": 101}, "more than 100 per cent"),
    ("destination_run", {"kind": "skip_rate", "resolved_after": "0s"}, "over when it fires"),
    ("identity_run", {"input": 5, "updated": 6}, "more records created, updated, skipped"),
    ("identity_run", {"input": 5, "skipped": 6}, "more records created, updated, skipped"),
    ("identity_run", {"input": 5, "output": 6}, "more records written"),
    ("profile_run", {"input": 5, "created": 3, "updated": 3}, "more records created and updated"),
    ("profile_run", {"input": 5, "output": 6}, "more records written"),
    ("segment_job", {"profiles": 1, "qualified": 2}, "more profiles that qualified"),
]


@for_each(("name", "said", "reason"), REFUSED)
def test_counts_that_contradict_each_other_are_refused(
    name: str, said: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        _contents(name, said)
    (problem,) = caught.value.problems
    assert problem.path == f"events[0].{name}"
    assert reason in problem.found
    assert ".yaml:" not in problem.found


@for_each("count", [0, 1, 7])
@for_each(
    ("name", "key"),
    [
        ("source_run", "records"),
        ("identity_run", "input"),
        ("identity_run", "updated"),
        ("identity_run", "created"),
        ("identity_run", "skipped"),
        ("profile_run", "input"),
        ("segment_job", "profiles"),
        ("destination_run", "records"),
    ],
)
def test_one_count_alone_never_contradicts_what_is_not_stated(
    name: str, key: str, count: int
) -> None:
    assert _contents(name, {key: count})


def test_a_failed_streaming_run_fails_what_it_did_not_write() -> None:
    (content,) = _contents("source_run", {**STREAMING, "outcome": "failed", "created": 4})
    counts = content["metrics"]["recordSummary"]
    assert (counts["createdRecordCount"], counts["failedRecordCount"]) == (4, 6)


RUNS = ["source_run", "identity_run", "profile_run", "segment_job", "destination_run", "query_run"]


@for_each("name", RUNS)
def test_a_run_that_lasts_no_time_has_two_versions_of_its_record(name: str) -> None:
    """The event of the end says who wrote it, and what the run is called then."""
    plain, short = (_contents(name, said) for said in ({}, {"lasts": "0s"}))
    assert [each["metrics"]["statusSummary"]["status"] for each in short] == [
        "inProgress",
        "success",
    ]
    assert short[0]["etag"] != short[1]["etag"]
    for key in ("updatedClient", "providerRefId"):
        assert [each[key] for each in short] == [each[key] for each in plain]
