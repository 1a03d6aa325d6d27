"""Faults of the event and its code."""

from __future__ import annotations

from dataclasses import replace

from ..core.event import Event
from ..core.fault import Fault
from .edits import replaced
from .fault_point import FaultPoint, code

at_event = FaultPoint[Event]("event")


@at_event(
    proves="events of other kinds are answered with 2xx, so that they are not retried",
    argument=code("sources_flow_run_archived"),
)
def unknown_event_code(event: Event, fault: Fault) -> Event:
    """The event has a code that is not documented.

    The code is in the header and in every part of the body that has it. An argument names another
    code. Failures have three: sources_flow_run_failed, sources_flow_run_failure and
    source_flow_run_error. Trap 3 of flow-run-payloads.md 7.4.
    """
    before = event.notification
    content = replaced(before.content, {before.event_code: fault.argument})
    return replace(event, notification=replace(before, event_code=fault.argument, content=content))
