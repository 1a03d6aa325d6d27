"""Notifications of flow runs: ``sources_flow_run_success`` and ``sources_flow_run_failed``.

They have the two published shapes (flow-run-payloads.md 1.1, 1.2). A success is the run entity with
times of the adaptor. A failure is a message whose ``value`` is the run entity. Two things differ
from the published samples: every time is in milliseconds, and the summaries agree with each other.
A partial ingestion follows the one published example (3.3).
"""

from __future__ import annotations

from typing import Any

from ...core.event import Notification
from ...core.instant import to_ms
from . import summaries
from .run import FlowRun
from .summaries import (
    cause_list,
    duration,
    files,
    manifest,
    promoted_records,
    provider_reference,
    row_errors,
    size,
    source_info,
    target_info,
    window,
)

_UNKNOWN = -1

# Intervals as in the samples (1.1, 1.2, 3.3): from times of the adaptor to the event's, from the
# last write of the last activity to the run's, from the last write of copy to promotion.
_SLA_LEAD_MS = 90
_PROCESS_LEAD_MS = 1
_COPY_FAILURE_LEAD_MS = 30
_PROMOTION_FAILURE_LEAD_MS = 38
_PROMOTION_LEAD_MS = 41
_COPY_LEAD_MS = 245

PROVIDER = "platform_notifications"
"""The provider metadata id of flow runs (1.4)."""

_INCREMENTAL = {"type": "incremental"}
"""A scheduled flow reads its source incrementally, as in the sample of a failed copy (1.2)."""

Json = dict[str, Any]


def render(run: FlowRun) -> Notification:
    """Return the notification of a run."""
    metrics, activities = _parts(run)
    entity = _entity(run, metrics, activities)
    return _failure(run, entity) if run.result.failed_stage else _success(run, entity)


def _success(run: FlowRun, entity: Json) -> Notification:
    published_ms = to_ms(run.timeline.published)
    header = {
        "imsOrgId": run.flow.org,
        "providerMetadata": PROVIDER,
        "eventCode": run.event_code,
    }
    content = {
        **entity,
        "slaCreatedAt": published_ms - _SLA_LEAD_MS,
        "processStartTime": published_ms - _PROCESS_LEAD_MS,
        "header": {"_adobeio": header},
        "transformedTime": published_ms,
    }
    return Notification(run.event_code, "event", content, PROVIDER)


def _failure(run: FlowRun, entity: Json) -> Notification:
    message = {
        "msgType": "eventNotification",
        "version": "1.0",
        "timestamp": to_ms(run.timeline.published),
        "imsOrgId": run.flow.org,
        "schema": {"name": "run-notification", "version": "1.0"},
        "provider": "FlowService",
        "_eventNotificationMeta": {"category": "Platform Notifications", "type": run.event_code},
        "value": entity,
    }
    return Notification(run.event_code, "messages", [message], PROVIDER)


def _entity(run: FlowRun, metrics: Json, activities: list[Json]) -> Json:
    """Return the run entity; a failed promotion has no ``providerRefId`` (1.2).

    Gap: no published run of a streaming source has activities (2.5). Here it has the activities of
    a batch run, and does not begin and end with an hour.
    """
    flow, times = run.flow, run.timeline
    user = f"{flow.client}@AdobeID"
    entity = {
        "createdAt": to_ms(times.created),
        "updatedAt": to_ms(times.updated),
        "createdBy": user,
        "updatedBy": user,
        "createdClient": flow.client,
        "updatedClient": flow.client,
        "sandboxId": flow.sandbox_id,
        "sandboxName": flow.sandbox_name,
        "imsOrgId": flow.org,
        "id": run.id,
        "flowId": flow.id,
    }
    if run.result.failed_stage != "promotion":
        entity["providerRefId"] = provider_reference(run)
    return {**entity, "etag": run.etag, "metrics": metrics, "activities": activities}


def _parts(run: FlowRun) -> tuple[Json, list[Json]]:
    """Return the metrics of a run, and its activities."""
    if run.result.failed_stage == "copy":
        return _failed_copy(run)
    if run.result.failed_stage == "promotion":
        return _failed_promotion(run)
    if not run.volumes.input_records:
        return _nothing_found(run)
    return _metrics(run), [_copy(run), _promotion(run)]


def _nothing_found(run: FlowRun) -> tuple[Json, list[Json]]:
    """Return metrics and activities of a success without input, which ends with copy (1.3)."""
    times, status = run.timeline, summaries.status(run)
    counts = {
        "durationSummary": duration(times.started, times.completed),
        "sizeSummary": {"inputBytes": run.volumes.input_bytes},
        "recordSummary": {"inputRecordCount": 0},
    }
    activity = {
        "id": "copyActivity",
        "updatedAtUTC": to_ms(times.settled) - _COPY_FAILURE_LEAD_MS,
        **counts,
        "fileSummary": {},
        "statusSummary": {**status, "extensions": cause_list(run)},
        "sourceInfo": source_info(run),
    }
    return {**counts, "statusSummary": status}, [activity]


def _failed_copy(run: FlowRun) -> tuple[Json, list[Json]]:
    """Return metrics and activities of a failed copy; its counts are empty, never -1 (1.2)."""
    times, status = run.timeline, summaries.status(run)
    counts: Json = {
        "durationSummary": duration(times.started, times.completed),
        "sizeSummary": {},
        "recordSummary": {},
    }
    extensions = {"errorDetail": run.error_detail, **_INCREMENTAL, **cause_list(run)}
    activity = {
        "id": "copyActivity",
        "updatedAtUTC": to_ms(times.settled) - _COPY_FAILURE_LEAD_MS,
        **counts,
        "fileSummary": {},
        "statusSummary": {**status, "extensions": extensions},
        "sourceInfo": source_info(run),
    }
    return {**counts, "statusSummary": status}, [activity]


def _failed_promotion(run: FlowRun) -> tuple[Json, list[Json]]:
    """Return metrics and activities of a failed promotion (1.2).

    Counts are unknown, printed as -1, and only the activity has an end. The run begins with the
    promotion, as in the sample, unless an earlier notification was about the copy.
    """
    times, status = run.timeline, summaries.status(run)
    metrics = {
        "durationSummary": {"startedAtUTC": to_ms(times.started)},
        "sizeSummary": {"inputBytes": _UNKNOWN},
        "fileSummary": {"inputFileCount": _UNKNOWN},
        "statusSummary": status,
    }
    activity = {
        "id": "promotionActivity",
        "updatedAtUTC": to_ms(times.settled) - _PROMOTION_FAILURE_LEAD_MS,
        "durationSummary": duration(times.promotion_started, times.completed),
        "sizeSummary": {"inputBytes": _UNKNOWN},
        "recordSummary": {},
        "fileSummary": {"inputFileCount": _UNKNOWN, "extensions": manifest(run)},
        "statusSummary": {**status, "extensions": cause_list(run)},
        "targetInfo": target_info(run, "Batch"),
    }
    return metrics, [activity]


def _metrics(run: FlowRun) -> Json:
    """Return the metrics of a success: the input of copy, the output of promotion (7.1)."""
    volumes = run.volumes
    origin = {"activityRefs": ["promotionActivity"]} if run.result.errors else {}
    return {
        "durationSummary": duration(run.timeline.started, run.timeline.completed),
        "sizeSummary": size(volumes.input_bytes, volumes.output_bytes),
        "recordSummary": promoted_records(run),
        "fileSummary": {**files(volumes.input_files, volumes.output_files), **origin},
        "statusSummary": {**summaries.status(run), **origin},
    }


def _copy(run: FlowRun) -> Json:
    times, volumes, is_partial = run.timeline, run.volumes, bool(run.result.errors)
    copied = {"extensions": window(run)} if is_partial else {}
    references = {"adf/pipeline/id": run.pipeline_id, "adf/run/id": run.copy_run_id}
    extensions = {**references, **(_INCREMENTAL if is_partial else {})}
    return {
        "id": "copyActivity",
        "updatedAtUTC": max(to_ms(times.copied), to_ms(times.promotion_started) - _COPY_LEAD_MS),
        "durationSummary": {**duration(times.started, times.copied), **copied},
        "sizeSummary": size(volumes.input_bytes, volumes.copied_bytes),
        "recordSummary": {
            "inputRecordCount": volumes.input_records,
            "outputRecordCount": volumes.input_records,
        },
        "fileSummary": files(volumes.input_files, volumes.input_files),
        "statusSummary": {"status": "success", "extensions": extensions},
        "sourceInfo": source_info(run),
    }


def _promotion(run: FlowRun) -> Json:
    times, volumes = run.timeline, run.volumes
    extensions = {"batchId": run.batch_id, "acp_request_id": run.request_id}
    if run.result.rejections or run.result.causes:
        extensions |= row_errors(run)
    return {
        "id": "promotionActivity",
        "updatedAtUTC": to_ms(times.settled) - _PROMOTION_LEAD_MS,
        "durationSummary": duration(times.promotion_started, times.completed),
        "sizeSummary": size(volumes.copied_bytes, volumes.output_bytes),
        "recordSummary": promoted_records(run),
        "fileSummary": {
            **files(volumes.input_files, volumes.output_files),
            "extensions": manifest(run),
        },
        "statusSummary": {**summaries.status(run), "extensions": extensions},
        "targetInfo": target_info(run, "batch"),
    }
