"""The thing a notification talks about: one execution of a dataflow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ...core.identifiers import etag, ulid
from . import copy_error, timeline, volumes
from .random_draws import Roll
from .run_error import SUMMARY_CODE, RunError
from .spec import FlowRunSpec, errors_of, stage_of, status_of
from .timeline import Ending, Endings, Timeline
from .volumes import Volumes

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Flow:
    """The dataflow, and what all of its runs share.

    ``client`` is the service that made the flow; ``source_kind`` is ``file``, ``table`` or
    ``stream``; ``copy_error_details`` are the texts that a failed copy may carry.
    """

    id: str
    org: str
    sandbox_id: str
    sandbox_name: str
    source: str
    source_kind: str
    source_connection: str
    target_connection: str
    client: str
    copy_error_details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended: its status, the stage that failed, and why.

    ``errors`` stand in the status summary, ``causes`` in the activity's extensions;
    ``rejections`` are causes that come with a number of records.
    """

    status: str
    failed_stage: str | None
    errors: tuple[RunError, ...]
    causes: tuple[RunError, ...]
    rejections: tuple[RunError, ...]


@dataclass(frozen=True, slots=True)
class FlowRun:
    """One execution of a dataflow, fully decided.

    ``rejected_counts`` are the records of each rejection that is counted.
    """

    flow: Flow
    id: str
    verdict: RunResult
    volumes: Volumes
    timeline: Timeline
    rejected_counts: tuple[int, ...]
    error_detail: str
    pipeline_id: str
    copy_run_id: str
    request_id: str
    batch_id: str
    etag: str
    event_code: str
    shape: str


def judge(spec: FlowRunSpec, catalogue: Mapping[str, RunError]) -> RunResult:
    """Return how the run ended, with the usual errors where none of a kind are stated.

    A failure for a reason of your own has no root cause but those that you state.
    """
    status, stated = status_of(spec), errors_of(spec, catalogue)
    failed_stage = stage_of(spec, stated) if status == "failed" else None
    rejections = _of_level("record", stated)
    causes = _of_level("cause", stated)
    errors = _of_level("run", stated)
    if spec.records.failed:
        detailed = tuple(error for error in rejections if error.code != SUMMARY_CODE)
        rejections = detailed or (catalogue["MAPPER-3700-400"],)
    else:
        causes, rejections = causes + rejections, ()
    is_usual = all(error.code in catalogue for error in errors)
    if failed_stage and is_usual and not (causes or rejections):
        causes = (catalogue[copy_error.CODE if failed_stage == "copy" else "133"],)
    if not errors and (failed_stage or causes or rejections):
        errors = (_usual_error(failed_stage, catalogue),)
    return RunResult(status, failed_stage, errors, causes, rejections)


def _of_level(level: str, errors: tuple[RunError, ...]) -> tuple[RunError, ...]:
    return tuple(error for error in errors if error.level == level)


def _usual_error(failed_stage: str | None, catalogue: Mapping[str, RunError]) -> RunError:
    """Return the run-level error of a stage; shorter on a success (flow-run-payloads.md 3.3)."""
    if failed_stage == "copy":
        return catalogue["CONNECTOR-1001-500"]
    usual = catalogue["CONNECTOR-2001-500"]
    if failed_stage:
        return usual
    return RunError(usual.code, usual.stage, usual.level, "Error occurred at promotion activity.")


def ending(spec: FlowRunSpec, verdict: RunResult, published: datetime) -> Ending:
    """Return how a notification that leaves at ``published`` says that a run ended."""
    return Ending(published, spec.duration, verdict.failed_stage)


def execute(
    spec: FlowRunSpec, flow: Flow, verdict: RunResult, roll: Roll, endings: Endings
) -> FlowRun:
    """Return the run that a notification tells about; all chance is in ``roll``."""
    amounts = volumes.measure(spec, roll)
    times = timeline.lay_out(endings, roll)
    counted = sum(error.counts_records for error in verdict.rejections)
    return FlowRun(
        flow,
        roll.run_id,
        verdict,
        amounts,
        times,
        volumes.shares(amounts.failed_records, counted, roll),
        _error_detail(flow, verdict, times, roll),
        roll.pipeline_id,
        roll.copy_run_id,
        roll.request_id,
        ulid((times.batch_minted - _EPOCH) // _MILLISECOND, roll.batch),
        etag(roll.etag, int(times.updated.timestamp())),
        spec.failure_code if verdict.failed_stage else "sources_flow_run_success",
        spec.shape,
    )


def _error_detail(flow: Flow, verdict: RunResult, times: Timeline, roll: Roll) -> str:
    """Return why the copy failed, if it did: for a reason of your own, or one of its source."""
    if verdict.failed_stage != "copy":
        return ""
    if not verdict.causes:
        return verdict.errors[0].message
    details = flow.copy_error_details
    drawn = details[int(roll.between(10, 0, len(details)))]
    return drawn.replace(copy_error.AT, f"{times.completed:%Y-%m-%d %H:%M:%SZ}")
