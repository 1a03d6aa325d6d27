"""The shape ``as-documented``: oddities of the two published samples.

Success: times in seconds, from eleven weeks before the run; an ``updatedAtUTC`` that is no time; a
promotion without start and without counts; placeholder references; an empty ``fileInfo``. Failure:
an empty ``fileInfo``, and a batch reference without ids (flow-run-payloads.md 1.1, 1.2, 7.4).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...core.event import Notification

STARTED_S = 1590512053
"""Start and end in every summary of the success sample, in seconds: 26 May 2020."""

UPDATED_AT = 87473822
"""``updatedAtUTC`` of the success sample, which is no plausible time in any unit."""

_NO_FILE_INFO = {"manifest": {"fileInfo": ""}}

Json = dict[str, Any]


def reshape(shape: str, notification: Notification) -> Notification:
    """Return a rendered notification in a shape: ``consistent`` or ``as-documented``."""
    return notification if shape == "consistent" else _as_documented(notification)


def _as_documented(notification: Notification) -> Notification:
    if notification.member == "event":
        content: Any = _success(notification.content)
    else:
        content = [
            {**message, "value": _failure(message["value"])} for message in notification.content
        ]
    return replace(notification, content=content)


def _success(entity: Json) -> Json:
    duration = {"startedAtUTC": STARTED_S, "completedAtUTC": STARTED_S}
    metrics = {**entity["metrics"], "durationSummary": duration}
    activities = [
        _promotion(each) if each["id"] == "promotionActivity" else _copy(each, duration)
        for each in entity["activities"]
    ]
    return {**entity, "providerRefId": "test1234", "metrics": metrics, "activities": activities}


def _copy(activity: Json, duration: Json) -> Json:
    status = activity["statusSummary"]
    extensions = {"adf/pipeline/id": "abcd", "adf/run/id": "1234"}
    return {
        **activity,
        "updatedAtUTC": UPDATED_AT,
        "durationSummary": duration,
        "statusSummary": {**status, "extensions": extensions},
        "sourceInfo": [_connection("sourceConnectionId1", "SourceConnection", "AdfRunId")],
    }


def _promotion(activity: Json) -> Json:
    status = activity["statusSummary"]
    extensions = {**status["extensions"], "batchId": "b1", "acp_request_id": "1234"}
    return {
        **activity,
        "updatedAtUTC": UPDATED_AT,
        "durationSummary": {"completedAtUTC": STARTED_S},
        "recordSummary": {},
        "fileSummary": {**activity["fileSummary"], "extensions": _NO_FILE_INFO},
        "statusSummary": {**status, "extensions": extensions},
        "targetInfo": [_connection("targetConnectionId1", "TargetConnection", "batch")],
    }


def _connection(name: str, kind: str, reference: str) -> Json:
    return {"id": name, "type": kind, "reference": {"type": reference}}


def _failure(entity: Json) -> Json:
    return {**entity, "activities": [_failed(activity) for activity in entity["activities"]]}


def _failed(activity: Json) -> Json:
    if "targetInfo" not in activity:
        return activity
    target = activity["targetInfo"][0]
    return {
        **activity,
        "fileSummary": {**activity["fileSummary"], "extensions": _NO_FILE_INFO},
        "targetInfo": [{**target, "reference": {**target["reference"], "ids": []}}],
    }
