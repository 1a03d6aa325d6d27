"""Faults of the event and its code."""

from __future__ import annotations

from .way import events_of, way_of


def test_another_code_replaces_the_old_one_everywhere() -> None:
    way = way_of(events_of("copy"), ("unknown-event-code", "sources_flow_run_failure"))
    assert way.headers[0]["x-adobe-event-code"] == "sources_flow_run_failure"
    message = way.element["messages"][0]
    assert message["_eventNotificationMeta"]["type"] == "sources_flow_run_failure"
    assert b"sources_flow_run_failed" not in way.payloads[0].body
