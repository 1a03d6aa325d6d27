"""What an event says in a line: of content and bodies that may be anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.core.printable import printable
from flowsim.families import registry
from flowsim.families.event_line import (
    LONGEST,
    batch_line,
    body_line,
    body_result,
    event_line,
    event_result,
    line_with_reason,
)
from flowsim.families.registry import Families
from flowsim.story.opening import open_story

from ..cases import for_each
from .own import own_families
from .told import CODES, events, family_of

SUCCESS = "sources_flow_run_success"
SAYS = "success, 30 of 1,000 records failed"


@pytest.fixture
def families(tmp_path: Path) -> Families:
    return registry.with_folders((own_families(tmp_path),))


@for_each("delivery_format", ["adobe_io", "cloud_events"])
@for_each(
    ("scenario", "code", "said"),
    [("partial", SUCCESS, SAYS), ("failure-copy", "sources_flow_run_failed", "failed")],
)
def test_each_delivery_format_says_the_same(
    scenario: str, code: str, said: str, delivery_format: str
) -> None:
    story = open_story(scenario)
    registration = story.scenario.registration.model_copy(
        update={"event_delivery_format": delivery_format}
    )
    changed = story.scenario.model_copy(update={"registration": registration})
    story = type(story)(**{**_fields(story), "scenario": changed})
    payload = next(story.payloads())
    assert body_line(registry.shipped(), code, payload.body) == said


def _fields(story: Any) -> dict[str, Any]:
    return {name: getattr(story, name) for name in story.__dataclass_fields__}


def test_own_families_say_their_own_line(families: Families) -> None:
    body = json.dumps({"event": {"state": "done"}}).encode()
    assert body_line(families, "job_state", body) == "done"
    assert event_line(families, "order.placed", {"number": 7}) == "order 7"
    assert body_line(registry.shipped(), "job_state", body) == "state done"


@for_each(
    ("scenario", "why"),
    [
        ("partial", ""),
        ("failure-copy", "CONNECTOR-1001-500"),
        ("failure-promotion", "CONNECTOR-2001-500"),
        ("partial-at-threshold", "51 records failed, INGEST-1555-400"),
    ],
)
def test_a_failed_run_is_told_with_its_reason(scenario: str, why: str) -> None:
    *_, last = open_story(scenario).events()
    said = last.notification
    line = event_line(registry.shipped(), last.code, said.content)
    told = line_with_reason(registry.shipped(), last.code, said.content)
    assert told == (f"{line}, {why}" if why else line)


def test_a_batch_says_its_first_event_and_counts_the_others() -> None:
    body = next(open_story("batch").payloads()).body
    assert body_line(registry.shipped(), SUCCESS, body) == "success, and 19 more"


@for_each(
    ("results", "line"),
    [
        (["success"], "it"),
        (["failed"], "it"),
        (["success", "success", ""], "it, and 2 more"),
        (["", ""], "it, and 1 more"),
        (["success", "partial", "failed", "partial"], "2 partial, 1 failed of 4"),
        (["failed", "failed"], "2 failed of 2"),
    ],
)
def test_a_batch_counts_what_is_no_success(results: list[str], line: str) -> None:
    assert batch_line("it", results) == line


def test_a_line_is_short_and_printable(families: Families) -> None:
    status = {"metrics": {"statusSummary": {"status": "\x1b[2J" + "x" * 1000}}}
    said = event_line(families, SUCCESS, status)
    assert said.startswith("\\x1b[2Jxxx")
    assert len(said) == LONGEST


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
_WORDS = ["event", "data", "messages", "value", "metrics", "statusSummary", "status", "state"]
_WORDS += ["activities", "extensions", "errors", "recordCount"]
_LIKE = st.recursive(
    _JSON,
    lambda inner: st.dictionaries(st.sampled_from(_WORDS), inner) | st.lists(inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=40)
@given(_LIKE, st.sampled_from([SUCCESS, "sources_flow_run_failed", "unknown", ""]))
def test_any_content_says_something_short_or_nothing(content: Any, code: str) -> None:
    families = registry.shipped()
    body = json.dumps(content, allow_nan=True).encode("utf-8", "replace")
    lines = (event_line(families, code, content), line_with_reason(families, code, content))
    for said in (*lines, body_line(families, code, body)):
        assert said == printable(said)
        assert len(said) <= LONGEST + 30


def test_events_with_codes_of_your_own_say_their_first_members() -> None:
    families = registry.shipped()
    content = {"parcel": "4711", "at": {}, "weight_kg": 1.5}
    assert event_line(families, "com.example.parcel", content) == "parcel 4711, weight_kg 1.5"
    order = {"value": {"increment_id": "000000008", "state": "new"}}
    said = event_line(families, "com.adobe.commerce.my_app.observer.x", order)
    assert said.startswith("000000008")
    assert event_result(families, "com.example.parcel", content) == ""


@given(st.binary())
def test_a_body_that_is_not_json_says_nothing(body: bytes) -> None:
    assert body_line(registry.shipped(), SUCCESS, body) == ""


def test_the_family_of_a_shipped_code_is_known_before_all_are_read() -> None:
    families = registry.shipped()
    for code in families.event_codes():
        family = families.by_code(code)
        assert family is not None
        assert code in family.codes


RESULT_OF_STATUS = {"success": "success", "partialSuccess": "partial", "failed": "failed"}
PLATFORM = ("aep_observability_catalog_events", "platform_notifications")
RUNS = [
    code for code in CODES if family_of(code).provider.id in PLATFORM and code != "platform_event"
]
"""Event codes of Experience Platform whose events have a status in their metrics."""


@for_each("code", RUNS)
def test_the_result_of_a_told_event_is_that_of_its_status(code: str) -> None:
    """Starts, alerts and audit events say none: that a run is late is no failure."""
    for event in events(code):
        content = event.content[0]["value"] if isinstance(event.content, list) else event.content
        metrics = content.get("metrics", {})
        expected = RESULT_OF_STATUS.get(metrics.get("statusSummary", {}).get("status"), "")
        failed = metrics.get("recordSummary", {}).get("failedRecordCount", 0)
        if expected == "success" and failed:
            expected = "partial"
        assert family_of(code).result(event.content) == expected
        assert event_result(registry.shipped(), code, event.content) == expected


def test_a_success_with_failed_records_is_partial_and_a_batch_as_bad_as_its_worst() -> None:
    partial = next(open_story("partial").payloads()).body
    assert body_result(registry.shipped(), SUCCESS, partial) == "partial"
    failed, success = (
        {"event": {"metrics": {"statusSummary": {"status": each}}}}
        for each in ("failed", "success")
    )
    batch = json.dumps([success, failed, success]).encode()
    assert body_result(registry.shipped(), SUCCESS, batch) == "failed"
    assert body_result(registry.shipped(), SUCCESS, b"[") == ""
    assert body_result(registry.shipped(), "no.code", batch) == ""


@given(st.sampled_from(CODES), _LIKE)
def test_a_result_is_a_known_word_whatever_has_come(code: str, content: Any) -> None:
    assert family_of(code).result(content) in ("", "success", "partial", "failed")
