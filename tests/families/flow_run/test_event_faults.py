"""Faults of events about flow runs: further events, other codes, another envelope."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from ...faults.way import KINDS, NAMES, events_of, run_of, way_of, ways_of

HOUR = timedelta(hours=1)


def test_a_late_start_is_about_the_same_run_before_its_end() -> None:
    (before,) = events_of()
    end, start = way_of([before], "late-start").events
    assert (end.id, start.id != end.id) == (before.id, True)
    assert start.time - end.time == timedelta(minutes=1)
    assert start.notification.event_code == "source_flow_run_info"
    run = run_of(start)
    assert run["id"] == run_of(end)["id"]
    assert run["updatedAt"] == run["createdAt"]
    assert written_s(run) == run["createdAt"] // 1000
    assert (run["metrics"], run["activities"]) == (
        {"statusSummary": {"status": "inProgress"}},
        [],
    )
    printed = json.dumps(start.notification.content)
    assert '"source_flow_run_info"' in printed
    assert before.notification.event_code not in printed


def written_s(run: Any) -> int:
    """Return the second of the last write, which the etag of a run holds."""
    return int(run["etag"][-13:-5], 16)


@pytest.mark.parametrize(
    ("kind", "status"), [("success", "failed"), ("copy", "success"), ("promotion", "success")]
)
def test_a_revised_run_ends_the_other_way_later(kind: str, status: str) -> None:
    first, second = way_of(events_of(kind), "revised").events
    one, two = run_of(first), run_of(second)
    assert (two["id"], two["flowId"]) == (one["id"], one["flowId"])
    assert two["metrics"]["statusSummary"]["status"] == status
    assert two["updatedAt"] - one["updatedAt"] == 3_600_000
    assert written_s(two) - written_s(one) == 3600
    assert (second.time - first.time, second.id != first.id) == (HOUR, True)


def test_a_later_event_is_delivered_among_the_events_of_its_time() -> None:
    way = way_of(events_of("cloudevents"), ("revised", "90m"))
    times = [event.time for event in way.events]
    assert len(times) == 6
    assert times == sorted(times)
    assert [each.due for each in way.deliveries] == times


def test_codes_of_2023_are_one_for_successes_and_one_for_failures() -> None:
    for kind, code in (("success", "info"), ("copy", "error"), ("promotion", "error")):
        way = way_of(events_of(kind), "codes-of-2023")
        assert way.headers[0]["x-adobe-event-code"] == f"source_flow_run_{code}"
    header = run_of(way_of(events_of(), "codes-of-2023").events[0])["header"]["_adobeio"]
    assert header["eventCode"] == "source_flow_run_info"
    assert header["providerMetadata"] == "aep_observability_catalog_events"


@pytest.mark.parametrize("kind", KINDS)
def test_a_flat_run_is_beside_the_ids_without_an_envelope(kind: str) -> None:
    for way in ways_of(kind, "flat-run"):
        flat = way.element
        assert set(flat) >= NAMES
        assert {"flowId", "metrics", "activities"} <= set(flat)
        assert not {"event", "data", "messages"} & set(flat)
