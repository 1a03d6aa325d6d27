"""Rules that need several values of a scenario, or the catalogues."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from pydantic import BaseModel

from ..errors import Problem
from . import duration, fault_rules, run_status, timeline
from .document import Document, Path
from .run_error import RunError
from .scenario import USUAL_SOURCE, EventSpec, FlowRunSpec, Sandbox, Scenario, Vocabulary

CENTURY = 36_525 * 86_400.0
"""The longest story, in seconds."""

_MILLISECOND = 0.001
"""Story times that differ by less are the same, in seconds."""

_LONGEST_KIND = 100
"""No more of a key is looked at to tell whether it is a misspelt one, in characters."""


def merged(flow: FlowRunSpec, own: FlowRunSpec) -> FlowRunSpec:
    """Return an event's flow run with the defaults that ``flow`` gives it."""
    counts = {
        name: getattr(flow, name).model_copy(update=_set_fields(getattr(own, name)))
        for name in ("records", "bytes", "files")
    }
    return flow.model_copy(update=_set_fields(own) | counts)


def _set_fields(model: BaseModel) -> dict[str, object]:
    return {name: getattr(model, name) for name in model.model_fields_set}


def status_of(spec: FlowRunSpec) -> str:
    """Return the run status that a flow run states, or that follows from its record counts."""
    records = spec.records
    return spec.status or run_status.decide(
        records.input or 0, records.failed or 0, spec.partial_ingestion_percent, spec.threshold
    )


def errors_of(spec: FlowRunSpec, catalogue: Mapping[str, RunError]) -> tuple[RunError, ...]:
    """Return the stated errors; a code and message of your own is about records if any failed."""
    own = RunError("", "promotion", "record" if spec.records.failed else "run", "")
    return tuple(
        catalogue[error.code]
        if error.message is None
        else RunError(error.code, spec.stage or own.stage, own.level, error.message)
        for error in spec.errors
    )


def stage_of(spec: FlowRunSpec, errors: tuple[RunError, ...]) -> str:
    """Return where the run failed: as stated, or where its errors belong; else promotion."""
    return spec.stage or next((error.stage for error in errors), "promotion")


def rules_of_kind(document: Document, index: int, event: Collection[str]) -> Iterator[Problem]:
    """Yield what is wrong with the keys that say what an event is."""
    path: Path = ("events", index)
    kinds = {"flow_run", "payload"} & set(event)
    if len(kinds) == 2 or not (kinds or any(map(_is_like_kind, event))):
        found = "both flow_run and payload" if kinds else "neither flow_run nor payload"
        yield document.problem(path, found, "exactly one of them")
    if kinds == {"payload"}:
        for name in sorted({"run", "override"} & set(event)):
            yield document.problem(
                (*path, name), f"{name} beside payload", "it only beside flow_run", at_key=True
            )


def _is_like_kind(key: str) -> bool:
    """Tell whether a key may be a misspelt kind of event."""
    return bool(get_close_matches(key[:_LONGEST_KIND], ("flow_run", "payload"), 1))


def rules_of_event(
    document: Document, index: int, event: EventSpec, flow: FlowRunSpec
) -> Iterator[Problem]:
    """Yield what is wrong with one event, whatever else may be mistaken in it."""
    path: Path = ("events", index)
    if "flow_run" in event.model_fields_set and event.flow_run is None:
        yield document.problem(
            (*path, "flow_run"), "nothing", "a mapping; {} is a run with nothing special"
        )
    if event.event_id is not None and event.repeat > 1:
        yield document.problem(
            (*path, "event_id"), f"one id for {event.repeat} events", "repeat: 1 beside event_id"
        )
    if event.flow_run is not None:
        spec = merged(flow, event.flow_run)
        yield from _rules_of_counts(document, (*path, "flow_run"), spec)


def _rules_of_counts(document: Document, path: Path, spec: FlowRunSpec) -> Iterator[Problem]:
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
    document: Document, index: int, event: EventSpec, flow: FlowRunSpec, vocabulary: Vocabulary
) -> Iterator[Problem]:
    """Yield where the parts of a run do not fit each other; the event must be sound."""
    if event.flow_run is None:
        return
    path: Path = ("events", index, "flow_run")
    spec = merged(flow, event.flow_run)
    for name in ("failed", "output"):
        if spec.records.input is None and getattr(spec.records, name) is not None:
            yield document.problem(
                (*path, "records"), f"{name} without input", "input: the records read"
            )
    errors = errors_of(spec, vocabulary.errors)
    stage, failed = stage_of(spec, errors), status_of(spec) == "failed"
    yield from _rules_of_reasons(document, (*path, "errors"), spec, errors)
    strangers = [error.code for error in errors if error.stage != stage]
    if strangers:
        yield document.problem((*path, "errors"), f"{strangers[0]}", f"errors of {stage} only")
    if stage == "copy" and not failed:
        yield document.problem(
            (*path, "stage"), "stage copy on a run that succeeds", "status: failed beside it"
        )
    if stage == "copy" and spec.records.failed:
        yield document.problem(
            (*path, "stage"), "stage copy with failed records", "promotion, where records fail"
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


def _rules_of_labels(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Yield where events tell about one run as if it were of several dataflows."""
    first: dict[str, tuple[int, dict[Path, str | None]]] = {}
    for index, event in enumerate(scenario.events):
        if event.run is None or event.flow_run is None:
            continue
        flow = _flow_of(merged(scenario.flow, event.flow_run))
        earlier, expected = first.setdefault(event.run, (index, flow))
        for path, value in flow.items():
            if value != expected[path]:
                wanted = f"{expected[path] or 'none'} as in events[{earlier}]"
                yield document.problem(
                    ("events", index, "flow_run", *path),
                    value or "none",
                    f"{wanted}, which is about the same run, or another run",
                )


def _rules_of_durations(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Yield where a run is said to have taken longer than from its one beginning to its end."""
    begun: dict[str, tuple[int, float]] = {}
    now = 0.0
    for index, event in enumerate(scenario.events):
        now += event.after
        if event.run is not None and event.flow_run is not None:
            stated = merged(scenario.flow, event.flow_run).duration
            usual = timeline.USUAL_LENGTH[1] if stated is None else stated
            first, begin = begun.setdefault(event.run, (index, now - usual))
            if stated is not None and stated > now - begin + _MILLISECOND:
                most = duration.spell(now - begin)
                yield document.problem(
                    ("events", index, "flow_run", "duration"),
                    duration.spell(stated),
                    f"at most {most}, since the run began, or more in events[{first}]",
                )
        now += event.after * (event.repeat - 1)


def _flow_of(spec: FlowRunSpec) -> dict[Path, str | None]:
    """Return what a flow run says of its dataflow; the rest is about the run."""
    sandbox = spec.sandbox or Sandbox()
    names = ("id", "name", "org", "source_connection", "target_connection")
    return {
        ("source",): spec.source or USUAL_SOURCE,
        ("sandbox",): sandbox.name,
        ("sandbox", "id"): sandbox.id,
        **{(name,): getattr(spec, name) for name in names},
    }


def warnings_of(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Yield what Flow Service takes and is hardly meant, at the first place that says it."""
    specs = {("flow",): scenario.flow} | {
        ("events", index, "flow_run"): event.flow_run
        for index, event in enumerate(scenario.events)
        if event.flow_run is not None
    }
    for path, spec in specs.items():
        percent = spec.partial_ingestion_percent
        if percent is not None and percent > 100:
            wanted = "at most 100; with more, no run fails for its records"
            yield document.problem((*path, "partial_ingestion_percent"), f"{percent:f}", wanted)
            return


def rules_of_story(
    document: Document, scenario: Scenario, vocabulary: Vocabulary
) -> Iterator[Problem]:
    """Yield what is wrong with a scenario whose single values are all sound."""
    yield from fault_rules.rules_of_file(document, scenario, vocabulary.faults)
    yield from _rules_of_labels(document, scenario)
    yield from _rules_of_durations(document, scenario)
    length = 0.0
    for index, event in enumerate(scenario.events):
        yield from rules_of_kind(document, index, event.model_fields_set)
        yield from rules_of_event(document, index, event, scenario.flow)
        yield from rules_of_run(document, index, event, scenario.flow, vocabulary)
        yield from fault_rules.rules_of_event(document, index, event, vocabulary.faults)
        grown = length + event.after * event.repeat
        if grown > CENTURY >= length:
            yield document.problem(
                ("events", index), "a story of more than 100 years", "a shorter after or repeat"
            )
        length = grown
