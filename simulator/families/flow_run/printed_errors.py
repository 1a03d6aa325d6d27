"""The errors of a flow run as its notification prints them (flow-run-payloads.md 3.3 to 3.6)."""

from __future__ import annotations

from typing import Any

from . import copy_error
from .run import FlowRun
from .run_error import SUMMARY_CODE, RunError

BATCHES = "https://platform.adobe.io/data/foundation/export/batches"

Json = dict[str, Any]


def status(run: FlowRun) -> Json:
    """Return the status summary of a run, or of the activity that decided it (2.3)."""
    status: Json = {"status": run.verdict.status}
    if run.verdict.errors:
        status["errors"] = [_error(error) for error in run.verdict.errors]
    return status


def _error(error: RunError) -> Json:
    return {"code": error.code, "message": error.message}


def cause_list(run: FlowRun) -> Json:
    """Return the member ``errors`` of an activity's extensions, where there are any (3.3)."""
    causes = _causes(run)
    return {"errors": causes} if causes else {}


def _causes(run: FlowRun) -> list[Json]:
    """Return root causes, then rejections: a summary first, each with its count (3.3, 7.1).

    What is found without diagnostics has no count (3.6, ``INGEST-1211-400``).
    """
    causes = [_cause(error, run) for error in run.verdict.causes]
    if not run.verdict.rejections:
        return causes
    volumes = run.volumes
    arrived = 0 if run.verdict.failed_stage else volumes.output_records
    summary = {
        "code": SUMMARY_CODE,
        "message": f"Encountered {volumes.failed_records} errors in the data. Successfully "
        f"ingested {arrived} rows. Review the associated diagnostic files for additional details.",
    }
    counts = iter(run.rejected_counts)
    rejected = [
        _counted(error, next(counts)) if error.counted else _error(error)
        for error in run.verdict.rejections
    ]
    return [*causes, summary, *rejected]


def _cause(error: RunError, run: FlowRun) -> Json:
    """Return a root cause; that of a failed copy repeats an exception of its detail (4.1)."""
    if error.code != copy_error.CODE:
        return _error(error)
    return {"code": error.code, "message": copy_error.root_message(run.error_detail)}


def _counted(error: RunError, count: int) -> Json:
    return {"code": error.code, "recordCount": count, "message": error.message}


def row_errors(run: FlowRun) -> Json:
    """Return where the rejected rows can be read, and why they were rejected (3.3, 3.5)."""
    meta = f"{BATCHES}/{run.batch_id}/meta?path="
    return {
        "manifest": {
            "failedRecords": f"{meta}row_errors",
            "sampleErrors": f"{meta}row_error_samples.json",
        },
        **cause_list(run),
    }


def manifest(run: FlowRun) -> Json:
    """Return where the files of the batch are listed (3.5)."""
    return {"manifest": {"fileInfo": f"{BATCHES}/{run.batch_id}/meta?path=input_files"}}
