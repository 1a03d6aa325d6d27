"""Parts of a run and of its activities, as a notification prints them.

Times become epoch milliseconds here, as on the wire. Errors are printed as in
flow-run-payloads.md 3.3 to 3.6.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ...core.instant import to_ms
from .catalogue import COPY_CODE, SUMMARY_CODE, RunError, root_message
from .run import FlowRun

BATCHES = "https://platform.adobe.io/data/foundation/export/batches"

_HOUR_MS = 3_600_000

# A run reads data that was written in half an hour, which ended some minutes before (3.3).
_WINDOW_LEAD_MS = 550_000
_WINDOW_MS = 1_800_000

Json = dict[str, Any]


def duration(started: datetime, completed: datetime) -> Json:
    """Return the duration summary of a run or an activity."""
    return {"startedAtUTC": to_ms(started), "completedAtUTC": to_ms(completed)}


def size(input_bytes: int, output_bytes: int) -> Json:
    """Return the size summary of a run or an activity."""
    return {"inputBytes": input_bytes, "outputBytes": output_bytes}


def files(input_files: int, output_files: int) -> Json:
    """Return the file summary of a run or an activity."""
    return {"inputFileCount": input_files, "outputFileCount": output_files}


def promoted_records(run: FlowRun) -> Json:
    """Return the record counts of promotion; a count of 0 rejected records is left out."""
    volumes = run.volumes
    counts = {
        "inputRecordCount": volumes.input_records,
        "outputRecordCount": volumes.output_records,
    }
    if volumes.failed_records:
        counts["failedRecordCount"] = volumes.failed_records
    return counts


def manifest(run: FlowRun) -> Json:
    """Return the address of the list of the batch's files (3.5)."""
    return {"manifest": {"fileInfo": f"{BATCHES}/{run.batch_id}/meta?path=input_files"}}


def source_info(run: FlowRun) -> list[Json]:
    """Return the reference to the source connection and to the copy that read from it."""
    return [_info(run.flow.source_connection, "SourceConnection", "AdfRunId", run.copy_run_id)]


def target_info(run: FlowRun, reference: str) -> list[Json]:
    """Return the reference to the batch; its type is ``batch``, or ``Batch`` in a failure (1.1)."""
    return [_info(run.flow.target_connection, "TargetConnection", reference, run.batch_id)]


def _info(connection: str, kind: str, reference: str, reference_id: str) -> Json:
    refers_to = {"type": reference, "ids": [reference_id]}
    return {"id": connection, "type": kind, "reference": refers_to}


def status(run: FlowRun) -> Json:
    """Return ``statusSummary`` as the notification has it: the status, and errors if there are any.

    A run and the activity that decided its status have the same (flow-run-payloads.md 2.3).
    """
    status: Json = {"status": run.result.status}
    if run.result.errors:
        status["errors"] = [_error(error) for error in run.result.errors]
    return status


def _error(error: RunError) -> Json:
    return {"code": error.code, "message": error.message}


def cause_list(run: FlowRun) -> Json:
    """Return the member ``errors`` of an activity's extensions, if there are causes (3.3)."""
    causes = _causes(run)
    return {"errors": causes} if causes else {}


def _causes(run: FlowRun) -> list[Json]:
    """Return root causes, then rejections: a summary first, each with its count (3.3, 7.1).

    An error that is found without diagnostics has no count (3.6, ``INGEST-1211-400``).
    """
    causes = [_cause(error, run) for error in run.result.causes]
    if not run.result.rejections:
        return causes
    volumes = run.volumes
    arrived = 0 if run.result.failed_stage else volumes.output_records
    summary = {
        "code": SUMMARY_CODE,
        "message": f"Encountered {volumes.failed_records} errors in the data. Successfully "
        f"ingested {arrived} rows. Review the associated diagnostic files for additional details.",
    }
    counts = iter(run.rejected_counts)
    rejected = [
        _counted(error, next(counts)) if error.counted else _error(error)
        for error in run.result.rejections
    ]
    return [*causes, summary, *rejected]


def _cause(error: RunError, run: FlowRun) -> Json:
    """Return a root cause; that of a failed copy has the last message in its detail (4.1)."""
    message = root_message(run.error_detail) if error.code == COPY_CODE else error.message
    return {"code": error.code, "message": message}


def _counted(error: RunError, count: int) -> Json:
    return {"code": error.code, "recordCount": count, "message": error.message}


def row_errors(run: FlowRun) -> Json:
    """Return the addresses of the rejected rows, and why they were rejected (3.3, 3.5)."""
    meta = f"{BATCHES}/{run.batch_id}/meta?path="
    return {
        "manifest": {
            "failedRecords": f"{meta}row_errors",
            "sampleErrors": f"{meta}row_error_samples.json",
        },
        **cause_list(run),
    }


def window(run: FlowRun) -> Json:
    """Return when the copied data was written; a streaming run copies that of one hour (2.5)."""
    if run.flow.source_kind == "stream":
        begin_ms, end_ms = _hour(run)
    else:
        end_ms = (to_ms(run.timeline.started) - _WINDOW_LEAD_MS) // 1000 * 1000
        begin_ms = end_ms - _WINDOW_MS
    return {"windowStart": begin_ms, "windowEnd": end_ms}


def provider_reference(run: FlowRun) -> str:
    """Return ``providerRefId``, the name of the run in the service that carried it out (1.5).

    For batch sources it names flow and copy, for streaming sources an hour in milliseconds. Which
    hour is not known; here it is the hour in which the run was created.
    """
    if run.flow.source_kind != "stream":
        return f"M-{run.flow.id}-incremental-0:{run.copy_run_id}"
    begin_ms, end_ms = _hour(run)
    return f"{begin_ms}-{end_ms}"


def _hour(run: FlowRun) -> tuple[int, int]:
    begin_ms = to_ms(run.timeline.created) // _HOUR_MS * _HOUR_MS
    return begin_ms, begin_ms + _HOUR_MS
