"""The event has a code that is not documented.

The code stands in the header and wherever the body has it; an argument names another spelling.
Failures have three: sources_flow_run_failed, sources_flow_run_failure, source_flow_run_error.
Trap 3 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.event import Event
from ..core.fault import Fault
from ._argument import code
from ._edit import replaced

PROVES = "events of other kinds are acknowledged, or they would be retried for a day"
EXPECT = "delivered"
ARGUMENT = code("sources_flow_run_archived")


def on_event(event: Event, fault: Fault) -> Event:
    told = event.notification
    content = replaced(told.content, {told.event_code: fault.argument})
    return replace(event, notification=replace(told, event_code=fault.argument, content=content))
