"""The event has the codes of 2023, one for all good news and one for all bad.

source_flow_run_info tells about starts and successes, source_flow_run_error about failures; the
provider is aep_observability_catalog_events (1.3, 1.6). Traps 3 and 4 of flow-run-payloads.md
7.4.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.event import Event
from ..core.fault import Fault
from ._edit import replaced

PROVES = "the run status is read from the payload, never from the event code"
EXPECT = "delivered"
ABOUT_RUNS = True


def on_event(event: Event, _: Fault) -> Event:
    told = event.notification
    code = f"source_flow_run_{'error' if told.member == 'messages' else 'info'}"
    table = {told.event_code: code, "platform_notifications": "aep_observability_catalog_events"}
    content = replaced(told.content, table)
    return replace(event, notification=replace(told, event_code=code, content=content))
