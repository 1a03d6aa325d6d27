"""Faults in a scenario: which events have them, and which are refused with which message."""

from __future__ import annotations

from typing import Any

from flowsim.core.fault import Fault
from flowsim.core.identifiers import EVENT_CODE_WORDS
from flowsim.errors import ScenarioError
from flowsim.files.yaml_documents import parse_text
from flowsim.scenario.amendment import Change
from flowsim.scenario.parser import parse
from flowsim.story.opening import open_story, vocabulary

from ..cases import for_each

DURATION = "a duration such as 90s, 5m, 1h30m, 500ms or a number of seconds, at most 10 years"
NAMES = "a name of `flowsim faults`"


def mistakes(text: str) -> list[str]:
    try:
        parse(parse_text(text, "s.yaml"), vocabulary())
    except ScenarioError as error:
        return [str(problem).removeprefix("s.yaml:") for problem in error.problems]
    return []


def of_event(faults: str, kind: str = "flow_run: {}") -> list[str]:
    return mistakes(f"events:\n  - {kind}\n    faults: {faults}\n")


@for_each(
    "faults",
    [
        "[]",
        "[duplicate]",
        "[duplicate, {delay: 3s}, unsigned]",
        "[{delay: 2.5}]",
        "[{delay: }]",
        "[{unsigned: }]",
        "[{one-signature-invalid: 2}, {reference-ids: empty}]",
        "[{unknown-event-code: my.code_1}]",
    ],
)
def test_a_fault_is_a_name_or_a_name_with_an_argument(faults: str) -> None:
    assert of_event(faults) == []


@for_each(
    ("faults", "message"),
    [
        ("duplicate", "3:13: events[0].faults: 'duplicate'; expected a list"),
        ("[5]", "3:14: events[0].faults[0]: 5; expected the name of a fault, or {name: argument}"),
        (
            "[{delay: 1s, drop: }]",
            "3:14: events[0].faults[0]: a mapping; expected the name of a fault, or "
            "{name: argument}",
        ),
        (
            "[drop, dupplicate]",
            "3:20: events[0].faults[1]: unknown fault 'dupplicate'; expected duplicate, "
            f"or {NAMES}",
        ),
        (
            "[key_missing]",
            "3:14: events[0].faults[0]: unknown fault 'key_missing'; expected key-missing, "
            f"end-missing, body-missing, or {NAMES}",
        ),
        ("[zzz]", f"3:14: events[0].faults[0]: unknown fault 'zzz'; expected {NAMES}"),
        (
            "[{zzz: 5}]",
            f"3:14: events[0].faults[0]: unknown fault 'zzz'; expected {NAMES}",
        ),
        (
            "[{delay: soon}]",
            f"3:14: events[0].faults[0]: 'soon'; expected delay with {DURATION}",
        ),
        (
            "[{unsigned: very}]",
            "3:14: events[0].faults[0]: 'very'; expected unsigned with no argument",
        ),
        (
            "[{batch: 21}]",
            "3:14: events[0].faults[0]: 21; expected batch with a whole number from 1 to 20",
        ),
        (
            "[{reference-ids: none}]",
            "3:14: events[0].faults[0]: 'none'; expected reference-ids with missing or empty",
        ),
        (
            "[{unknown-event-code: a b}]",
            "3:14: events[0].faults[0]: 'a b'; expected unknown-event-code with an event code: "
            f"{EVENT_CODE_WORDS}",
        ),
        ("[drop, drop]", "3:20: events[0].faults[1]: drop again; expected each fault once"),
        (
            "[{delay: 1s}, {delay: 2s}]",
            "3:27: events[0].faults[1]: delay again; expected each fault once",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place_and_the_remedy(faults: str, message: str) -> None:
    assert of_event(faults) == [message]


def test_faults_about_runs_need_one() -> None:
    only = "which only entries of flow_run can have"
    expected = "expected a fault of any event, or an entry of flow_run"
    place = f"events[0].faults[0]: end-missing, {only}; {expected}"
    assert of_event("[end-missing]", "payload: 5") == [f"3:14: {place}"]
    whole = "faults: [late-start]\nevents: [payload: 5]"
    assert mistakes(whole) == [f"1:10: faults[0]: late-start, {only}; {expected}"]
    assert mistakes("faults: [late-start]\nevents: [{payload: 5}, {flow_run: {}}]") == []
    assert of_event("[duplicate, {burst: 3}]", "payload: 5") == []


def test_mistakes_in_faults_are_reported_with_all_others() -> None:
    found = mistakes(
        "seed: x\nfaults: [nope]\nevents:\n"
        "  - {flow_run: {records: {input: 1, failed: 2}}, faults: [drop, drop]}\n"
        "  - {payload: 1, faults: [{delay: x}]}\n"
    )
    assert [each.split(": ")[1] for each in found] == [
        "seed",
        "faults[0]",
        "events[0].flow_run.records.failed",
        "events[0].faults[1]",
        "events[1].faults[0]",
    ]


# Which faults an event suffers.


def suffered(scenario: Any, text: str) -> list[list[tuple[str, Any]]]:
    def described(fault: Fault) -> tuple[str, Any]:
        return fault.name, fault.argument

    story = open_story(scenario(f"seed: 1\nat: 2026-01-15T09:30:00Z\n{text}"))
    return [[*map(described, event.faults)] for event in story.events()]


def test_an_events_own_faults_replace_those_of_the_file(scenario: Any) -> None:
    text = """
faults: [{delay: 1m}, end-missing]
events:
  - {flow_run: {}}
  - {flow_run: {}, faults: [duplicate, {delay: 2m}]}
  - {payload: 5, faults: [unsigned]}
"""
    assert suffered(scenario, text) == [
        [("delay", 60.0), ("end-missing", None)],
        [("end-missing", None), ("duplicate", 2), ("delay", 120.0)],
        [("delay", 60.0), ("unsigned", None)],
    ]


def test_faults_can_be_given_from_the_command_line() -> None:
    whole = open_story("batch", [Change("faults", ["drop"], "--set")])
    one = open_story("batch", [Change("events.1.faults", [{"delay": "1s"}], "--set")])
    assert {event.faults[0].name for event in whole.events()} == {"drop"}
    assert [len(event.faults) for event in one.events()] == [0] * 25 + [1] * 10 + [0] * 10
    assert (whole.points, one.points) == ({"delivery"}, {"delivery"})


def test_each_event_draws_its_own_values_from_the_seed(scenario: Any) -> None:
    def seeds(seed: int) -> list[bytes]:
        path = scenario(
            f"seed: {seed}\nfaults: [tampered-body]\nevents: [{{payload: 1, repeat: 3}}]"
        )
        return [event.faults[0].seed for event in open_story(path).events()]

    assert len({*seeds(1)}) == 3
    assert seeds(1) == seeds(1) != seeds(2)
