"""How a flow run ended: its status, the stage that failed, and why (flow-run-payloads.md 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from .catalogue import COPY_CODE, SUMMARY_CODE, RunError
from .spec import FlowRunSpec


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended.

    ``errors`` are printed in the status summary, ``causes`` in the extensions of the activity.
    ``rejections`` are causes with a number of records.
    """

    status: str
    failed_stage: str | None
    errors: tuple[RunError, ...]
    causes: tuple[RunError, ...]
    rejections: tuple[RunError, ...]


def result_of(spec: FlowRunSpec, catalogue: Mapping[str, RunError]) -> RunResult:
    """Return how a run ended; errors that it needs and the scenario does not state are added.

    If the scenario states an error that is not in the catalogue, no cause is added.
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
        causes = (catalogue[COPY_CODE if failed_stage == "copy" else "133"],)
    if not errors and (failed_stage or causes or rejections):
        errors = (_usual_error(failed_stage, catalogue),)
    return RunResult(status, failed_stage, errors, causes, rejections)


def status_of(spec: FlowRunSpec) -> str:
    """Return the status that the scenario states, or that follows from the record counts."""
    records = spec.records
    return spec.status or decide(
        records.input or 0, records.failed or 0, spec.partial_ingestion_percent, spec.threshold
    )


def decide(input_records: int, failed_records: int, percent: Decimal | None, threshold: str) -> str:
    """Return the status that follows from record counts, ``success`` or ``failed`` (3.2).

    A run without failed records succeeds. Without a ``percent``, any failed record fails the run.
    With one, ``strict`` succeeds if failed records are below that percentage of the input (the
    notification page); ``inclusive`` also succeeds at exactly that percentage (the batch page).
    The comparison is exact: 11 of 1,000 is exactly 1.1 %.
    """
    if failed_records == 0:
        return "success"
    if percent is None:
        return "failed"
    failed, allowed = failed_records * 100, input_records * percent
    passes = failed <= allowed if threshold == "inclusive" else failed < allowed
    return "success" if passes else "failed"


def errors_of(spec: FlowRunSpec, catalogue: Mapping[str, RunError]) -> tuple[RunError, ...]:
    """Return the stated errors; one with its own message is about records if any failed."""
    level = "record" if spec.records.failed else "run"
    return tuple(
        catalogue[error.code]
        if error.message is None
        else RunError(error.code, spec.stage or "promotion", level, error.message)
        for error in spec.errors
    )


def stage_of(spec: FlowRunSpec, errors: tuple[RunError, ...]) -> str:
    """Return the stage that failed: as stated, or that of the first error; else promotion."""
    return spec.stage or next((error.stage for error in errors), "promotion")


def _of_level(level: str, errors: tuple[RunError, ...]) -> tuple[RunError, ...]:
    return tuple(error for error in errors if error.level == level)


def _usual_error(failed_stage: str | None, catalogue: Mapping[str, RunError]) -> RunError:
    """Return the error in the status summary; that of a success is shorter (3.3)."""
    if failed_stage == "copy":
        return catalogue["CONNECTOR-1001-500"]
    usual = catalogue["CONNECTOR-2001-500"]
    short = "Error occurred at promotion activity."
    return usual if failed_stage else replace(usual, message=short)
