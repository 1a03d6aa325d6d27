"""What the families of Experience Platform tell: alerts about delays, windows, chains, editions."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from pydantic import ValidationError

from flowsim.core import instant
from flowsim.errors import ScenarioError
from flowsim.families.entries import Entry, Occurrence, Passage
from flowsim.families.flow_run.family import FAMILY
from flowsim.families.flow_run.spec import FlowRunSpec
from flowsim.runtime.chance import Chance

from ...cases import for_each
from .reading import BEGIN, contents, family, tell

THRESHOLDS = {
    "source_run": 150,
    "identity_run": 150,
    "profile_run": 150,
    "segment_job": 150,
    "destination_run": 300,
}
"""Family → minutes after which a run is late, in the newest edition."""


def _minutes(told: list[Occurrence]) -> list[float]:
    return [(each.time - BEGIN).total_seconds() / 60 for each in told]


def _alerts(told: list[Occurrence]) -> list[Occurrence]:
    return [each for each in told if "severity" in each.notification.content]


@for_each(("name", "threshold"), THRESHOLDS.items())
def test_a_delay_fires_at_its_threshold_and_resolves_at_the_end(name: str, threshold: int) -> None:
    """Both alerts have the same id and value, and name the run."""
    told = tell(name, {"lasts": f"{threshold + 40}m"})
    firing, resolved = contents(_alerts(told))
    assert _minutes(told) == [0, threshold, threshold + 40, threshold + 40]
    assert [each["status"] for each in (firing, resolved)] == ["FIRING", "INACTIVE"]
    assert firing["id"] == resolved["id"]
    assert {each["flowRunId"] for each in (firing, resolved)} == {contents(told)[0]["id"]}
    assert firing["value"] == resolved["value"] == str(threshold)
    assert "resolvedAt" not in firing
    assert resolved["resolvedAt"] == instant.spell(BEGIN + timedelta(minutes=threshold + 40))
    assert told[1].notification.event_code.endswith("_error")


@for_each(("name", "threshold"), THRESHOLDS.items())
def test_no_delay_fires_if_the_run_ends_at_its_threshold(name: str, threshold: int) -> None:
    told = tell(name, {"lasts": f"{threshold}m"})
    assert not _alerts(told)
    assert len(told) == 2


@for_each(("name", "threshold"), THRESHOLDS.items())
def test_a_delay_fires_as_late_as_its_rule_is_evaluated(name: str, threshold: int) -> None:
    """Prints show alerts that fired a minute or two after their threshold."""
    told = tell(name, {"lasts": f"{threshold + 40}m", "noticed_after": "2m"})
    assert _minutes(_alerts(told)) == [threshold + 2, threshold + 40]
    assert contents(_alerts(told))[0]["value"] == str(threshold + 2)


@for_each("name", THRESHOLDS)
def test_a_delay_resolves_when_its_rule_is_no_longer_evaluated(name: str) -> None:
    """After 10 hours the alert turns INACTIVE although the run goes on."""
    told = tell(name, {"lasts": "12h"})
    assert _minutes(_alerts(told))[1] == 600
    assert _minutes(told)[-1] == 720
    assert contents(told)[-2]["status"] == "INACTIVE"


def test_no_delay_fires_after_the_last_evaluation() -> None:
    assert not _alerts(tell("segment_job", {"lasts": "12h", "late_after": "10h"}))


def test_a_late_run_may_fail() -> None:
    told = tell("profile_run", {"lasts": "3h", "outcome": "failed"})
    codes = [each.notification.event_code for each in told]
    assert codes == ["profile_ingestion_info"] + 3 * ["profile_ingestion_error"]


@pytest.mark.parametrize("name", ["source_run", "destination_run"])
def test_a_failed_streaming_run_travels_under_the_code_for_successes(name: str) -> None:
    (only,) = tell(name, {"kind": "streaming", "outcome": "failed"})
    content = only.notification.content
    assert only.notification.event_code.endswith("_flow_run_info")
    assert content["metrics"]["statusSummary"]["status"] == "failed"
    assert "activities" not in content


@pytest.mark.parametrize("name", ["source_run", "destination_run"])
def test_a_streaming_run_tells_of_the_hour_in_which_it_begins(name: str) -> None:
    begin = instant.parse("2026-01-15T09:48:30Z")
    (only,) = tell(name, {"kind": "streaming"}, begin=begin)
    content = only.notification.content
    first, last = map(int, content["providerRefId"].split("-"))
    assert first == instant.to_ms(instant.parse("2026-01-15T09:00:00Z"))
    assert last == instant.to_ms(instant.parse("2026-01-15T10:00:00Z"))
    assert first < content["createdAt"] < last < content["updatedAt"]
    assert content["metrics"]["durationSummary"]["startedAtUTC"] == first
    assert content["metrics"]["durationSummary"]["completedAtUTC"] > last


def test_a_streaming_event_never_comes_before_its_hour_is_over() -> None:
    (only,) = tell("source_run", {"kind": "streaming", "lasts": "1m"})
    assert only.time == BEGIN + timedelta(minutes=61)


@for_each(
    ("counts", "status", "per_cent"),
    [
        ({"records": 10, "created": 5}, "partialSuccess", 50),
        ({"records": 10}, "success", 100),
        ({"records": 10, "failed": 3}, "partialSuccess", 70),
        ({"records": 0}, "success", 100),
    ],
)
def test_the_status_of_a_streaming_source_follows_from_its_records(
    counts: dict[str, int], status: str, per_cent: int
) -> None:
    (content,) = contents(tell("source_run", {"kind": "streaming", **counts}))
    assert content["metrics"]["statusSummary"]["status"] == status
    assert content["metrics"]["recordSummary"]["ingestedRecordPercentage"] == per_cent


def test_a_batch_run_with_records_also_promotes_them() -> None:
    _, ended = contents(tell("source_run", {"records": 1000, "source": "Amazon S3"}))
    copy, promotion = ended["activities"]
    assert [copy["name"], promotion["name"]] == ["Amazon S3 Copy Activity", "Promotion Activity"]
    assert promotion["recordSummary"]["outputRecordCount"] == 1000
    assert ended["metrics"]["fileSummary"]["activityRefs"] == [promotion["id"]]


@pytest.mark.parametrize(
    ("name", "kind"), [("source_run", "error_rate"), ("destination_run", "skip_rate")]
)
def test_an_alert_about_a_rate_fires_and_may_resolve(name: str, kind: str) -> None:
    firing, resolved = tell(name, {"kind": kind, "rate": 4, "resolved_after": "2h"})
    assert resolved.time - firing.time == timedelta(hours=2)
    assert firing.notification.content["value"] == resolved.notification.content["value"] == "4"
    assert firing.notification.content["id"] == resolved.notification.content["id"]
    assert resolved.notification.content["message"].startswith("Resolved : ")
    assert len(tell(name, {"kind": kind})) == 1


@pytest.mark.parametrize("name", ["identity_run", "profile_run"])
def test_a_load_names_the_source_run_before_it(name: str) -> None:
    passage = Passage()
    source = contents(tell("source_run", {}, label="members", passage=passage))[0]
    started, ended, *_ = contents(tell(name, {"predecessor": "members"}, passage=passage))
    (before,) = ended["predecessors"]
    assert (before["flowRunId"], before["flowId"]) == (source["id"], source["flowId"])
    assert "predecessors" not in started
    assert ended["id"] != source["id"]


def test_a_load_may_also_follow_a_notification_of_a_flow_run() -> None:
    passage = Passage()
    flow_run = FAMILY.teller(Chance.of(7, ""), FlowRunSpec()).prepared(Entry(FlowRunSpec(), "old"))
    (notified,) = flow_run.tell("0.0", BEGIN, passage)
    ended = contents(tell("identity_run", {"predecessor": "old"}, passage=passage))[1]
    assert ended["predecessors"][0]["flowRunId"] == notified.notification.content["id"]
    assert ended["predecessors"][0]["flowId"] == notified.notification.content["flowId"]


def test_a_destination_activates_the_segment_of_a_job() -> None:
    passage = Passage()
    job = contents(tell("segment_job", {}, label="loyal", passage=passage))[1]
    started, ended = contents(
        tell("destination_run", {"segment_of": "loyal"}, label="blob", passage=passage)
    )
    segment = job["metrics"]["recordSummary"]["targetSummaries"][0]["entitySummaries"][0]["id"]
    assert started["providerRefId"] == segment
    assert segment in str(ended["metrics"]["recordSummary"])


def test_runs_of_two_families_differ_although_they_share_a_label() -> None:
    job, run = (
        contents(tell(name, {}, label="same"))[0] for name in ("segment_job", "destination_run")
    )
    assert job["id"] != run["id"]
    assert job["etag"] != run["etag"]


def test_a_predecessor_that_no_entry_has_is_a_mistake() -> None:
    with pytest.raises(ScenarioError, match="members"):
        tell("identity_run", {"predecessor": "members"})


@for_each("name", [*THRESHOLDS, "query_run"])
def test_all_events_of_a_run_name_the_same_run_and_flow(name: str) -> None:
    told = contents(tell(name, {"lasts": "6h"}))
    runs = {each.get("flowRunId", each["id"]) for each in told}
    shared = ("flowId", "imsOrgId", "sandboxId")
    assert len(runs) == 1
    assert all(len({each[key] for each in told}) == 1 for key in shared)


@for_each("name", [*THRESHOLDS, "query_run"])
def test_entries_with_a_label_tell_of_the_same_run(name: str) -> None:
    first = contents(tell(name, {}, label="again"))
    assert first == contents(tell(name, {}, label="again"))
    assert first[0]["id"] != contents(tell(name, {}, label="other"))[0]["id"]


def test_a_source_run_with_the_label_of_a_flow_run_is_the_same_run() -> None:
    """Notifications of 2020 and alerts of 2023 about one run name the same run."""
    passage = Passage()
    flow_run = FAMILY.teller(Chance.of(7, ""), FlowRunSpec()).prepared(
        Entry(FlowRunSpec(), "members")
    )
    (notified,) = flow_run.tell("0.0", BEGIN, passage)
    started = contents(tell("source_run", {}, label="members"))[0]
    assert started["id"] == notified.notification.content["id"]


@for_each(
    ("name", "old", "new"),
    [
        ("identity_run", "uis_batch_flow_run_delay", "identity_service_batch_flow_run_delay"),
        ("profile_run", "ups_batch_flow_run_delay", "profile_batch_flow_run_delay"),
        ("segment_job", "ups_export_flow_run_delay", "profile_export_flow_run_delay"),
        ("destination_run", "destinations_flow_run_delay", "destinations_flow_run_delay"),
    ],
)
def test_the_edition_decides_the_names_of_rules(name: str, old: str, new: str) -> None:
    names = [
        _alerts(tell(name, {"lasts": "6h", "edition": edition}))[0].notification.content["name"]
        for edition in (2023, 2025)
    ]
    assert names == [old, new]


@pytest.mark.parametrize(("edition", "minutes"), [(2023, 150), (2025, 300)])
def test_the_edition_decides_when_a_destination_is_late(edition: int, minutes: int) -> None:
    told = tell("destination_run", {"lasts": "6h", "edition": edition})
    assert _minutes(_alerts(told))[0] == minutes
    assert f"more than {minutes} minutes" in contents(_alerts(told))[0]["message"]


@pytest.mark.parametrize(
    ("name", "flow", "activity"),
    [
        ("identity_run", "Datalake to UIS Flow", "UIS Batch Activity"),
        ("profile_run", "Datalake to UPS Flow", "UPS Batch Activity"),
        ("segment_job", "UPS Segmentation Flow", "UPS Batch Segmentation Activity"),
    ],
)
def test_the_edition_of_2023_names_flows_and_activities(
    name: str, flow: str, activity: str
) -> None:
    ended = contents(tell(name, {"edition": 2023}))[1]
    assert (ended["flowName"], ended["activities"][0]["name"]) == (flow, activity)


@for_each("name", [*THRESHOLDS, "query_run", "audit_event"])
def test_header_and_alert_name_can_be_switched(name: str) -> None:
    late = {} if name == "audit_event" else {"lasts": "6h"}
    for content in contents(tell(name, {**late, "header": "absent", "alert_name": "present"})):
        assert "header" not in content
        assert list(content)[-1] == "alertName"
    for content in contents(tell(name, late)):
        assert "alertName" not in content


@for_each("name", [*THRESHOLDS, "query_run"])
def test_a_silent_start_has_no_event(name: str) -> None:
    (only,) = tell(name, {"starts": "silent"})
    assert "durationSummary" in only.notification.content["metrics"]


def test_a_failure_of_identity_service_is_not_made_up() -> None:
    with pytest.raises(ValidationError, match="success"):
        tell("identity_run", {"outcome": "failed"})


@for_each(
    ("asset", "action"),
    [*product(("Audience", "Dataset", "Schema"), ("Create", "Update", "Delete"))],
)
def test_an_audit_event_follows_each_of_the_nine_rules(asset: str, action: str) -> None:
    (content,) = contents(tell("audit_event", {"asset": asset, "action": action}))
    payload = content["payload"]
    assert (payload["assetType"], payload["action"]) == (asset, action)
    assert payload["timestamp"] == str(instant.to_ms(BEGIN))


def test_later_audit_events_can_be_about_the_same_asset() -> None:
    passage = Passage()
    (made,) = contents(
        tell("audit_event", {"asset": "Schema", "asset_name": "x"}, label="s", passage=passage)
    )
    (changed,) = contents(
        tell("audit_event", {"asset_of": "s", "action": "Update"}, passage=passage)
    )
    assert changed["id"] != made["id"]
    for key in ("assetId", "assetType", "assetName"):
        assert changed["payload"][key] == made["payload"][key]


def test_a_line_says_which_flow_and_how_it_is() -> None:
    found = family("segment_job")
    lines = [found.line(each) for each in contents(tell("segment_job", {"lasts": "3h"}))]
    assert lines == [
        "Profile Segmentation Flow: inProgress",
        "profile_export_flow_run_delay: FIRING",
        "Profile Segmentation Flow: success",
        "profile_export_flow_run_delay: INACTIVE",
    ]
