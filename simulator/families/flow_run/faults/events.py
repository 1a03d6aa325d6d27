"""Faults of events about flow runs: further events, other codes, another envelope."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ....core.event import Event, Notification
from ....core.fault import Fault
from ....core.payload import Payload
from ....faults.edits import (
    EVENT_NAMES,
    RECIPIENT_NAMES,
    Json,
    as_object,
    replaced,
    with_elements,
    with_value,
)
from ....faults.fault_point import FaultPoint, duration
from ....faults.story import renewed_id

at_story = FaultPoint[tuple[Event, ...]]("story", "flow_run")
at_event = FaultPoint[Event]("event", "flow_run")
at_payload = FaultPoint[Payload]("payload", "flow_run")

_ETAG = re.compile(r'".*-[0-9a-f]{8}0000"')

_START_CODE = "source_flow_run_info"
"""The only event code that announces a start (1.3)."""


@at_story(proves="a run that has ended stays ended, even if its start arrives later")
def late_start(events: tuple[Event, ...], fault: Fault) -> tuple[Event, ...]:
    """The start of the run is reported a minute after its end.

    The notification of the start has an event id of its own, the status inProgress and no
    activities (1.3). Trap 18 of flow-run-payloads.md 7.4. Mistake 49 of io-events-protocol.md 10.
    """
    end = events[0]
    start = replace(
        end,
        id=renewed_id(end, fault.name),
        time=end.time + timedelta(minutes=1),
        notification=_start(end.notification),
    )
    return (*events, start)


def _start(end: Notification) -> Notification:
    """Return the notification of the start of a run, made from that of its end."""
    content = replaced(end.content, {end.event_code: _START_CODE})
    return replace(end, event_code=_START_CODE, content=content).with_run(_started)


def _started(entity: Any) -> Any:
    """Return the run entity as it was when the run was created."""
    metrics = {"statusSummary": {"status": "inProgress"}}
    created = _written_at(entity, as_object(entity).get("createdAt"))
    return {**created, "metrics": metrics, "activities": []}


@at_story(proves="the latest state of a run replaces the earlier one", argument=duration("1h"))
def revised(events: tuple[Event, ...], fault: Fault) -> tuple[Event, ...]:
    """Another event reports, some time later, that the run ended with another result.

    A run can be triggered again, so its status can change after the first end. Trap 19 of
    flow-run-payloads.md 7.4.
    """
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
        entity = _written_at(entity, updated + later // timedelta(milliseconds=1))
    return with_value(entity, ("metrics", "statusSummary"), {"status": after})


@at_event(proves="the status of a run is read from the payload, never from the event code")
def codes_of_2023(event: Event, _: Fault) -> Event:
    """The event has a code of 2023: one code for good news, and one for bad news.

    source_flow_run_info reports starts and successes, source_flow_run_error reports failures. The
    provider is aep_observability_catalog_events (1.3, 1.6). Traps 3 and 4 of flow-run-payloads.md
    7.4.
    """
    before = event.notification
    code = f"source_flow_run_{'error' if before.member == 'messages' else 'info'}"
    table = {before.event_code: code, "platform_notifications": "aep_observability_catalog_events"}
    content = replaced(before.content, table)
    return replace(event, notification=replace(before, event_code=code, content=content))


@at_payload(proves="a run is found in every form of envelope, and without one")
def flat_run(payload: Payload, _: Fault) -> Payload:
    """The run has no envelope. It is directly beside the ids.

    The alerts of 2023 have this form (1.3). Trap 2 of flow-run-payloads.md 7.4.
    """
    return with_elements(payload, _flat)


def _flat(element: Json) -> Json:
    held = element.get("event", element.get("data", element))
    messages = as_object(held).get("messages")
    entity = as_object(messages[0]).get("value") if messages else held
    ids = {name: element[name] for name in (*EVENT_NAMES, *RECIPIENT_NAMES) if name in element}
    return {**ids, **as_object(entity)}


def _written_at(entity: Any, moment_ms: Any) -> Json:
    """Return a run entity that was last written at a moment (flow-run-payloads.md 7.2).

    If the moment is not a whole number, only ``updatedAt`` is changed.
    """
    written: Json = {**as_object(entity), "updatedAt": moment_ms}
    tag = written.get("etag")
    if type(moment_ms) is int and isinstance(tag, str) and _ETAG.fullmatch(tag):
        written["etag"] = f'{tag[:-13]}{moment_ms // 1000:08x}0000"'
    return written
