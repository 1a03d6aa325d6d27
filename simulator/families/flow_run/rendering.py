"""Sources flow runs: ``sources_flow_run_success`` and ``sources_flow_run_failed``.

Two published shapes (flow-run-payloads.md 1.1, 1.2): a success is the run entity with the
adaptor's stamps, a failure is a pipeline message whose ``value`` is the run entity. Both are
built here as printed, with two repairs: every time is in milliseconds, and summaries agree
with each other. A partial ingestion has what the one published example has (3.3). The
adaptor's stamps, the envelope's timestamp and the last writes of activities keep the intervals
of the samples. Times become epoch milliseconds here, where the wire wants them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ...core.event import Notification
from . import printed_errors
from .run import FlowRun

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_HOUR_MS = 3_600_000
_UNKNOWN = -1

# The intervals of the samples (1.1, 1.2, 3.3): adaptor stamps before the end of the adaptor's
# work, the last activity's last write before the run's, copy's before promotion begins.
_SLA_LEAD_MS = 90
_PROCESS_LEAD_MS = 1
_COPY_FAILURE_LEAD_MS = 30
_PROMOTION_FAILURE_LEAD_MS = 38
_PROMOTION_LEAD_MS = 41
_COPY_LEAD_MS = 245

# What a run reads was written in half an hour that ended some minutes before (3.3).
_WINDOW_LEAD_MS = 550_000
_WINDOW_MS = 1_800_000

_INCREMENTAL = {"type": "incremental"}
"""How a scheduled flow reads its source, as the documented failed copy says it (1.2)."""

Json = dict[str, Any]


def render(run: FlowRun) -> Notification:
    """Return the notification of a run."""
    return _failure(run) if run.verdict.failed_stage else _success(run)


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def _success(run: FlowRun) -> Notification:
    published_ms = _ms(run.timeline.published)
    entity = _entity(run, _success_metrics(run), _success_activities(run))
    return Notification(
        run.event_code,
        "event",
        {
            **entity,
            "slaCreatedAt": published_ms - _SLA_LEAD_MS,
            "processStartTime": published_ms - _PROCESS_LEAD_MS,
            "header": {
                "_adobeio": {
                    "imsOrgId": run.flow.org,
                    "providerMetadata": "platform_notifications",
                    "eventCode": run.event_code,
                }
            },
            "transformedTime": published_ms,
        },
    )


def _failure(run: FlowRun) -> Notification:
    failing = _failed_copy if run.verdict.failed_stage == "copy" else _failed_promotion
    metrics, activity = failing(run)
    message = {
        "msgType": "eventNotification",
        "version": "1.0",
        "timestamp": _ms(run.timeline.published),
        "imsOrgId": run.flow.org,
        "schema": {"name": "run-notification", "version": "1.0"},
        "provider": "FlowService",
        "_eventNotificationMeta": {"category": "Platform Notifications", "type": run.event_code},
        "value": _entity(run, metrics, [activity]),
    }
    return Notification(run.event_code, "messages", [message])


def _entity(run: FlowRun, metrics: Json, activities: list[Json]) -> Json:
    """Return the run entity; a failed promotion has no ``providerRefId`` (1.2).

    Gap: no run of a streaming source is published with activities (2.5); it has those of a
    batch run here, and is not made to begin and end with an hour.
    """
    flow, times = run.flow, run.timeline
    user = f"{flow.client}@AdobeID"
    entity = {
        "createdAt": _ms(times.created),
        "updatedAt": _ms(times.updated),
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
    if run.verdict.failed_stage != "promotion":
        entity["providerRefId"] = _provider_reference(run)
    return {**entity, "etag": run.etag, "metrics": metrics, "activities": activities}


def _provider_reference(run: FlowRun) -> str:
    """Return what the run is called where it was carried out (1.5).

    Batch sources name flow and copy, streaming sources one hour in milliseconds. Which hour
    is not known; here it is the one in which the run was created.
    """
    if run.flow.source_kind != "stream":
        return f"M-{run.flow.id}-incremental-0:{run.copy_run_id}"
    begin_ms, end_ms = _hour(run)
    return f"{begin_ms}-{end_ms}"


def _hour(run: FlowRun) -> tuple[int, int]:
    begin_ms = _ms(run.timeline.created) // _HOUR_MS * _HOUR_MS
    return begin_ms, begin_ms + _HOUR_MS


def _success_metrics(run: FlowRun) -> Json:
    """Return the run's own summaries: copy's input, promotion's output (7.1)."""
    volumes, status = run.volumes, printed_errors.status(run)
    if not volumes.input_records:
        return {
            "durationSummary": _duration(run.timeline.started, run.timeline.completed),
            "sizeSummary": {"inputBytes": volumes.input_bytes},
            "recordSummary": {"inputRecordCount": 0},
            "statusSummary": status,
        }
    origin = {"activityRefs": ["promotionActivity"]} if run.verdict.errors else {}
    return {
        "durationSummary": _duration(run.timeline.started, run.timeline.completed),
        "sizeSummary": _size(volumes.input_bytes, volumes.output_bytes),
        "recordSummary": _promoted_records(run),
        "fileSummary": {**_files(volumes.input_files, volumes.output_files), **origin},
        "statusSummary": {**status, **origin},
    }


def _success_activities(run: FlowRun) -> list[Json]:
    """Return copy and promotion; a run that found nothing ends with copy (1.3)."""
    if not run.volumes.input_records:
        return [_empty_copy(run)]
    return [_copy(run), _promotion(run)]


def _empty_copy(run: FlowRun) -> Json:
    return {
        "id": "copyActivity",
        "updatedAtUTC": _ms(run.timeline.settled) - _COPY_FAILURE_LEAD_MS,
        "durationSummary": _duration(run.timeline.started, run.timeline.completed),
        "sizeSummary": {"inputBytes": run.volumes.input_bytes},
        "recordSummary": {"inputRecordCount": 0},
        "fileSummary": {},
        "statusSummary": {
            **printed_errors.status(run),
            "extensions": printed_errors.cause_list(run),
        },
        "sourceInfo": _source_info(run),
    }


def _copy(run: FlowRun) -> Json:
    times, volumes, is_partial = run.timeline, run.volumes, bool(run.verdict.errors)
    return {
        "id": "copyActivity",
        "updatedAtUTC": max(_ms(times.copied), _ms(times.promotion_started) - _COPY_LEAD_MS),
        "durationSummary": {
            **_duration(times.started, times.copied),
            **({"extensions": _window(run)} if is_partial else {}),
        },
        "sizeSummary": _size(volumes.input_bytes, volumes.copied_bytes),
        "recordSummary": {
            "inputRecordCount": volumes.input_records,
            "outputRecordCount": volumes.input_records,
        },
        "fileSummary": _files(volumes.input_files, volumes.input_files),
        "statusSummary": {
            "status": "success",
            "extensions": {
                "adf/pipeline/id": run.pipeline_id,
                "adf/run/id": run.copy_run_id,
                **(_INCREMENTAL if is_partial else {}),
            },
        },
        "sourceInfo": _source_info(run),
    }


def _window(run: FlowRun) -> Json:
    """Return which time the copied data is of; a streaming run is about an hour (2.5)."""
    if run.flow.source_kind == "stream":
        begin_ms, end_ms = _hour(run)
    else:
        end_ms = (_ms(run.timeline.started) - _WINDOW_LEAD_MS) // 1000 * 1000
        begin_ms = end_ms - _WINDOW_MS
    return {"windowStart": begin_ms, "windowEnd": end_ms}


def _promotion(run: FlowRun) -> Json:
    times, volumes = run.timeline, run.volumes
    files = _files(volumes.input_files, volumes.output_files)
    files["extensions"] = printed_errors.manifest(run)
    status = printed_errors.status(run)
    status["extensions"] = {"batchId": run.batch_id, "acp_request_id": run.request_id}
    if run.verdict.rejections or run.verdict.causes:
        status["extensions"] |= printed_errors.row_errors(run)
    return {
        "id": "promotionActivity",
        "updatedAtUTC": _ms(times.settled) - _PROMOTION_LEAD_MS,
        "durationSummary": _duration(times.promotion_started, times.completed),
        "sizeSummary": _size(volumes.copied_bytes, volumes.output_bytes),
        "recordSummary": _promoted_records(run),
        "fileSummary": files,
        "statusSummary": status,
        "targetInfo": _target_info(run, "batch"),
    }


def _failed_copy(run: FlowRun) -> tuple[Json, Json]:
    """Return metrics and activity of a failed copy: empty counts, never -1 (1.2)."""
    times, status = run.timeline, printed_errors.status(run)
    duration = _duration(times.started, times.completed)
    activity = {
        "id": "copyActivity",
        "updatedAtUTC": _ms(times.settled) - _COPY_FAILURE_LEAD_MS,
        "durationSummary": duration,
        "sizeSummary": {},
        "recordSummary": {},
        "fileSummary": {},
        "statusSummary": {
            **status,
            "extensions": {
                "errorDetail": run.error_detail,
                **_INCREMENTAL,
                **printed_errors.cause_list(run),
            },
        },
        "sourceInfo": _source_info(run),
    }
    metrics = {
        "durationSummary": duration,
        "sizeSummary": {},
        "recordSummary": {},
        "statusSummary": status,
    }
    return metrics, activity


def _failed_promotion(run: FlowRun) -> tuple[Json, Json]:
    """Return metrics and activity of a failed promotion (1.2).

    Counts are unknown, printed as -1, and only the activity says when it ended. The run begins
    with it, as in the sample, unless an earlier notification told of the copy.
    """
    times, status = run.timeline, printed_errors.status(run)
    activity = {
        "id": "promotionActivity",
        "updatedAtUTC": _ms(times.settled) - _PROMOTION_FAILURE_LEAD_MS,
        "durationSummary": _duration(times.promotion_started, times.completed),
        "sizeSummary": {"inputBytes": _UNKNOWN},
        "recordSummary": {},
        "fileSummary": {"inputFileCount": _UNKNOWN, "extensions": printed_errors.manifest(run)},
        "statusSummary": {**status, "extensions": printed_errors.cause_list(run)},
        "targetInfo": _target_info(run, "Batch"),
    }
    metrics = {
        "durationSummary": {"startedAtUTC": _ms(times.started)},
        "sizeSummary": {"inputBytes": _UNKNOWN},
        "fileSummary": {"inputFileCount": _UNKNOWN},
        "statusSummary": status,
    }
    return metrics, activity


def _duration(started: datetime, completed: datetime) -> Json:
    return {"startedAtUTC": _ms(started), "completedAtUTC": _ms(completed)}


def _size(input_bytes: int, output_bytes: int) -> Json:
    return {"inputBytes": input_bytes, "outputBytes": output_bytes}


def _files(input_files: int, output_files: int) -> Json:
    return {"inputFileCount": input_files, "outputFileCount": output_files}


def _promoted_records(run: FlowRun) -> Json:
    """Return the counts of promotion; rejected records are counted only where there are any."""
    volumes = run.volumes
    counts = {
        "inputRecordCount": volumes.input_records,
        "outputRecordCount": volumes.output_records,
    }
    if volumes.failed_records:
        counts["failedRecordCount"] = volumes.failed_records
    return counts


def _source_info(run: FlowRun) -> list[Json]:
    return [
        {
            "id": run.flow.source_connection,
            "type": "SourceConnection",
            "reference": {"type": "AdfRunId", "ids": [run.copy_run_id]},
        }
    ]


def _target_info(run: FlowRun, reference: str) -> list[Json]:
    """Return the batch; the type is ``batch`` in a success, ``Batch`` in a failure (1.1)."""
    return [
        {
            "id": run.flow.target_connection,
            "type": "TargetConnection",
            "reference": {"type": reference, "ids": [run.batch_id]},
        }
    ]
