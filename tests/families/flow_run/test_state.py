"""What an event says about a run, however faults have written it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given

from flowsim.core.event import Notification
from flowsim.families.entities import RunState
from flowsim.families.registry import shipped
from flowsim.files.document import Document
from flowsim.story.opening import story_of

from ...cases import for_each
from ...strategies import JSON

FLOW_RUN = shipped()["flow_run"]
PARTIAL = {"records": {"input": 1000, "failed": 30}, "partial_ingestion_percent": 5}


def states(*faults: Any, **said: Any) -> list[RunState | None]:
    """Return what the events of a run say with some faults; the seed is always the same."""
    event = {"flow_run": {**PARTIAL, **said}, "faults": list(faults)}
    content = {"seed": 7, "at": "2026-01-15T09:30:00Z", "events": [event]}
    payloads = story_of("here", Document("here", content)).payloads()
    events = [each for payload in payloads for each in payload.events]
    return [FLOW_RUN.state_of(each.notification) for each in events]


def truth() -> RunState:
    (found,) = states()
    assert found is not None
    return found


def test_a_run_has_the_status_counts_and_times_of_its_event() -> None:
    found = truth()
    assert (found.status, found.records, found.failed) == ("success", 1000, 30)
    assert found.started is not None
    assert found.ended is not None
    assert found.written is not None
    assert found.started < found.ended <= found.written


@for_each(
    "fault",
    [
        *("numbers-as-text", "iso-times", "flat-run", "other-root", "other-format", "odd-keys"),
        *("codes-of-2023", "activities-missing", "unknown-fields", "placeholders"),
        *({"batch": 2}, {"unknown-event-code": "source_flow_run_error"}),
    ],
)
def test_a_fault_of_the_form_changes_nothing_that_is_true(fault: Any) -> None:
    assert states(fault)[0] == truth()


def test_seconds_are_the_same_moment_as_milliseconds() -> None:
    (found,) = states("epoch-seconds")
    whole = truth()
    assert found == replace(whole, started=int(whole.started or 0), ended=int(whole.ended or 0))


def test_what_is_unknown_or_missing_is_not_said() -> None:
    (unknown,) = states("counts-unknown")
    assert unknown == replace(truth(), records=None, failed=None, unknown=("records", "failed"))
    (endless,) = states("end-missing")
    assert endless == replace(truth(), ended=None)
    (failed,) = states(status="failed", records={}, partial_ingestion_percent=None)
    assert failed is not None
    assert (failed.status, failed.records, failed.ended) == ("failed", None, None)


def test_a_late_start_was_written_before_the_end() -> None:
    end, start = states("late-start")
    assert end is not None
    assert start is not None
    assert (end.id, end.status, start.id, start.status) == (end.id, "success", end.id, "inProgress")
    assert (start.written or 0) < (end.written or 0)


def test_a_revised_end_was_written_after_the_first_one() -> None:
    first, second = states("revised")
    assert first is not None
    assert second is not None
    assert (first.status, second.status) == ("success", "failed")
    assert (first.written or 0) < (second.written or 0)


def test_other_events_are_about_no_run() -> None:
    notification = Notification("a_code", "event", {"id": "a", "metrics": {}})
    families, _ = shipped().readable()
    assert {family.state_of(notification) for family in families} == {None}


@given(JSON)
def test_any_content_of_a_run_can_be_read(content: Any) -> None:
    run = {"id": "a run", "flowId": "a flow", "updatedAt": content, "metrics": content}
    found = FLOW_RUN.state_of(Notification("a_code", "event", run))
    assert found is not None
    assert found.id == "a run"
    parts = dict.fromkeys(("statusSummary", "recordSummary", "durationSummary"), content)
    assert FLOW_RUN.state_of(Notification("a_code", "event", {**run, "metrics": parts}))
