"""A job of the InDesign APIs: its states in order, its failures, its ids and times."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from flowsim.core import instant
from flowsim.errors import ScenarioError
from flowsim.families.entries import Occurrence
from flowsim.story.opening import open_story

from ...cases import for_each
from ..aep.reading import BEGIN, contents, family, tell

GOOD = [
    "QUEUED",
    "ASSETS_DOWNLOAD_STARTED",
    "ASSET_DOWNLOAD_STARTED",
    "ASSET_DOWNLOAD_COMPLETED",
    "ASSET_SCANNING_STARTED",
    "ASSET_SCANNING_COMPLETED",
    "ASSETS_DOWNLOAD_COMPLETED",
    "ENGINE_PROCESSING_STARTED",
    "RUNNING",
    "ENGINE_PROCESSING_COMPLETED",
    "ASSETS_UPLOAD_STARTED",
    "ASSET_UPLOAD_STARTED",
    "ASSET_UPLOAD_COMPLETED",
    "ASSETS_UPLOAD_COMPLETED",
    "COMPLETED",
]

FAILED = ("download", "scanning", "security_check", "processing", "upload")
CANCELLED = ("queue", "download", "scanning", "processing", "upload")


def _told(**said: Any) -> list[Occurrence]:
    return tell("indesign_job", said)


def _codes(**said: Any) -> list[str]:
    return [each.notification.event_code for each in _told(**said)]


def test_a_good_job_has_fifteen_events_within_seconds() -> None:
    told = _told()
    assert [each.notification.event_code for each in told] == GOOD
    assert told[-1].time - BEGIN < timedelta(seconds=5)


def test_each_input_has_four_events_and_each_output_two() -> None:
    codes = _codes(inputs=3, outputs=2)
    assert len(codes) == 15 + 2 * 4 + 2
    assert set(codes) == set(GOOD)
    assert [
        each for each in codes if each.startswith("ASSETS_") or not each.startswith("ASSET")
    ] == [each for each in GOOD if not each.startswith("ASSET_")]


@for_each("stops_in", FAILED)
def test_a_job_that_fails_ends_with_failed_and_never_completes(stops_in: str) -> None:
    codes = _codes(inputs=3, outputs=3, outcome="failed", stops_in=stops_in, stops_asset=2)
    assert codes[-1] == "FAILED"
    assert not {"COMPLETED", "CANCELLED"} & {*codes}


@for_each("stops_in", CANCELLED)
def test_a_cancelled_job_ends_at_once(stops_in: str) -> None:
    codes = _codes(inputs=3, outputs=3, outcome="cancelled", stops_in=stops_in)
    assert codes[-1] == "CANCELLED"
    assert not [each for each in codes if "FAILED" in each or each == "COMPLETED"]


def test_a_failed_download_cancels_those_behind_it_only() -> None:
    codes = _codes(inputs=3, outcome="failed", stops_asset=2)
    assert [each for each in codes if each.startswith("ASSET_DOWNLOAD")] == [
        *["ASSET_DOWNLOAD_STARTED"] * 3,
        "ASSET_DOWNLOAD_COMPLETED",
        "ASSET_DOWNLOAD_FAILED",
        "ASSET_DOWNLOAD_CANCELLED",
    ]
    assert "ASSETS_DOWNLOAD_COMPLETED" not in codes


@for_each("stops_in", FAILED)
def test_what_began_ends_before_a_job_fails(stops_in: str) -> None:
    codes = _codes(inputs=3, outputs=3, outcome="failed", stops_in=stops_in, stops_asset=2)
    for part in ("ASSET_DOWNLOAD_", "ASSET_SCANNING_", "ASSET_UPLOAD_"):
        ended = [
            each
            for each in codes
            if (each.startswith(part) and not each.endswith("STARTED"))
            or (part == "ASSET_SCANNING_" and each == "ASSET_SECURITY_CHECK_FAILED")
        ]
        assert codes.count(f"{part}STARTED") == len(ended)


@for_each("said", [{}, {"inputs": 5, "outputs": 5}, {"outcome": "failed", "inputs": 4}])
def test_timestamps_keep_the_order_and_are_a_little_before_time(said: dict[str, Any]) -> None:
    told = _told(**said)
    stamps = [each["value"]["timestamp"] for each in contents(told)]
    assert all(one <= two for one, two in pairwise(stamps))
    lags = [instant.to_ms(each.time) - stamp for each, stamp in zip(told, stamps, strict=True)]
    assert min(lags) >= 140
    assert max(lags) <= 1_040


def test_ids_agree_as_printed() -> None:
    told = contents(_told(inputs=4))
    assert all(each["key"] == each["value"]["eventId"] for each in told)
    assert len({each["key"] for each in told}) == len(told)
    assert len({each["value"]["jobId"] for each in told}) == 1


def test_only_a_failed_download_names_the_input() -> None:
    told = contents(_told(inputs=2, outcome="failed", document="a.indd"))
    with_data = [each["value"] for each in told if "data" in each["value"]]
    assert [each["state"] for each in with_data] == ["ASSET_DOWNLOAD_FAILED"]
    assert with_data[0]["data"]["destination"] == "a.indd"


def test_the_kind_of_storage_is_optional() -> None:
    told = contents(_told(outcome="failed", storage="", url="https://example.com/a.indd"))
    (source,) = [each["value"]["data"]["source"] for each in told if "data" in each["value"]]
    assert source == {"url": "https://example.com/a.indd"}


@for_each(
    ("said", "found"),
    [
        ({"inputs": 51}, "more than 50 inputs"),
        ({"outputs": 51}, "more than 50 outputs"),
        ({"pace": "100ms"}, "a pace of less than 200ms"),
        ({"outcome": "failed", "stops_in": "queue"}, "a job that fails in the queue"),
        (
            {"outcome": "failed", "stops_asset": 2},
            "a failure of an input that the job does not have",
        ),
        (
            {"outcome": "failed", "stops_in": "upload", "stops_asset": 0},
            "a failure of an output that the job does not have",
        ),
        (
            {"outcome": "cancelled", "stops_in": "security_check"},
            "a job that is cancelled in the security_check",
        ),
    ],
)
def test_a_job_that_cannot_be_is_refused(said: dict[str, Any], found: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        _told(**said)
    assert [each.found for each in raised.value.problems] == [found]


def test_a_line_and_a_result_say_how_a_job_ended() -> None:
    shown = family("indesign_job")
    ends = [
        contents(_told(outcome=each, stops_in="processing"))[-1] for each in ("completed", "failed")
    ]
    assert [shown.result(each) for each in ends] == ["success", "failed"]
    assert shown.line(ends[0]).startswith("COMPLETED of job ")


def test_arrays_of_the_shipped_story_have_events_of_several_jobs() -> None:
    """Only events of the same moment share an array, so jobs that begin together show it."""
    arrays = [each.events for each in open_story("indesign-job").payloads()]
    jobs = [{event.content["value"]["jobId"] for event in events} for events in arrays]
    assert [len(each) for each in jobs] == [len(each) for each in arrays]
    assert {len(each) for each in arrays} == {1, 3}
    together = [events for events in arrays if len(events) == 3]
    assert [events[0].code for events in together] == GOOD
    for events in together:
        assert len({each.code for each in events}) == 1
