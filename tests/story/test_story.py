"""The events of a story: when, how often, and what they have in common."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.core.event import Event
from flowsim.files.document import Document
from flowsim.story import opening as bootstrap
from flowsim.story.story import Story

AT = "2026-01-15T09:30:00Z"
Json = dict[str, Any]


def story_of(scenario: Mapping[str, Any], **options: Any) -> Story:
    """Return the story of a scenario, as if a file held it."""
    document = Document("scenario.yaml", json.loads(json.dumps(scenario)))
    return bootstrap.story_of("scenario.yaml", document, **options)


def events_of(*events: Mapping[str, Any], passes: int = 1, **scenario: Any) -> list[Event]:
    """Return the events of a scenario with these entries; seed and beginning are fixed."""
    whole = {"seed": 7, "at": AT, **scenario, "events": list(events)}
    return list(story_of(whole, passes=passes).events())


def run_of(event: Event) -> Json:
    """Return the run entity of an event, of either shape."""
    content = event.notification.content
    run: Json = content if event.notification.member == "event" else content[0]["value"]
    return run


def minutes(events: list[Event]) -> list[float]:
    return [(event.time - events[0].time) / timedelta(minutes=1) for event in events]


def test_repeat_makes_as_many_different_runs() -> None:
    events = events_of({"flow_run": {}, "repeat": 3}, {"flow_run": {}})
    assert len({run_of(event)["id"] for event in events}) == 4
    assert len({run_of(event)["providerRefId"] for event in events}) == 4


def test_after_is_story_time_since_the_last_event_also_between_repetitions() -> None:
    events = events_of(
        {"flow_run": {}},
        {"flow_run": {}, "after": "90s", "repeat": 3},
        {"payload": 1},
        {"payload": 2, "after": "1h"},
    )
    assert minutes(events) == [0, 1.5, 3, 4.5, 4.5, 64.5]


def test_the_story_begins_at_the_stated_moment() -> None:
    (event,) = events_of({"payload": 1}, at="2026-01-15T11:30:00.25+02:00")
    assert event.time.isoformat() == "2026-01-15T09:30:00.250000+00:00"


def test_events_with_the_same_label_are_about_one_run() -> None:
    """The run is created once; each notification has a later last write."""
    first, other, second = events_of(
        {"flow_run": {"status": "failed", "stage": "copy"}, "run": "a"},
        {"flow_run": {}, "run": "b", "after": "2m"},
        {"flow_run": {"status": "failed", "stage": "copy"}, "run": "a", "after": "3m"},
    )
    one, two = run_of(first), run_of(second)
    changed = {name for name in one if one[name] != two[name]}
    assert changed == {"updatedAt", "etag"}
    assert two["updatedAt"] - one["updatedAt"] == 5 * 60_000
    assert run_of(other)["id"] != one["id"]
    assert len({first.id, second.id}) == 2


ENDS: list[Json] = [
    {},
    {"status": "failed", "stage": "copy"},
    {"status": "failed", "stage": "promotion"},
    {"records": {"input": 0}},
    {"records": {"input": 100, "failed": 3}, "partial_ingestion_percent": 5},
]


def span_of(run: Json) -> tuple[int, int]:
    """Return when a run began, and when its last activity ended."""
    last = run["activities"][-1]["durationSummary"]["completedAtUTC"]
    return run["metrics"]["durationSummary"]["startedAtUTC"], last


def beginnings(runs: list[Json]) -> dict[str, set[int]]:
    """Return when each activity began, as each notification says."""
    found: dict[str, set[int]] = {}
    for each in (activity for run in runs for activity in run["activities"]):
        found.setdefault(each["id"], set()).add(each["durationSummary"]["startedAtUTC"])
    return found


@given(
    st.lists(st.sampled_from(ENDS), min_size=2, max_size=5),
    st.lists(st.sampled_from(["0s", "30s", "1m", "1h"]), min_size=5, max_size=5),
    st.integers(0, 10**9),
)
@settings(max_examples=60, deadline=None)
def test_a_run_begins_once_even_if_it_ends_often(
    ends: list[Json], pauses: list[str], seed: int
) -> None:
    """It is created once; later notifications give it a later end.

    The start of an activity does not move, and its batch stays the same.
    """
    entries = [
        {"flow_run": end, "run": "a", "after": pause}
        for end, pause in zip(ends, pauses, strict=False)
    ]
    runs = [*map(run_of, events_of(*entries, seed=seed))]
    for name in ("id", "createdAt"):
        assert len({run[name] for run in runs}) == 1
    spans = [*map(span_of, runs)]
    assert len({started for started, _ in spans}) == 1
    assert sorted(spans) == spans or "0s" in pauses[: len(ends)]
    assert runs[0]["createdAt"] >= spans[0][0]
    for run, (_, completed) in zip(runs, spans, strict=True):
        assert completed <= run["updatedAt"] >= run["createdAt"]
        assert all(each["updatedAtUTC"] <= run["updatedAt"] for each in run["activities"])
    assert {name for name, moments in beginnings(runs).items() if len(moments) > 1} == set()
    targets = (
        each["targetInfo"]
        for run in runs
        for each in run["activities"][-1:]
        if "targetInfo" in each
    )
    assert len({id_ for each in targets for id_ in each[0]["reference"]["ids"]}) <= 1


def test_a_promotion_keeps_its_start_if_it_fails_after_a_success() -> None:
    """The run began with the copy, which is over: only the end of the promotion is new."""
    done, failed = map(
        run_of,
        events_of(
            {"flow_run": {}, "run": "a"},
            {"flow_run": {"status": "failed", "stage": "promotion"}, "run": "a", "after": "1h"},
        ),
    )
    (promotion,) = failed["activities"]
    before = done["activities"][1]["durationSummary"]
    assert promotion["durationSummary"]["startedAtUTC"] == before["startedAtUTC"]
    assert promotion["durationSummary"]["completedAtUTC"] > before["completedAtUTC"]
    begin = done["activities"][0]["durationSummary"]["startedAtUTC"]
    assert failed["metrics"]["durationSummary"] == {"startedAtUTC": begin}
    assert begin < before["startedAtUTC"]


def test_a_run_that_ends_differently_later_went_on_until_then() -> None:
    failed, mended, again = map(
        run_of,
        events_of(
            {"flow_run": {"status": "failed", "stage": "copy"}, "run": "a"},
            {"flow_run": {}, "run": "a", "after": "1h"},
            {"flow_run": {}, "run": "a", "after": "1h"},
        ),
    )
    (_, first), (_, second), (_, third) = map(span_of, (failed, mended, again))
    assert 3_570_000 < second - first < 3_630_000
    assert third == second
    assert again["updatedAt"] - mended["updatedAt"] == 3_600_000


def test_a_stated_duration_counts_from_the_beginning_of_the_run() -> None:
    short, long = map(
        run_of,
        events_of(
            {"flow_run": {"duration": "1m"}, "run": "a"},
            {"flow_run": {"duration": "10m"}, "run": "a", "after": "1h"},
        ),
    )
    (begin, first), (_, second) = map(span_of, (short, long))
    assert (first - begin, second - begin) == (60_000, 600_000)
    assert all(len(moments) == 1 for moments in beginnings([short, long]).values())


def test_a_label_is_never_the_name_of_a_run_without_one() -> None:
    labels = ["0.0", "1.0", "2.0", "0.0.1", "run/0.0"]
    labelled = [{"flow_run": {}, "run": label} for label in labels]
    events = events_of({"flow_run": {}}, *labelled, {"flow_run": {}}, passes=2)
    assert len({run_of(event)["id"] for event in events}) == len(events)


def test_all_runs_share_one_flow_unless_stated_otherwise() -> None:
    events = events_of(
        {"flow_run": {}, "repeat": 2},
        {"flow_run": {"records": {"input": 10, "failed": 1}}},
        {"flow_run": {"status": "failed", "stage": "copy"}},
    )
    for name in ("flowId", "imsOrgId", "sandboxId", "sandboxName", "createdBy"):
        assert len({run_of(event)[name] for event in events}) == 1


@pytest.mark.parametrize(
    "other",
    [{"source": "mysql"}, {"name": "Orders"}, {"id": "0d6a6a2f-aaaa-4bbb-8ccc-1234567890ab"}],
)
def test_another_source_name_or_id_is_another_flow(other: Json) -> None:
    first, second, again = map(run_of, events_of({"flow_run": {}}, *[{"flow_run": other}] * 2))
    assert first["flowId"] != second["flowId"]
    assert again["flowId"] == second["flowId"]
    assert first["imsOrgId"] == second["imsOrgId"]


def test_each_pass_begins_where_the_last_ended_with_new_runs() -> None:
    events = events_of({"flow_run": {}, "run": "a"}, {"flow_run": {}, "after": "10m"}, passes=3)
    assert minutes(events) == [0, 10, 10, 20, 20, 30]
    assert len({run_of(event)["id"] for event in events}) == 6


def test_the_number_of_passes_does_not_change_the_first_pass() -> None:
    entries = [{"flow_run": {}, "repeat": 2}, {"payload": {"a": 1}, "after": "1m"}]
    assert events_of(*entries, passes=4)[:3] == events_of(*entries)


ENTRIES = st.lists(
    st.one_of(
        st.builds(lambda repeat: {"flow_run": {}, "repeat": repeat}, st.integers(1, 12)),
        st.builds(lambda repeat: {"payload": 1, "repeat": repeat}, st.integers(1, 12)),
        st.builds(lambda label: {"flow_run": {}, "run": label}, st.sampled_from("ab")),
    ),
    min_size=1,
    max_size=12,
)


@given(ENTRIES, st.integers(1, 12))
@settings(max_examples=50, deadline=None)
def test_event_ids_are_unique_in_any_story(entries: list[Json], passes: int) -> None:
    events = events_of(*entries, passes=passes)
    assert len({event.id for event in events}) == len(events)
    assert len({event.id for event in events} | {event.cloud_id for event in events}) == 2 * len(
        events
    )


def test_a_stated_event_id_is_used_in_the_first_pass_only() -> None:
    """Later passes have new ids, so a consumer processes them."""
    events = events_of({"payload": 1, "event_id": "mine"}, {"payload": 2}, passes=3)
    assert events[0].id == "mine"
    assert len({event.id for event in events}) == 6


def test_editing_one_event_leaves_the_runs_of_the_others_as_they_were() -> None:
    """The values of a run follow from the position of its event, not from other events."""
    before = events_of(
        {"flow_run": {}, "repeat": 2}, {"flow_run": {}, "run": "a"}, {"flow_run": {}}
    )
    edited = {"status": "failed", "stage": "promotion", "errors": ["133"]}
    after = events_of(
        {"flow_run": edited, "repeat": 3}, {"flow_run": {}, "run": "a"}, {"flow_run": {}}
    )
    assert [run_of(event) for event in after[-2:]] == [run_of(event) for event in before[-2:]]


def test_stating_one_value_leaves_the_generated_ones_as_they_were() -> None:
    (plain,) = map(run_of, events_of({"flow_run": {}}))
    (stated,) = map(run_of, events_of({"flow_run": {"files": {"input": 17, "output": 3}}}))
    for run in (plain, stated):
        for each in (run["metrics"], *run["activities"]):
            each["fileSummary"].pop("inputFileCount")
            each["fileSummary"].pop("outputFileCount")
    assert stated == plain


def test_an_edited_story_has_new_event_ids_with_the_same_seed() -> None:
    one = events_of({"flow_run": {"records": {"input": 10}}})
    other = events_of({"flow_run": {"records": {"input": 11}}})
    assert one[0].id != other[0].id


def test_the_event_code_follows_from_the_run_unless_stated() -> None:
    events = events_of(
        {"flow_run": {}},
        {"flow_run": {"status": "failed"}},
        {"flow_run": {}, "event_code": "my_code"},
        {"payload": 1, "event_code": "my_code"},
    )
    codes = [event.notification.event_code for event in events]
    assert codes == ["sources_flow_run_success", "sources_flow_run_failed", "my_code", "my_code"]


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text("aé\U0001f680"), st.lists))
@settings(max_examples=30, deadline=None)
def test_a_stated_payload_replaces_the_notification(payload: object) -> None:
    (event,) = events_of({"payload": payload})
    assert (event.notification.member, event.notification.content) == ("event", payload)


def test_what_an_entry_says_acts_on_each_of_its_events() -> None:
    """There are four: start, alert, end, and the end of the alert; only runs have ``header``."""
    said = {"override": {"extra": 1, "header": None}, "expect": 204, "event_code": "other"}
    plain = events_of({"segment_job": {"lasts": "3h"}})
    changed = events_of({"segment_job": {"lasts": "3h"}, **said, "faults": ["duplicate"]})
    one_each = {event.id: event for event in changed}.values()
    assert len(plain) == len(one_each) == 4
    assert {each.notification.event_code for each in one_each} == {"other"}
    assert {(each.expect, *(fault.name for fault in each.faults)) for each in one_each} == {
        (204, "duplicate")
    }
    contents = [each.notification.content for each in one_each]
    assert [(each["extra"], "header" in each) for each in contents] == [(1, False)] * 4
    assert ["header" in each.notification.content for each in plain] != [False] * 4


def test_each_event_says_what_is_expected_of_the_webhook() -> None:
    events = events_of(
        {"payload": 1}, {"payload": 1, "expect": "rejected"}, {"payload": 1, "expect": 418}
    )
    assert [event.expect for event in events] == ["delivered", "rejected", 418]
