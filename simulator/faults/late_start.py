"""The start of the run is told a minute after its end.

The notification of the start has an event id of its own, the status inProgress and no activities
(1.3). Trap 18 of flow-run-payloads.md 7.4. Mistake 49 of io-events-protocol.md 10.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from ..core.event import Event
from ..core.fault import Fault
from ._clones import renewed_id
from ._edit import as_object

CODE = "source_flow_run_info"
"""The only event code that announces a start (1.3)."""

PROVES = "a run that has ended stays so, whatever arrives later about its past"
EXPECT = "delivered"
ABOUT_RUNS = True


def on_story(events: tuple[Event, ...], fault: Fault) -> tuple[Event, ...]:
    end = events[0]
    start = replace(
        end,
        id=renewed_id(end, fault.name),
        time=end.time + timedelta(minutes=1),
        notification=replace(end.notification.with_run(_started), event_code=CODE),
    )
    return (*events, start)


def _started(entity: Any) -> Any:
    entity = as_object(entity)
    metrics = {"statusSummary": {"status": "inProgress"}}
    changed = {**entity, "updatedAt": entity.get("createdAt"), "metrics": metrics}
    return {**changed, "activities": []}
