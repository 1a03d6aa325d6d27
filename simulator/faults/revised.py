"""The run is told to have ended otherwise, in another event some time later.

A run can be triggered again, and its status change after the first end. Trap 19 of
flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from ..core.event import Event
from ..core.fault import Fault
from ._argument import duration
from ._clones import renewed_id
from ._edit import as_object, with_value, written_at

PROVES = "the latest state of a run replaces the earlier one"
EXPECT = "delivered"
ABOUT_RUNS = True
ARGUMENT = duration("1h")


def on_story(events: tuple[Event, ...], fault: Fault) -> tuple[Event, ...]:
    first = events[0]
    later = timedelta(seconds=fault.argument)
    second = replace(
        first,
        id=renewed_id(first, fault.name),
        time=first.time + later,
        notification=first.notification.with_run(lambda entity: _revised(entity, later)),
    )
    return (*events, second)


def _revised(entity: Any, later: timedelta) -> Any:
    entity = as_object(entity)
    before = as_object(as_object(entity.get("metrics")).get("statusSummary")).get("status")
    after = "success" if before == "failed" else "failed"
    updated = entity.get("updatedAt")
    if isinstance(updated, int):
        entity = written_at(entity, updated + later // timedelta(milliseconds=1))
    return with_value(entity, ("metrics", "statusSummary"), {"status": after})
