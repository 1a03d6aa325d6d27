"""Checks values of a scenario against each other and against the catalogues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from ..core.fault import FaultKind
from ..errors import Problem
from ..families.flow_run import rules as flow_run_rules
from ..families.flow_run.rules import LabelledRun
from ..families.flow_run.spec import FlowRunSpec, merged
from ..files.document import Document, Path
from .model import EventSpec, FaultSpec, Scenario, Vocabulary

CENTURY = 36_525 * 86_400.0
"""The longest story, in seconds."""

_LONGEST_KIND = 100
"""How many characters of a key are compared with the kinds of events."""


def rules_of_story(
    document: Document, scenario: Scenario, vocabulary: Vocabulary
) -> Iterator[Problem]:
    """Yield the broken rules in a scenario whose single values are all correct."""
    has_run = any(event.flow_run is not None for event in scenario.events)
    yield from _rules_of_faults(document, (), scenario.faults, has_run, vocabulary.faults)
    yield from flow_run_rules.rules_of_labels(document, _labelled_runs(scenario))
    yield from flow_run_rules.rules_of_durations(document, _labelled_runs(scenario))
    length = 0.0
    for index, event in enumerate(scenario.events):
        yield from rules_of_event(document, index, event, scenario.flow, vocabulary)
        grown = length + event.after * event.repeat
        if grown > CENTURY >= length:
            yield document.problem(
                ("events", index), "a story of more than 100 years", "a shorter after or repeat"
            )
        length = grown


def rules_of_event(
    document: Document,
    index: int,
    event: EventSpec,
    flow: FlowRunSpec,
    vocabulary: Vocabulary,
    *,
    is_whole: bool = True,
) -> Iterator[Problem]:
    """Yield the broken rules in one event whose single values are correct.

    If wrong values were left out before, ``is_whole`` is false: then nothing can be said about how
    the parts of the run fit each other.
    """
    path: Path = ("events", index)
    has_run = event.flow_run is not None
    yield from _rules_of_kind(document, path, document.value["events"][index])
    yield from _rules_of_values(document, path, event)
    yield from _rules_of_faults(document, path, event.faults, has_run, vocabulary.faults)
    if event.flow_run is not None:
        place, spec = (*path, "flow_run"), merged(flow, event.flow_run)
        yield from flow_run_rules.rules_of_counts(document, place, spec)
        if is_whole:
            yield from flow_run_rules.rules_of_run(document, place, spec, vocabulary.errors)


def warnings_of(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Yield warnings about values that are valid, but probably not intended."""
    specs: dict[Path, FlowRunSpec] = {("flow",): scenario.flow}
    for index, event in enumerate(scenario.events):
        if event.flow_run is not None:
            specs["events", index, "flow_run"] = event.flow_run
    yield from flow_run_rules.warnings_of(document, specs)


def _rules_of_kind(
    document: Document, path: Path, event: Mapping[str, object]
) -> Iterator[Problem]:
    """Yield problems of the keys that decide what an event is."""
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


def _rules_of_values(document: Document, path: Path, event: EventSpec) -> Iterator[Problem]:
    if "flow_run" in event.model_fields_set and event.flow_run is None:
        yield document.problem(
            (*path, "flow_run"), "nothing", "a mapping; {} is a run with default values"
        )
    if event.event_id is not None and event.repeat > 1:
        yield document.problem(
            (*path, "event_id"), f"one id for {event.repeat} events", "repeat: 1 beside event_id"
        )


def _rules_of_faults(
    document: Document,
    path: Path,
    specs: Sequence[FaultSpec],
    has_run: bool,
    kinds: Mapping[str, FaultKind],
) -> Iterator[Problem]:
    """Yield problems of a list of faults; some faults need a flow run."""
    seen = set()
    for index, spec in enumerate(specs):
        place = (*path, "faults", index)
        if spec.name in seen:
            yield document.problem(place, f"{spec.name} again", "each fault once")
        elif not has_run and kinds[spec.name].family:
            yield document.problem(place, f"{spec.name} without flow_run", "it beside flow_run")
        seen.add(spec.name)


def _labelled_runs(scenario: Scenario) -> Iterator[LabelledRun]:
    """Yield the run of each entry of ``events`` that has a label."""
    now = 0.0
    for index, event in enumerate(scenario.events):
        now += event.after
        if event.run is not None and event.flow_run is not None:
            yield LabelledRun(index, event.run, merged(scenario.flow, event.flow_run), now)
        now += event.after * (event.repeat - 1)
