"""Checks values of flow runs against each other and against the error catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ...core import duration
from ...errors import Problem
from ...files.document import Document, Path
from ..entries import EntryAt
from . import timeline
from .catalogue import RunError, run_errors
from .result import errors_of, stage_of, status_of
from .spec import USUAL_SOURCE, FlowRunSpec, Sandbox

_MILLISECOND = 0.001
"""Seconds; story times that differ by less count as the same."""


def rules_of_counts(document: Document, path: Path, spec: FlowRunSpec) -> Iterator[Problem]:
    """Yield contradictions between the record counts of a run."""
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


def rules_of_run(document: Document, path: Path, spec: FlowRunSpec) -> Iterator[Problem]:
    """Yield contradictions between the parts of a run; each part must be correct by itself."""
    for name in ("failed", "output"):
        if spec.records.input is None and getattr(spec.records, name) is not None:
            yield document.problem(
                (*path, "records"), f"{name} without input", "input: the records read"
            )
    errors = errors_of(spec, run_errors())
    stage = stage_of(spec, errors)
    yield from _rules_of_reasons(document, (*path, "errors"), spec, errors)
    others = [error.code for error in errors if error.stage != stage]
    if others:
        yield document.problem((*path, "errors"), others[0], f"errors of {stage} only")
    if stage == "copy":
        yield from _rules_of_copy(document, (*path, "stage"), spec)


def _rules_of_copy(document: Document, path: Path, spec: FlowRunSpec) -> Iterator[Problem]:
    """Yield what a run that ends with copy cannot have: success, and failed records."""
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
    """Yield errors that count more records than failed; each counts at least one."""
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


def rules_of_labels(document: Document, runs: Iterable[EntryAt]) -> Iterator[Problem]:
    """Yield events about the same run that state different dataflows."""
    first: dict[str, tuple[int, dict[Path, str | None]]] = {}
    for run in runs:
        flow = _flow_of(run.entry.said)
        earlier, expected = first.setdefault(str(run.entry.label), (run.index, flow))
        for path, value in flow.items():
            if value != expected[path]:
                wanted = f"{expected[path] or 'none'} as in events[{earlier}]"
                yield document.problem(
                    (*run.path, *path),
                    value or "none",
                    f"{wanted}, which is about the same run, or another run",
                )


def rules_of_durations(document: Document, runs: Iterable[EntryAt]) -> Iterator[Problem]:
    """Yield durations that are longer than the time since the run began."""
    begun: dict[str, tuple[int, float]] = {}
    for run in runs:
        stated = run.entry.said.duration
        usual = timeline.USUAL_LENGTH[1] if stated is None else stated
        first, begin = begun.setdefault(str(run.entry.label), (run.index, run.time - usual))
        if stated is not None and stated > run.time - begin + _MILLISECOND:
            most = duration.spell(run.time - begin)
            yield document.problem(
                (*run.path, "duration"),
                duration.spell(stated),
                f"at most {most}, since the run began, or more in events[{first}]",
            )


def _flow_of(spec: FlowRunSpec) -> dict[Path, str | None]:
    """Return the values of a flow run that belong to its dataflow: path → value."""
    sandbox = spec.sandbox or Sandbox()
    names = ("id", "name", "org", "source_connection", "target_connection")
    return {
        ("source",): spec.source or USUAL_SOURCE,
        ("sandbox",): sandbox.name,
        ("sandbox", "id"): sandbox.id,
        **{(name,): getattr(spec, name) for name in names},
    }


def warnings_of(document: Document, specs: Mapping[Path, FlowRunSpec]) -> Iterator[Problem]:
    """Yield a warning about an error threshold above 100 %, at the first place that has one.

    Flow Service accepts it, but then no run fails for its records.
    """
    for path, spec in specs.items():
        percent = spec.partial_ingestion_percent
        if percent is not None and percent > 100:
            wanted = "at most 100; with more, no run fails for its records"
            yield document.problem((*path, "partial_ingestion_percent"), f"{percent:f}", wanted)
            return
