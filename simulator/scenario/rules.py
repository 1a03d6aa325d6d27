"""Rules that need several values of a scenario, or the catalogues."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from ..core import duration
from ..errors import Problem
from ..families.flow_run import rules as flow_run_rules
from ..families.flow_run import timeline
from ..families.flow_run.spec import FlowRunSpec, merged
from ..files.document import Document, Path
from . import fault_rules
from .model import EventSpec, Scenario, Vocabulary

CENTURY = 36_525 * 86_400.0
"""The longest story, in seconds."""

_MILLISECOND = 0.001
"""Story times that differ by less are the same, in seconds."""

_LONGEST_KIND = 100
"""No more of a key is looked at to tell whether it is a misspelt one, in characters."""


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
            (*path, "flow_run"), "nothing", "a mapping; {} is a run with default values"
        )
    if event.event_id is not None and event.repeat > 1:
        yield document.problem(
            (*path, "event_id"), f"one id for {event.repeat} events", "repeat: 1 beside event_id"
        )
    if event.flow_run is not None:
        spec = merged(flow, event.flow_run)
        yield from flow_run_rules.rules_of_counts(document, (*path, "flow_run"), spec)


def _rules_of_labels(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Yield where events tell about one run as if it were of several dataflows."""
    first: dict[str, tuple[int, dict[Path, str | None]]] = {}
    for index, event in enumerate(scenario.events):
        if event.run is None or event.flow_run is None:
            continue
        flow = flow_run_rules.flow_of(merged(scenario.flow, event.flow_run))
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


def warnings_of(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Yield what is no mistake and hardly meant."""
    specs: dict[Path, FlowRunSpec] = {("flow",): scenario.flow}
    for index, event in enumerate(scenario.events):
        if event.flow_run is not None:
            specs["events", index, "flow_run"] = event.flow_run
    yield from flow_run_rules.warnings_of(document, specs)


def rules_of_run(
    document: Document, index: int, event: EventSpec, flow: FlowRunSpec, vocabulary: Vocabulary
) -> Iterator[Problem]:
    """Yield where the parts of an event's run do not fit each other; the event must be correct."""
    if event.flow_run is not None:
        path: Path = ("events", index, "flow_run")
        spec = merged(flow, event.flow_run)
        yield from flow_run_rules.rules_of_run(document, path, spec, vocabulary.errors)


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
