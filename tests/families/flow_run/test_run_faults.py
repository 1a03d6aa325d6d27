"""Faults of the run entity and its activities, as flow-run-payloads.md 7.4 describes them."""

from __future__ import annotations

from typing import Any

import pytest

from flowsim.core.instant import parse, to_ms

from ...cases import for_each
from ...faults.way import KINDS, events_of, run_of, way_of

MISSING = object()


def run_with(kind: str, *named: str | tuple[str, Any], **changes: Any) -> Any:
    """Return the run entity of a notification with faults."""
    return run_of(way_of(events_of(kind, **changes), *named).events[0])


def at(value: Any, path: str) -> Any:
    """Return the value at a path such as ``activities.0.id``, or ``MISSING``."""
    for step in path.split("."):
        if isinstance(value, list):
            value = value[int(step)]
        elif step in value:
            value = value[step]
        else:
            return MISSING
    return value


UUIDS = "4f008a00-3a04-11eb-adc1-0242ac120002", "37b34f84-1ada-11eb-adc1-0242ac120002"


@for_each(
    ("fault", "kind", "path", "value"),
    [
        ("activities-missing", "success", "activities", []),
        ("activities-renamed", "success", "activities.0.id", UUIDS[0]),
        ("activities-renamed", "success", "activities.1.name", "Promotion Activity"),
        ("activities-renamed", "success", "metrics.statusSummary.activityRefs", [UUIDS[1]]),
        ("activity-alone", "success", "activities.0.id", "promotionActivity"),
        ("activity-start-missing", "success", "activities.1.durationSummary.startedAtUTC", MISSING),
        ("counts-missing", "success", "metrics.recordSummary", {}),
        ("counts-missing", "copy", "activities.0.sizeSummary", {}),
        ("counts-unknown", "success", "metrics.recordSummary.failedRecordCount", -1),
        ("counts-unknown", "copy", "metrics.sizeSummary.inputBytes", -1),
        ("counts-zero", "success", "activities.1.sizeSummary.outputBytes", 0),
        ("counts-zero", "promotion", "metrics.recordSummary.inputRecordCount", 0),
        ("end-missing", "copy", "metrics.durationSummary.completedAtUTC", MISSING),
        ("errors-beside-success", "copy", "metrics.statusSummary.status", "success"),
        ("file-counts-disagree", "success", "metrics.fileSummary.inputFileCount", 1),
        ("file-counts-disagree", "success", "activities.0.fileSummary.inputFileCount", 2),
        ("file-info-empty", "copy", "activities.0.fileSummary.extensions.manifest.fileInfo", ""),
        ("file-info-list", "success", "metrics.fileSummary.manifest.fileInfo.0.outputBytes", 1024),
        ("first-without-records", "success", "activities.0.recordSummary", {}),
        ("first-without-records", "success", "activities.1.recordSummary.failedRecordCount", 30),
        ("first-without-records", "success", "metrics.recordSummary.inputRecordCount", 1000),
        ("nothing-ingested", "success", "activities.0.id", "copyActivity"),
        ("nothing-ingested", "success", "metrics.recordSummary", {"inputRecordCount": 0}),
        ("nothing-ingested", "copy", "metrics.statusSummary", {"status": "success"}),
        ("numbers-as-text", "success", "metrics.recordSummary.inputRecordCount", "1000"),
        ("odd-error-codes", "success", "metrics.statusSummary.errors.0.code", "133"),
        ("odd-keys", "success", "activities.0.statusSummary.extensions.keys.adf/run/id", "1"),
        ("odd-update-time", "success", "activities.0.updatedAtUTC", 87473822),
        (("odd-update-time", 0), "copy", "activities.0.updatedAtUTC", 0),
        ("other-status", "success", "metrics.statusSummary.status", "partialSuccess"),
        (("other-status", "inProgress"), "copy", "metrics.statusSummary.status", "inProgress"),
        ("placeholders", "success", "imsOrgId", "{ORG_ID}"),
        ("reference-ids", "success", "activities.1.targetInfo.0.reference.ids", MISSING),
        (("reference-ids", "empty"), "copy", "activities.0.sourceInfo.0.reference.ids", []),
        ("reference-type-case", "success", "activities.1.targetInfo.0.reference.type", "Batch"),
        ("reference-type-case", "promotion", "activities.0.targetInfo.0.reference.type", "batch"),
        ("summaries-missing", "success", "metrics.recordSummary", MISSING),
        ("summaries-missing", "copy", "activities.0.fileSummary", MISSING),
        ("unexplained-loss", "success", "metrics.recordSummary.outputRecordCount", 70),
        ("unexplained-loss", "success", "metrics.statusSummary.errors", MISSING),
        ("unknown-fields", "success", "flowType", "batch"),
        ("unknown-status", "promotion", "metrics.statusSummary.status", "quarantined"),
        (("unknown-status", "new"), "success", "metrics.statusSummary.status", "new"),
    ],
)
def test_a_fault_of_the_run_has_its_value_at_its_path(
    fault: str | tuple[str, Any], kind: str, path: str, value: Any
) -> None:
    assert at(run_with(kind, fault), path) == value


@pytest.mark.parametrize("kind", KINDS)
def test_seconds_are_those_of_the_milliseconds(kind: str) -> None:
    before, after = run_of(events_of(kind)[0]), run_with(kind, "epoch-seconds")
    for part in (lambda run: run["metrics"], lambda run: run["activities"][0]):
        was, is_now = part(before)["durationSummary"], part(after)["durationSummary"]
        windows = [summary.pop("extensions", {}) for summary in (was, is_now)]
        for old, new in ((was, is_now), windows):
            assert new == {name: each // 1000 for name, each in old.items()}
    assert after["createdAt"] == before["createdAt"]


@pytest.mark.parametrize("kind", KINDS)
def test_times_in_text_are_the_same_moments(kind: str) -> None:
    before, after = run_of(events_of(kind)[0]), run_with(kind, "iso-times")
    for name in ("createdAt", "updatedAt"):
        assert to_ms(parse(after[name])) == before[name]


@pytest.mark.parametrize("kilobytes", [1, 8, 1000])
def test_a_long_error_text_has_the_stated_length_and_special_characters(kilobytes: int) -> None:
    run = run_with("copy", ("long-error-text", kilobytes))
    text = run["metrics"]["statusSummary"]["errors"][0]["message"]
    assert len(text) == kilobytes * 1024
    awkward = ("'", "\\", "\r\n", '{"error": "login \\"etl\\"')
    assert all(part in text for part in awkward)


def test_all_texts_of_errors_have_kilobytes_and_every_awkward_character() -> None:
    run = run_with("copy", "error-texts")
    status = run["activities"][0]["statusSummary"]
    texts = {
        each["message"]
        for part in (run["metrics"], run["activities"][0])
        for each in part["statusSummary"]["errors"]
    }
    assert texts == {status["extensions"]["errorDetail"]}
    (text,) = texts
    assert 4_000 < len(text) < 16_000
    assert all(
        each in text for each in ("'", '"', "\\", "\r\n", "{rows}", "%s", "% ", "\U0001f9fe")
    )


def test_text_in_many_languages_is_sent_unchanged() -> None:
    way = way_of(events_of(), "non-ascii-text")
    name = run_of(way.events[0])["flowName"]
    assert not name.isascii()
    assert name.encode() in way.payloads[0].body


AT_PLACES = (
    *("counts-unknown", "activities-renamed", "end-missing", "odd-keys", "error-texts"),
    "first-without-records",
)
"""Faults that change values deep inside of a run."""


def test_a_fault_does_not_fail_if_an_override_removed_its_place() -> None:
    for removed in ({"activities": None}, {"metrics": None}, {"activities": 5, "metrics": []}):
        for name in AT_PLACES:
            assert run_with("success", name, override=removed)["flowId"]


def test_several_faults_change_one_run() -> None:
    run = run_with("success", "epoch-seconds", "counts-unknown", "activity-alone", "iso-times")
    assert [each["id"] for each in run["activities"]] == ["promotionActivity"]
    assert run["activities"][0]["recordSummary"]["inputRecordCount"] == -1
    assert run["metrics"]["durationSummary"]["startedAtUTC"] < 10**10
    assert run["createdAt"].endswith("Z")
