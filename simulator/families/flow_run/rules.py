"""Rules that need several values of a flow run, or the error catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...errors import Problem
from ...files.document import Document, Path
from .run_error import RunError
from .spec import USUAL_SOURCE, FlowRunSpec, Sandbox, errors_of, stage_of, status_of


def rules_of_counts(document: Document, path: Path, spec: FlowRunSpec) -> Iterator[Problem]:
    """Yield where the record counts of a run contradict each other."""
    counts = spec.records
    if counts.input is None:
        return
    if (counts.failed or 0) > counts.input:
        yield document.problem(
            (*path, "records", "failed"), f"{counts.failed}", f"at most input ({counts.input})"
        )
    elif (counts.output or 0) > counts.input - (counts.failed or 0):
        yield document.problem(
            (*path, "records", "output"),
            f"{counts.output}",
            f"at most input minus failed ({counts.input - (counts.failed or 0)})",
        )


def rules_of_run(
    document: Document, path: Path, spec: FlowRunSpec, catalogue: Mapping[str, RunError]
) -> Iterator[Problem]:
    """Yield where the parts of a run do not fit each other; each part must be correct."""
    for name in ("failed", "output"):
        if spec.records.input is None and getattr(spec.records, name) is not None:
            yield document.problem(
                (*path, "records"), f"{name} without input", "input: the records read"
            )
    errors = errors_of(spec, catalogue)
    stage = stage_of(spec, errors)
    yield from _rules_of_reasons(document, (*path, "errors"), spec, errors)
    others = [error.code for error in errors if error.stage != stage]
    if others:
        yield document.problem((*path, "errors"), others[0], f"errors of {stage} only")
    if stage == "copy":
        yield from _rules_of_copy(document, (*path, "stage"), spec)


def _rules_of_copy(document: Document, path: Path, spec: FlowRunSpec) -> Iterator[Problem]:
    """Yield where a run that ends while it copies says what only later stages can do."""
    if status_of(spec) != "failed":
        yield document.problem(
            path, "stage copy on a run that succeeds", "status: failed beside it"
        )
    if spec.records.failed:
        yield document.problem(
            path, "stage copy with failed records", "promotion, where records fail"
        )


def _rules_of_reasons(
    document: Document, path: Path, spec: FlowRunSpec, errors: tuple[RunError, ...]
) -> Iterator[Problem]:
    """Yield where there are errors for more records than failed: each counts one or more."""
    failed, counted = spec.records.failed or 0, sum(error.counts_records for error in errors)
    if 0 < failed < counted:
        records = "1 failed record" if failed == 1 else f"{failed} failed records"
        yield document.problem(
            path,
            f"{counted} errors that count records, and {records}",
            f"at most {failed} of them, or records.failed of at least {counted}",
        )
    if errors and status_of(spec) != "failed" and not failed and spec.status is None:
        yield document.problem(
            path, "errors on a run without failed records", "records.failed above 0, or a status"
        )


def flow_of(spec: FlowRunSpec) -> dict[Path, str | None]:
    """Return what a flow run says of its dataflow; the rest is about the run."""
    sandbox = spec.sandbox or Sandbox()
    names = ("id", "name", "org", "source_connection", "target_connection")
    return {
        ("source",): spec.source or USUAL_SOURCE,
        ("sandbox",): sandbox.name,
        ("sandbox", "id"): sandbox.id,
        **{(name,): getattr(spec, name) for name in names},
    }


def warnings_of(document: Document, specs: Mapping[Path, FlowRunSpec]) -> Iterator[Problem]:
    """Yield what Flow Service takes and is hardly meant, at the first place that says it."""
    for path, spec in specs.items():
        percent = spec.partial_ingestion_percent
        if percent is not None and percent > 100:
            wanted = "at most 100; with more, no run fails for its records"
            yield document.problem((*path, "partial_ingestion_percent"), f"{percent:f}", wanted)
            return
