"""Faults that make several events of one, and those that give it another code."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from flowsim.bootstrap import open_story
from flowsim.core.amendment import Change

from .life import element, live, run_of, told

HOUR = timedelta(hours=1)


def test_a_burst_is_of_different_events_about_different_runs_at_one_moment() -> None:
    (before,) = told()
    life = live([before], ("burst", 50))
    assert life.events[0].id == before.id
    assert len({event.id for event in life.events}) == 50
    assert len({run_of(event)["id"] for event in life.events}) == 50
    assert {event.time for event in life.events} == {before.time}
    assert len(life.deliveries) == 50


def test_every_event_of_a_burst_suffers_its_other_faults_with_chance_of_its_own() -> None:
    life = live(told(), ("burst", 5), "foreign-recipient")
    clients = {json.loads(each.body)["recipientclientid"] for each in life.payloads}
    assert len(clients) == 5


def test_a_start_that_comes_late_tells_of_the_same_run_before_it_ended() -> None:
    (before,) = told()
    end, start = live([before], "late-start").events
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
    """Return the second of the last write that the etag of a run holds."""
    return int(run["etag"][-13:-5], 16)


@pytest.mark.parametrize(
    ("kind", "status"), [("success", "failed"), ("copy", "success"), ("promotion", "success")]
)
def test_a_revised_run_ends_the_other_way_later(kind: str, status: str) -> None:
    first, second = live(told(kind), "revised").events
    one, two = run_of(first), run_of(second)
    assert (two["id"], two["flowId"]) == (one["id"], one["flowId"])
    assert two["metrics"]["statusSummary"]["status"] == status
    assert two["updatedAt"] - one["updatedAt"] == 3_600_000
    assert written_s(two) - written_s(one) == 3600
    assert (second.time - first.time, second.id != first.id) == (HOUR, True)


def test_what_comes_later_is_told_among_the_events_of_its_time() -> None:
    life = live(told("cloudevents"), ("revised", "90m"))
    times = [event.time for event in life.events]
    assert len(times) == 6
    assert times == sorted(times)
    assert [each.due for each in life.deliveries] == times


def test_fresh_stories_have_fresh_ids_for_events_that_faults_add() -> None:
    change = [Change("faults", ["burst", "late-start", "revised"], "a test")]
    once, again = (
        {event.id for event in open_story("partial", change, fresh=fresh).events()}
        for fresh in (False, True)
    )
    assert len(once) == len(again) == 22
    assert not once & again


def test_the_codes_of_2023_are_one_for_good_news_and_one_for_bad() -> None:
    for kind, code in (("success", "info"), ("copy", "error"), ("promotion", "error")):
        life = live(told(kind), "codes-of-2023")
        assert life.headers[0]["x-adobe-event-code"] == f"source_flow_run_{code}"
    header = run_of(live(told(), "codes-of-2023").events[0])["header"]["_adobeio"]
    assert header["eventCode"] == "source_flow_run_info"
    assert header["providerMetadata"] == "aep_observability_catalog_events"


def test_another_code_stands_wherever_the_event_has_its_code() -> None:
    life = live(told("copy"), ("unknown-event-code", "sources_flow_run_failure"))
    assert life.headers[0]["x-adobe-event-code"] == "sources_flow_run_failure"
    message = element(life)["messages"][0]
    assert message["_eventNotificationMeta"]["type"] == "sources_flow_run_failure"
    assert b"sources_flow_run_failed" not in life.payloads[0].body
