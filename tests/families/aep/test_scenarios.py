"""The shipped scenarios about Experience Platform show what their descriptions promise."""

from __future__ import annotations

from typing import Any

from flowsim.families import registry
from flowsim.scenario.files import shipped
from flowsim.story.opening import open_story

from .reading import NAMES


def _told(name: str) -> list[tuple[str, dict[str, Any]]]:
    """Return code and content of the events of a shipped scenario, in order."""
    events = open_story(str(shipped()[name])).events()
    return [(each.notification.event_code, each.notification.content) for each in events]


def test_a_day_of_the_platform_has_all_codes_of_alerts() -> None:
    codes = {code for name in NAMES for code in registry.shipped()[name].codes}
    assert {code for code, _ in _told("platform-day")} == codes - {"audit_events_info"}


def test_loads_of_the_day_name_the_source_runs_before_them() -> None:
    told = [content for _, content in _told("platform-day")]
    sources = [each["id"] for each in told if "Copy Activity" in str(each)]
    loads = [each for each in told if "predecessors" in each]
    assert len(loads) == 4
    for each in loads:
        (before,) = each["predecessors"]
        assert before["flowRunId"] in sources


def test_destinations_of_the_day_get_the_segment_of_the_job() -> None:
    told = [content for _, content in _told("platform-day")]
    job = next(each for each in told if "Batch Segmentation Activity" in str(each))
    segment = job["metrics"]["recordSummary"]["targetSummaries"][0]["entitySummaries"][0]["id"]
    exported = next(each for each in told if each.get("flowName") == "loyal-members-blob")
    assert exported["providerRefId"] == segment


def test_a_late_segment_job_fires_and_resolves() -> None:
    states = [
        content.get("status") or content["metrics"]["statusSummary"]["status"]
        for _, content in _told("segment-job-late")
    ]
    assert states == ["inProgress", "FIRING", "success", "INACTIVE"]


def test_an_audit_trail_follows_three_assets_to_their_end() -> None:
    payloads = [content["payload"] for _, content in _told("audit-trail")]
    actions: dict[str, list[str]] = {}
    for each in payloads:
        actions.setdefault(each["assetId"], []).append(each["action"])
    assert list(actions.values()) == [["Create", "Update", "Delete"]] * 3
    assert len({each["requestId"] for each in payloads}) == len(payloads)
