"""Notifications of flow runs have the published shapes, and their values agree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flowsim.core.event import Event
from flowsim.families.flow_run import catalogue

from ...cases import for_each
from ...story.test_story import Json, events_of, run_of, story_of

SAMPLES = Path(__file__).parents[3] / "docs" / "adobe" / "samples"
HASTY = "2026-01-15T09:30:00.000960Z"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
UUID4 = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
ULID = "[0-7][0-9A-HJKMNP-TV-Z]{25}"

many = settings(max_examples=40, deadline=None)

COUNTS = st.integers(1, 10**12)
DURATIONS = st.integers(0, 400_000_000).map(lambda ms: f"{ms}ms")
# 1212 is the summary itself; 1211 is documented without counts.
CODES = st.sampled_from(
    [code for code, error in catalogue.run_errors().items() if error.level == "record"]
).filter(lambda code: code not in ("INGEST-1211-400", "INGEST-1212-400"))
COMMON = {
    "source": st.sampled_from(sorted(catalogue.sources())),
    "duration": DURATIONS,
    "name": st.text("abc é", min_size=1, max_size=9),
}


def scenarios(flow_runs: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """Scenarios with one run, at any seed and any moment, down to the microsecond."""
    moments = st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1))
    return st.builds(
        lambda seed, at, run: {
            "seed": seed,
            "at": f"{at.isoformat()}Z",
            "events": [{"flow_run": run}],
        },
        st.integers(0, 2**63 - 1),
        moments,
        flow_runs,
    )


@st.composite
def successes(draw: st.DrawFn, rejected: bool | None = None) -> Json:
    """A run that succeeds with some of its values stated, perhaps with rejected records."""
    run: Json = draw(st.fixed_dictionaries({}, optional=COMMON))
    if draw(st.booleans()) if rejected is None else rejected:
        total = draw(COUNTS)
        failed = draw(st.integers(1, total))
        codes = draw(st.lists(CODES, max_size=min(failed, 5), unique=True))
        run |= {"records": {"input": total, "failed": failed}, "errors": codes}
        run["status"] = draw(st.sampled_from(["success", "partialSuccess"]))
    elif draw(st.booleans()):
        run["records"] = {"input": draw(COUNTS)}
    names = ("input", "copied", "output")
    run["bytes"] = draw(st.fixed_dictionaries({}, optional=dict.fromkeys(names, COUNTS)))
    return run


@st.composite
def failures(draw: st.DrawFn, stage: str | None = None) -> Json:
    """A run that fails: as stated, or because records were rejected."""
    run: Json = draw(st.fixed_dictionaries({}, optional=COMMON))
    if draw(st.booleans()) and stage != "copy":
        total = draw(COUNTS)
        failed = draw(st.integers(1, total))
        codes = draw(st.lists(CODES, max_size=min(failed, 5), unique=True))
        return run | {"records": {"input": total, "failed": failed}, "errors": codes}
    stages = st.sampled_from(["copy", "promotion"])
    return run | {"status": "failed", "stage": stage or draw(stages)}


SUCCESSES = scenarios(successes())
REJECTIONS = scenarios(successes(rejected=True))
FAILURES = scenarios(failures())
RUNS = SUCCESSES | FAILURES


def event_of(scenario: Json) -> Event:
    return next(story_of(scenario).events())


def one(flow_run: Json, **event: Any) -> Json:
    """Return the entity of one run, with fixed seed and beginning."""
    return run_of(events_of({"flow_run": flow_run, **event})[0])


def stages(run: Json) -> dict[str, Json]:
    return {activity["id"]: activity for activity in run["activities"]}


def is_failed_promotion(run: Json) -> bool:
    (*_, last) = run["activities"]
    return last["id"] == "promotionActivity" and last["statusSummary"]["status"] == "failed"


def decoded_ms(ulid: str) -> int:
    number = 0
    for letter in ulid[:10]:
        number = number * 32 + CROCKFORD.index(letter)
    return number


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield path and value of all that is neither object nor array."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path, value


def agree(sample: Any, ours: Any, path: str = "") -> None:
    """Check that ours has every key of the sample, in its order, with values of its type."""
    assert type(ours) is type(sample), path
    if isinstance(sample, dict):
        assert [name for name in ours if name in sample] == list(sample), path
        for name in sample:
            agree(sample[name], ours[name], f"{path}.{name}")
    elif isinstance(sample, list):
        assert len(ours) >= len(sample), path
        for position, each in enumerate(sample):
            agree(each, ours[position], f"{path}[{position}]")


# The two shapes


def test_a_success_has_the_keys_of_the_sample_in_its_order() -> None:
    sample = json.loads((SAMPLES / "success.json").read_text(encoding="utf-8"))["event"]
    agree(sample, one({}))
    agree(sample, one({"records": {"input": 10, "failed": 1}, "status": "success"}))


def test_a_failed_promotion_has_the_keys_of_the_sample_in_its_order() -> None:
    sample = json.loads((SAMPLES / "failure.json").read_text(encoding="utf-8"))[0]["messages"]
    (event,) = events_of({"flow_run": {"status": "failed"}})
    assert event.notification.member == "messages"
    agree(sample, event.notification.content)


def test_a_success_adds_only_references_and_figures_of_promotion_to_the_sample() -> None:
    """Two repairs of the sample: promotion has a start and counts, references have ids."""
    sample = json.loads((SAMPLES / "success.json").read_text(encoding="utf-8"))["event"]
    added = {path for path, _ in leaves(one({}))} - {path for path, _ in leaves(sample)}
    promotion, reference = ("activities", 1), ("reference", "ids", 0)
    assert added == {
        (*promotion, "durationSummary", "startedAtUTC"),
        (*promotion, "recordSummary", "inputRecordCount"),
        (*promotion, "recordSummary", "outputRecordCount"),
        (*promotion, "targetInfo", 0, *reference),
        ("activities", 0, "sourceInfo", 0, *reference),
    }


@pytest.mark.parametrize("stage", ["copy", "promotion"])
def test_a_failure_lists_only_the_activity_that_failed(stage: str) -> None:
    run = one({"status": "failed", "stage": stage})
    assert [each["id"] for each in run["activities"]] == [f"{stage}Activity"]
    assert run["metrics"]["statusSummary"]["status"] == "failed"
    assert run["activities"][0]["statusSummary"]["status"] == "failed"


def test_the_envelope_of_a_failure_is_that_of_the_sample() -> None:
    sample = json.loads((SAMPLES / "failure.json").read_text(encoding="utf-8"))[0]["messages"][0]
    (event,) = events_of({"flow_run": {"status": "failed"}})
    (message,) = event.notification.content
    for name in ("msgType", "version", "schema", "provider", "_eventNotificationMeta"):
        assert message[name] == sample[name]


@given(scenarios(failures("promotion")))
@many
def test_a_failed_promotion_has_minus_one_bytes_and_files_no_record_counts(
    scenario: Json,
) -> None:
    run = run_of(event_of(scenario))
    (activity,) = run["activities"]
    for each in (run["metrics"], activity):
        assert each["sizeSummary"] == {"inputBytes": -1}
        assert each["fileSummary"]["inputFileCount"] == -1
        assert not each.get("recordSummary")
    assert "recordSummary" not in run["metrics"]
    assert "providerRefId" not in run


@given(scenarios(failures("copy")))
@many
def test_a_failed_copy_has_empty_objects_and_never_minus_one(scenario: Json) -> None:
    run = run_of(event_of(scenario))
    (activity,) = run["activities"]
    for each in (run["metrics"], activity):
        assert each["sizeSummary"] == each["recordSummary"] == each.get("fileSummary", {}) == {}
    assert "fileSummary" not in run["metrics"]
    assert -1 not in [value for _, value in leaves(run)]


@given(scenarios(failures("copy")))
@many
def test_a_failed_copy_has_an_error_detail_of_azure_data_factory(scenario: Json) -> None:
    extensions = run_of(event_of(scenario))["activities"][0]["statusSummary"]["extensions"]
    side = r"(Failure happened on '\w+' side\. )?"
    assert re.match(
        side + r"ErrorCode=\w+,'Type=[\w.]+,Message=.+?,Source=", extensions["errorDetail"], re.S
    )
    (cause,) = extensions["errors"]
    assert cause["code"] == "2200"
    assert cause["message"] == extensions["errorDetail"].split("Message=")[-1].split(",Source=")[0]
    assert not re.search(r"\{\w+\}", extensions["errorDetail"])


@for_each(
    ("flow_run", "causes"),
    [
        ({"status": "failed", "stage": "copy"}, ["2200"]),
        ({"status": "failed", "stage": "promotion"}, ["133"]),
        ({"status": "failed"}, ["133"]),
        ({"status": "failed", "errors": ["CONNECTOR-1001-500"]}, ["2200"]),
        ({"status": "failed", "errors": ["CONNECTOR-2001-500"]}, ["133"]),
        ({"status": "failed", "errors": ["118"]}, ["118"]),
        ({"records": {"input": 10, "failed": 1}}, ["INGEST-1212-400", "MAPPER-3700-400"]),
    ],
)
def test_a_failure_has_the_usual_root_cause_unless_one_is_stated(
    flow_run: Json, causes: list[str]
) -> None:
    (activity,) = one(flow_run)["activities"]
    errors = activity["statusSummary"]["extensions"]["errors"]
    assert [error["code"] for error in errors] == causes


@pytest.mark.parametrize("stage", ["copy", "promotion"])
def test_a_list_of_errors_is_never_empty(stage: str) -> None:
    """In the samples the list has root causes, or is missing."""
    own = {"code": "MINE-1", "message": "mine"}
    (activity,) = one({"status": "failed", "stage": stage, "errors": [own]})["activities"]
    assert activity["statusSummary"]["extensions"].get("errors", [own]) != []


@pytest.mark.parametrize(
    "stated", [{"records": {"input": 0}}, {"bytes": {"input": 0, "output": 0}, "duration": "10d"}]
)
def test_a_run_without_input_succeeds_with_only_a_copy_activity(stated: Json) -> None:
    """The documents of 2023 show one: no promotion, no output, no files."""
    run = one(stated)
    metrics, (copy,) = run["metrics"], run["activities"]
    assert set(metrics) == {"durationSummary", "sizeSummary", "recordSummary", "statusSummary"}
    assert metrics["sizeSummary"] == copy["sizeSummary"] == {"inputBytes": 0}
    assert metrics["recordSummary"] == copy["recordSummary"] == {"inputRecordCount": 0}
    assert metrics["statusSummary"] == {"status": "success"}
    assert copy["id"] == "copyActivity"
    assert copy["fileSummary"] == copy["statusSummary"]["extensions"] == {}
    assert metrics["durationSummary"] == copy["durationSummary"]
    assert "providerRefId" in run


@pytest.mark.parametrize(
    "flow_run",
    [
        {"records": {"input": 0}, "status": "success", "errors": ["CONNECTOR-2001-500"]},
        {"records": {"input": 0}, "status": "partialSuccess"},
    ],
)
def test_summary_and_activity_of_an_empty_run_agree(flow_run: Json) -> None:
    run = one(flow_run)
    for name in ("status", "errors"):
        told_by = [each["statusSummary"].get(name) for each in run["activities"]]
        assert run["metrics"]["statusSummary"].get(name) in told_by


# Invariants of flow-run-payloads.md 7.1


@given(RUNS)
@many
def test_a_run_that_ended_was_updated_after_it_was_created(scenario: Json) -> None:
    """Both times are equal only in a start event, which is another notification (7.1.1)."""
    run = run_of(event_of(scenario))
    assert run["createdAt"] < run["updatedAt"]


@given(RUNS)
@example({"seed": 3, "at": HASTY, "events": [{"flow_run": {"duration": "0.95ms"}}]})
@many
def test_the_run_begins_with_its_first_activity_and_ends_with_its_last(scenario: Json) -> None:
    """An activity begins after the one before has ended (7.1.2).

    In a failed promotion, only the activity has an end (1.2).
    """
    run = run_of(event_of(scenario))
    whole = run["metrics"]["durationSummary"]
    spans = [activity["durationSummary"] for activity in run["activities"]]
    moments = [span[name] for span in spans for name in ("startedAtUTC", "completedAtUTC")]
    ends = {} if is_failed_promotion(run) else {"completedAtUTC": moments[-1]}
    assert whole == {"startedAtUTC": moments[0], **ends}
    assert moments == sorted(moments)


@given(scenarios(st.just({"records": {"input": 1000}})))
@many
def test_promotion_begins_6_to_8_seconds_after_copy(scenario: Json) -> None:
    """7.1.2: 5.7 and 8.0 s in the samples, and so in every run of a usual length."""
    run = run_of(event_of(scenario))
    copy, promotion = (activity["durationSummary"] for activity in run["activities"])
    gap = promotion["startedAtUTC"] - copy["completedAtUTC"]
    assert 5_699 <= gap <= 8_001


@given(scenarios(st.fixed_dictionaries({"duration": DURATIONS, "records": st.just({"input": 9})})))
@example(
    {
        "seed": 7,
        "at": HASTY,
        "events": [{"flow_run": {"duration": "1ms", "records": {"input": 9}}}],
    }
)
@many
def test_a_short_run_waits_for_promotion_at_most_half_its_time(scenario: Json) -> None:
    run = run_of(event_of(scenario))
    copy, promotion = (activity["durationSummary"] for activity in run["activities"])
    gap = promotion["startedAtUTC"] - copy["completedAtUTC"]
    length = promotion["completedAtUTC"] - copy["startedAtUTC"]
    assert min(5_700, length // 2) - 1 <= gap <= min(8_000, length // 2) + 1


@given(RUNS)
@many
def test_update_times_of_activities_have_the_intervals_of_the_samples(scenario: Json) -> None:
    """Copy 245 ms before promotion begins, the last one tens of milliseconds before the run."""
    run = run_of(event_of(scenario))
    written = {each["id"]: each["updatedAtUTC"] for each in run["activities"]}
    *_, last = run["activities"]
    leads = {"copyActivity": 30, "promotionActivity": 38 if is_failed_promotion(run) else 41}
    assert run["updatedAt"] - written[last["id"]] == leads[last["id"]]
    if len(written) == 2:
        copy, promotion = (each["durationSummary"] for each in run["activities"])
        before = promotion["startedAtUTC"] - 245
        assert written["copyActivity"] == max(before, copy["completedAtUTC"])


@given(scenarios(failures("promotion")))
@many
def test_the_record_of_a_failed_promotion_appears_as_it_begins(scenario: Json) -> None:
    """69 ms after it began, as in the failure sample, or when a shorter one ended."""
    run = run_of(event_of(scenario))
    (activity,) = run["activities"]
    start, end = (activity["durationSummary"][name] for name in ("startedAtUTC", "completedAtUTC"))
    assert run["createdAt"] == min(start + 69, end)


@given(RUNS)
@many
def test_a_run_is_written_last_some_time_after_its_end(scenario: Json) -> None:
    """The samples have 0.2 s to 5 min (7.1.3)."""
    run = run_of(event_of(scenario))
    lag = run["updatedAt"] - run["activities"][-1]["durationSummary"]["completedAtUTC"]
    assert 199 <= lag <= 300_000


@given(SUCCESSES)
@many
def test_the_adaptors_times_are_within_half_a_second_of_the_last_write(scenario: Json) -> None:
    """They have the intervals of the sample; the last is the time of the event (7.1.3)."""
    event = event_of(scenario)
    run = run_of(event)
    stamps = [run[name] for name in ("slaCreatedAt", "processStartTime", "transformedTime")]
    first, *gaps = [after - before for before, after in pairwise([run["updatedAt"], *stamps])]
    assert first in (364, 365)
    assert gaps == [89, 1]
    assert stamps[-1] == (event.time - EPOCH) // timedelta(milliseconds=1)


@given(FAILURES)
@many
def test_the_envelope_of_a_failure_follows_the_last_write_in_milliseconds(
    scenario: Json,
) -> None:
    event = event_of(scenario)
    (message,) = event.notification.content
    assert 10 <= message["timestamp"] - message["value"]["updatedAt"] < 100
    assert message["timestamp"] == (event.time - EPOCH) // timedelta(milliseconds=1)


@given(scenarios(st.sampled_from([{}, {"status": "failed", "stage": "copy"}])))
@many
def test_a_batch_run_is_recorded_10_to_25_seconds_after_its_start(
    scenario: Json,
) -> None:
    """7.1.4."""
    run = run_of(event_of(scenario))
    assert 10_000 <= run["createdAt"] - run["metrics"]["durationSummary"]["startedAtUTC"] <= 25_001


@given(SUCCESSES)
@many
def test_copy_passes_on_what_it_read_and_promotion_reads_what_copy_wrote(scenario: Json) -> None:
    """A stated number of copied bytes is in both activities (7.1.5)."""
    copy, promotion = run_of(event_of(scenario))["activities"]
    stated = scenario["events"][0]["flow_run"]["bytes"].get("copied")
    records, size = copy["recordSummary"], copy["sizeSummary"]
    assert records["inputRecordCount"] == records["outputRecordCount"]
    assert size["outputBytes"] == (stated or size["inputBytes"])
    assert size["outputBytes"] == promotion["sizeSummary"]["inputBytes"]
    assert promotion["fileSummary"]["inputFileCount"] == copy["fileSummary"]["outputFileCount"]


@given(SUCCESSES)
@many
def test_the_records_that_promotion_lost_are_those_it_rejected(scenario: Json) -> None:
    """7.1.6; rejected records are counted only where there are any."""
    run = run_of(event_of(scenario))
    records = stages(run)["promotionActivity"]["recordSummary"]
    failed = scenario["events"][0]["flow_run"].get("records", {}).get("failed")
    assert records.get("failedRecordCount") == failed
    assert records["inputRecordCount"] - records["outputRecordCount"] == (failed or 0)
    copy = stages(run)["copyActivity"]["recordSummary"]
    assert records["inputRecordCount"] == copy["outputRecordCount"]


@given(SUCCESSES)
@many
def test_the_summary_has_the_first_activitys_input_and_the_lasts_output(
    scenario: Json,
) -> None:
    """7.1.7."""
    run = run_of(event_of(scenario))
    metrics, (first, last) = run["metrics"], run["activities"]
    assert metrics["sizeSummary"] == {
        "inputBytes": first["sizeSummary"]["inputBytes"],
        "outputBytes": last["sizeSummary"]["outputBytes"],
    }
    assert {**metrics["fileSummary"], "activityRefs": []} == {
        "activityRefs": [],
        "inputFileCount": first["fileSummary"]["inputFileCount"],
        "outputFileCount": last["fileSummary"]["outputFileCount"],
    }
    assert metrics["recordSummary"] == last["recordSummary"]


@pytest.mark.parametrize(
    "other",
    [{"records": {"input": 5}}, {"bytes": {"input": 0, "output": 9}}],
)
def test_a_run_of_0_bytes_has_records_if_other_values_need_them(other: Json) -> None:
    run = one({"bytes": {"input": 0}, **other})
    assert run["metrics"]["recordSummary"]["inputRecordCount"] > 0
    assert run["metrics"]["sizeSummary"]["outputBytes"] == other.get("bytes", {}).get("output", 0)


@given(COUNTS, COUNTS, COUNTS)
@many
def test_stated_counts_are_not_changed(read: int, written: int, total: int) -> None:
    """Output bytes may be more or fewer than input bytes (7.1.8)."""
    run = one(
        {
            "bytes": {"input": read, "output": written},
            "files": {"input": read, "output": written},
            "records": {"input": total, "output": total // 2},
        }
    )
    assert run["metrics"]["sizeSummary"] == {"inputBytes": read, "outputBytes": written}
    assert run["metrics"]["fileSummary"] == {"inputFileCount": read, "outputFileCount": written}
    assert run["metrics"]["recordSummary"] == {
        "inputRecordCount": total,
        "outputRecordCount": total // 2,
    }


@for_each(
    ("read", "files"),
    [(0, 0), (1, 1), (2**28, 1), (2**28 + 1, 2), (2**40, 4_096), (10**15, 25_000)],
)
def test_a_batch_has_25_000_files_at_most_and_each_has_bytes(read: int, files: int) -> None:
    """The guardrails limit batches (4.2); how large their files are is not published."""
    run = one({"bytes": {"input": read, "output": read}, "records": {"input": 9}})
    assert run["metrics"]["fileSummary"] == {"inputFileCount": files, "outputFileCount": files}


def details_of(run: Json) -> tuple[Json, list[Json]]:
    """Return the summary of the rejections and the detailed errors that follow it."""
    extensions = run["activities"][-1]["statusSummary"]["extensions"]
    summary, *details = extensions["errors"]
    return summary, details


@given(REJECTIONS)
@many
def test_the_detailed_errors_of_a_partial_success_count_every_rejected_record(
    scenario: Json,
) -> None:
    """7.1.9: their sum is failedRecordCount and the N of the summary; M is what arrived."""
    run = run_of(event_of(scenario))
    records = run["metrics"]["recordSummary"]
    summary, details = details_of(run)
    assert summary["code"] == "INGEST-1212-400"
    assert "recordCount" not in summary
    assert [int(number) for number in re.findall(r"\d+", summary["message"])] == [
        records["failedRecordCount"],
        records["outputRecordCount"],
    ]
    assert sum(each["recordCount"] for each in details) == records["failedRecordCount"]
    assert all(each["recordCount"] >= 1 for each in details)
    codes = scenario["events"][0]["flow_run"]["errors"] or ["MAPPER-3700-400"]
    assert [each["code"] for each in details] == codes


@given(COUNTS, st.lists(CODES, max_size=1))
@many
def test_the_detailed_errors_of_a_failure_count_every_rejected_record(
    failed: int, codes: list[str]
) -> None:
    summary, details = details_of(
        one({"records": {"input": failed, "failed": failed}, "errors": codes})
    )
    assert re.findall(r"\d+", summary["message"]) == [str(failed), "0"]
    assert [each["recordCount"] for each in details] == [failed]


@pytest.mark.parametrize(
    "codes", [["INGEST-1212-400"], ["INGEST-1212-400", "MAPPER-3700-400", "INGEST-1401-400"]]
)
def test_a_stated_summary_takes_no_records_from_the_detailed_errors(codes: list[str]) -> None:
    """INGEST-1212-400 is first and has no count, so the sum stays the same (7.1.9)."""
    run = one(
        {"records": {"input": 1000, "failed": 30}, "errors": codes, "partial_ingestion_percent": 5}
    )
    summary, details = details_of(run)
    assert summary["code"] == "INGEST-1212-400"
    assert "INGEST-1212-400" not in [each["code"] for each in details]
    assert sum(each["recordCount"] for each in details) == 30


@pytest.mark.parametrize("others", [[], ["MAPPER-3700-400", "INGEST-1401-400"]])
def test_errors_without_diagnostics_have_no_count_and_change_no_other_count(
    others: list[str],
) -> None:
    """INGEST-1211-400 means that no more is known (3.6)."""
    codes = ["INGEST-1211-400", *others]
    _, (unknown, *details) = details_of(
        one({"records": {"input": 10, "failed": 6}, "errors": codes, "status": "success"})
    )
    assert unknown.keys() == {"code", "message"}
    assert [each["code"] for each in details] == others
    assert sum(each["recordCount"] for each in details) == (6 if others else 0)


@given(REJECTIONS | FAILURES)
@many
def test_the_summary_repeats_the_errors_of_the_activity_that_had_them(scenario: Json) -> None:
    """7.1.10: the extensions stay in the activity; the others have no errors."""
    run = run_of(event_of(scenario))
    *others, failing = run["activities"]
    summary = run["metrics"]["statusSummary"]
    assert summary["errors"] == failing["statusSummary"]["errors"]
    assert summary["status"] == failing["statusSummary"]["status"]
    assert "extensions" not in summary
    assert not any("errors" in other["statusSummary"] for other in others)


@given(REJECTIONS)
@many
def test_a_success_with_errors_names_the_activity_and_the_rejected_rows(
    scenario: Json,
) -> None:
    run = run_of(event_of(scenario))
    promotion = stages(run)["promotionActivity"]
    extensions = promotion["statusSummary"]["extensions"]
    batch = f"https://platform.adobe.io/data/foundation/export/batches/{extensions['batchId']}"
    for name in ("statusSummary", "fileSummary"):
        assert run["metrics"][name]["activityRefs"] == ["promotionActivity"]
    assert extensions["manifest"] == {
        "failedRecords": f"{batch}/meta?path=row_errors",
        "sampleErrors": f"{batch}/meta?path=row_error_samples.json",
    }


@given(REJECTIONS)
@many
def test_a_success_with_errors_says_which_data_was_read_and_how(scenario: Json) -> None:
    """3.3: half an hour, some minutes before the run; an hour of a streaming source."""
    copy = stages(run_of(event_of(scenario)))["copyActivity"]
    window = copy["durationSummary"]["extensions"]
    length = window["windowEnd"] - window["windowStart"]
    assert copy["statusSummary"]["extensions"]["type"] == "incremental"
    if kind_of(scenario) == "stream":
        assert (length, window["windowStart"] % 3_600_000) == (3_600_000, 0)
        return
    before = copy["durationSummary"]["startedAtUTC"] - window["windowEnd"]
    assert (length, window["windowEnd"] % 1000) == (1_800_000, 0)
    assert 550_000 <= before < 551_000


def test_a_success_without_errors_and_a_failed_copy_have_no_window() -> None:
    """The sample of a failed copy says only how it reads its source (1.2)."""
    success, failure = one({}), one({"status": "failed", "stage": "copy"})
    for run in (success, failure):
        assert "extensions" not in run["activities"][0]["durationSummary"]
        assert "activityRefs" not in run["metrics"].get("fileSummary", {})
    assert list(failure["activities"][0]["statusSummary"]["extensions"]) == [
        "errorDetail",
        "type",
        "errors",
    ]


def kind_of(scenario: Json) -> str:
    (event,) = scenario["events"]
    return catalogue.sources()[event["flow_run"].get("source", "amazon-s3")].kind


@given(RUNS)
@many
def test_the_provider_reference_names_the_flow_and_the_run_of_the_copy(scenario: Json) -> None:
    """7.1.11 and 1.5; a failed promotion has none, a streaming source another."""
    run = run_of(event_of(scenario))
    copy = stages(run).get("copyActivity")
    if copy is None:
        assert "providerRefId" not in run
        return
    if kind_of(scenario) == "stream":
        begin, end = map(int, run["providerRefId"].split("-"))
        assert (begin % 3_600_000, end - begin) == (0, 3_600_000)
        assert begin <= run["createdAt"] < end
        return
    match = re.fullmatch(f"M-({UUID4})-incremental-0:({UUID4})", run["providerRefId"])
    assert match is not None
    (source,) = copy["sourceInfo"]
    assert match[1] == run["flowId"]
    assert source["type"] == "SourceConnection"
    assert source["reference"] == {"type": "AdfRunId", "ids": [match[2]]}
    assert copy["statusSummary"]["extensions"].get("adf/run/id", match[2]) == match[2]


@given(RUNS)
@many
def test_every_place_names_the_same_batch(scenario: Json) -> None:
    """7.1.11; the reference type is ``batch`` in a success and ``Batch`` in a failure (1.1)."""
    event = event_of(scenario)
    promotion = stages(run_of(event)).get("promotionActivity")
    if promotion is None:
        return
    (target,) = promotion["targetInfo"]
    (batch,) = target["reference"]["ids"]
    named = set(re.findall(ULID, json.dumps(promotion)))
    info = promotion["fileSummary"]["extensions"]["manifest"]["fileInfo"]
    assert re.fullmatch(ULID, batch)
    assert named == {batch}
    assert info == (
        f"https://platform.adobe.io/data/foundation/export/batches/{batch}/meta?path=input_files"
    )
    expected = "batch" if event.notification.member == "event" else "Batch"
    assert target["reference"]["type"] == expected


@given(RUNS)
@many
def test_the_envelope_and_the_run_name_one_organisation(scenario: Json) -> None:
    """7.1.12."""
    event = event_of(scenario)
    run = run_of(event)
    content = event.notification.content
    outer = content["header"]["_adobeio"] if event.notification.member == "event" else content[0]
    assert outer["imsOrgId"] == run["imsOrgId"]
    assert re.fullmatch("[0-9A-F]{24}@AdobeOrg", run["imsOrgId"])


# Forms of flow-run-payloads.md 7.2 and 7.3


@given(RUNS)
@many
def test_every_time_is_in_milliseconds_and_near_the_event(scenario: Json) -> None:
    event = event_of(scenario)
    published = (event.time - EPOCH) // timedelta(milliseconds=1)
    times = [
        value
        for path, value in leaves(event.notification.content)
        if re.search(r"(At|AtUTC|Time|timestamp)$", str(path[-1]))
    ]
    assert len(times) >= 6
    assert all(published - 400_100_000 < time <= published for time in times)


@given(RUNS)
@many
def test_the_etag_holds_the_second_of_the_last_write(scenario: Json) -> None:
    run = run_of(event_of(scenario))
    match = re.fullmatch(r'"[0-9a-f]{8}-0000-0200-0000-([0-9a-f]{8})0000"', run["etag"])
    assert match is not None
    assert int(match[1], 16) == run["updatedAt"] // 1000


@given(SUCCESSES)
@example(
    {
        "seed": 1081404870234,
        "at": "2001-01-01T00:00:00.000226Z",
        "events": [{"flow_run": {"bytes": {}}}],
    }
)
@many
def test_a_batch_is_minted_48_to_144_ms_before_promotion(scenario: Json) -> None:
    promotion = run_of(event_of(scenario))["activities"][1]
    batch = promotion["statusSummary"]["extensions"]["batchId"]
    assert 48 <= promotion["durationSummary"]["startedAtUTC"] - decoded_ms(batch) <= 144


@given(RUNS)
@many
def test_generated_ids_are_version_4_uuids(scenario: Json) -> None:
    run = run_of(event_of(scenario))
    connections = [
        info["id"]
        for activity in run["activities"]
        for info in activity.get("sourceInfo", activity.get("targetInfo"))
    ]
    for text in (run["id"], run["flowId"], run["sandboxId"], *connections):
        assert re.fullmatch(UUID4, text)


# What the user states


def test_stated_flow_organisation_and_sandbox_are_used() -> None:
    stated = {
        "id": "00000000-0000-4000-8000-00000000f10a",
        "org": "0123456789ABCDEF01234567@AdobeOrg",
        "sandbox": {"name": "dev", "id": "00000000-0000-4000-8000-00000000dead"},
    }
    for flow_run in ({}, {"status": "failed", "stage": "copy"}, {"status": "failed"}):
        (event,) = events_of({"flow_run": {**stated, **flow_run}})
        run = run_of(event)
        assert run["flowId"] == stated["id"]
        assert (run["sandboxName"], run["sandboxId"]) == ("dev", stated["sandbox"]["id"])
        printed = json.dumps(event.notification.content)
        assert re.findall(r'"imsOrgId": "(.*?)"', printed) == [stated["org"]] * 2
        assert f"M-{stated['id']}-" in run.get("providerRefId", f"M-{stated['id']}-")


def test_a_sandbox_may_be_stated_by_its_name_alone() -> None:
    dev, prod = one({"sandbox": "dev"}), one({})
    assert (dev["sandboxName"], prod["sandboxName"]) == ("dev", "prod")
    assert dev["sandboxId"] != prod["sandboxId"]


def test_stated_connections_are_used() -> None:
    copy, promotion = one({"source_connection": "from-me", "target_connection": "to-you"})[
        "activities"
    ]
    assert copy["sourceInfo"][0]["id"] == "from-me"
    assert promotion["targetInfo"][0]["id"] == "to-you"


@given(st.integers(0, 10**8), st.sampled_from(["success", "failed"]))
@many
def test_a_stated_duration_is_that_of_the_run(ms: int, status: str) -> None:
    run = one({"duration": f"{ms}ms", "status": status})
    start = run["metrics"]["durationSummary"]["startedAtUTC"]
    assert run["activities"][-1]["durationSummary"]["completedAtUTC"] - start == ms


def test_a_custom_error_is_in_the_summary_of_a_failure() -> None:
    own = {"code": "MINE-1", "message": 'With "quotes",\r\nlines and é.'}
    run = one({"status": "failed", "errors": [own]})
    assert run["metrics"]["statusSummary"]["errors"] == [own]
    assert run["activities"][0]["statusSummary"]["errors"] == [own]


def test_a_copy_that_fails_with_a_custom_error_has_no_other_detail() -> None:
    own = {"code": "MINE-1", "message": "The bucket is closed."}
    run = one({"status": "failed", "stage": "copy", "errors": [own]})
    extensions = run["activities"][0]["statusSummary"]["extensions"]
    assert extensions == {"errorDetail": "The bucket is closed.", "type": "incremental"}


def test_a_custom_error_counts_the_records_it_rejected() -> None:
    own = {"code": "MINE-1", "message": "mine"}
    run = one({"records": {"input": 100, "failed": 4}, "errors": [own], "status": "success"})
    _, details = details_of(run)
    assert details == [{**own, "recordCount": 4}]


@for_each("code", ["sources_flow_run_failed", "sources_flow_run_failure"])
@for_each("stage", ["copy", "promotion"])
def test_the_failure_code_is_the_same_on_event_and_body(code: str, stage: str) -> None:
    (event,) = events_of({"flow_run": {"status": "failed", "stage": stage, "failure_code": code}})
    (message,) = event.notification.content
    assert event.notification.event_code == message["_eventNotificationMeta"]["type"] == code


def test_the_spelling_of_failures_does_not_change_successes() -> None:
    (event,) = events_of({"flow_run": {"failure_code": "sources_flow_run_failure"}})
    header = event.notification.content["header"]["_adobeio"]
    assert event.notification.event_code == header["eventCode"] == "sources_flow_run_success"
    assert header["providerMetadata"] == "platform_notifications"


# Overrides

OVERRIDE = {"sandboxName": "dev", "providerRefId": None, "metrics": {"mine": {"a": [1], "b": None}}}


@for_each("event_delivery_format", ["adobe_io", "cloud_events"])
@for_each("shape", ["consistent", "as-documented"])
@for_each("flow_run", [{}, {"status": "failed", "stage": "copy"}, {"status": "failed"}])
def test_an_override_changes_the_run_entity_in_both_shapes(
    flow_run: Json, shape: str, event_delivery_format: str
) -> None:
    def body(**event: Any) -> Any:
        scenario = {
            "seed": 7,
            "registration": {"event_delivery_format": event_delivery_format},
            "events": [{"flow_run": {**flow_run, "shape": shape}, "event_id": "same", **event}],
        }
        (payload,) = story_of({"at": "2026-01-15T09:30:00Z", **scenario}).payloads()
        return json.loads(payload.body)

    def entity(content: Any) -> Json:
        if isinstance(content, list):
            (content,) = content
        inner = content.get("event") or content.get("data") or content
        run: Json = inner["messages"][0]["value"] if "messages" in inner else inner
        return run

    plain, patched = body(), body(override=OVERRIDE)
    run = entity(plain)
    run["sandboxName"] = "dev"
    run.pop("providerRefId", None)
    run["metrics"]["mine"] = {"a": [1]}
    for each in (plain, patched):
        if isinstance(each, dict):
            each.pop("id", None)
    assert patched == plain
