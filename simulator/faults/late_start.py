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
from ..core.notification import Notification
from ._clones import renewed_id
from ._edit import as_object, replaced, written_at

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
        notification=_start(end.notification),
    )
    return (*events, start)


def _start(end: Notification) -> Notification:
    """Return the start of a run that a notification says the end of; both say the code."""
    content = replaced(end.content, {end.event_code: CODE})
    return replace(end, event_code=CODE, content=content).with_run(_started)


def _started(entity: Any) -> Any:
    """Return a run as it was when it was created, and not written since."""
    metrics = {"statusSummary": {"status": "inProgress"}}
    created = written_at(entity, as_object(entity).get("createdAt"))
    return {**created, "metrics": metrics, "activities": []}
