"""Scenarios with thousands of mistakes are read in linear time, with short messages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pytest
from click.testing import Result
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from flowsim.errors import MOST_PRINTED, Problem, ScenarioError
from flowsim.files.document import Document
from flowsim.files.yaml_documents import parse_text
from flowsim.scenario.amendment import MOST_PLACES, Change, amend
from flowsim.story.opening import changes_of, story_of

from ..cases import for_each, one_in
from ..work import assert_linear

Flowsim = Callable[..., Result]
Write = Callable[..., str]

RUN = "events:\n  - flow_run: {}\n"


def events(line: str) -> Callable[[int], str]:
    """Return a scenario with many events; # in its text is replaced by the number of each."""
    return lambda number: (
        "events:\n" + "".join(f"  - {line}\n".replace("#", str(each)) for each in range(number))
    )


def behind(head: str, line: str, tail: str = "") -> Callable[[int], str]:
    """Return a scenario with many lines; # in the text is replaced by the number of each."""
    return lambda number: (
        head + "".join(f"{line}\n".replace("#", str(each)) for each in range(number)) + tail
    )


KINDS = {
    "unknown keys": behind("", "k#: 1", RUN),
    "unknown keys that are near to known ones": behind("", "descriptio#: 1", RUN),
    "unknown keys of an event": behind(RUN, "    k#: 1"),
    "unknown keys of an event that has no kind": behind("events:\n  - after: 1\n", "    k#: 1"),
    "unknown keys of a flow run": behind("events:\n  - flow_run:\n", "      k#: 1"),
    "events with an unknown key": events("{flow_run: {}, k#: 1}"),
    "events that are no mappings": events("5"),
    "events of two kinds": events("{flow_run: {}, payload: 1}"),
    "events of no kind": events("{after: 1}"),
    "counts that are no numbers": events("{flow_run: {records: {input: x}}}"),
    "counts that do not fit": events("{flow_run: {records: {input: 5, failed: 9}}}"),
    "unknown sources": events("{flow_run: {source: amazon-s#}}"),
    "unknown error codes": behind("events:\n  - flow_run:\n      errors:\n", "        - X-#"),
    "unknown faults": behind(f"{RUN}faults:\n", "  - duplicate#"),
    "a fault named again": behind(f"{RUN}faults:\n", "  - duplicate"),
    "a fault named again by an event": behind(f"{RUN}    faults:\n", "      - duplicate"),
    "events with faults of flow runs": events("{payload: 1, faults: [flat-run, flat-run]}"),
    "repeated keys": behind(RUN, "description: a"),
    "keys that are no text": behind(RUN, "#: a"),
    "infinite numbers": behind("events:\n  - payload:\n", "      - .inf"),
    "halves of characters": behind("events:\n  - payload:\n", '      - "\\ud800"'),
    "aliases of a mistaken event": behind("x: &x {a: 1}\nevents:\n", "  - *x"),
    "runs that are of several flows": events("{run: a, flow_run: {name: n#}}"),
    "a story that is too long": events("{flow_run: {}, after: 3155760000}"),
    "anchors within each other's lists": behind("events:\n  - payload:\n", "      - &a# [1]"),
}

FORMS = [
    "unknown keys",
    "events with an unknown key",
    "events that are no mappings",
    "counts that do not fit",
    "unknown error codes",
    "repeated keys",
    "keys that are no text",
    "infinite numbers",
    "halves of characters",
    "aliases of a mistaken event",
    "anchors within each other's lists",
]
"""Those that are different to what reads YAML, which knows no events."""


def read(text: str) -> Document:
    return parse_text(text, "s.yaml")


def mistakes(document: Document, changes: Iterable[Change] = ()) -> ScenarioError | None:
    try:
        story_of("s.yaml", document, changes)
    except ScenarioError as error:
        return error
    return None


def settings_of(*settings: tuple[str, str]) -> list[Change]:
    return [*changes_of(settings)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", one_in(5, KINDS))
def test_mistakes_take_time_in_proportion_to_their_number(kind: str) -> None:
    assert_linear(mistakes, lambda number: read(KINDS[kind](number)), 50)


@pytest.mark.slow
@for_each("kind", FORMS)
def test_text_is_read_in_proportion_to_its_length(kind: str) -> None:
    assert_linear(read, KINDS[kind], 25)


@pytest.mark.slow
@for_each(
    "key", ["events.#.k#", "events.#.flow_run.records.input", "flow_run.k#", "flow.k#", "payload.k"]
)
def test_changes_take_time_in_proportion_to_their_number(key: str) -> None:
    """Each change once copied the whole document."""
    kind = "payload" if key == "payload.k" else "flow_run"
    document = read(events(f"{{{kind}: {{}}}}")(900 if key.startswith("events") else 10))

    def make(number: int) -> list[Change]:
        return settings_of(*((key.replace("#", str(each)), "1") for each in range(number)))

    assert_linear(partial(amend, document), make, 100)


def test_mistakes_caused_by_changes_are_found_in_linear_time() -> None:
    changes = settings_of(("flow.records.input", "5"))
    kind = KINDS["unknown keys"]
    assert_linear(partial(mistakes, changes=changes), lambda number: read(kind(number)), 100)


@pytest.mark.slow
def test_changes_at_too_many_places_are_refused_before_they_are_made() -> None:
    """A thousand changes of ten thousand events would take minutes."""
    number = MOST_PLACES // 100 + 1
    changes = [Change("expect", "delivered", f"--set expect={each}") for each in range(100)]
    with pytest.raises(ScenarioError) as caught:
        story_of("s.yaml", read(events("{}")(number)), changes)
    assert str(caught.value) == (
        "--set expect=99: changes at more than 250,000 places; expected fewer changes, or events"
    )


# What is printed.


def problems(number: int) -> list[Problem]:
    return [Problem("s.yaml", line, 1, f"k{line}", "found", "other") for line in range(1, number)]


@given(st.integers(1, 3 * MOST_PRINTED))
def test_the_first_mistakes_are_printed_and_the_others_counted(number: int) -> None:
    error = ScenarioError(problems(number + 1))
    lines = str(error).splitlines()
    assert lines[:MOST_PRINTED] == [str(each) for each in error.problems[:MOST_PRINTED]]
    assert len(error.problems) == number
    more = number - MOST_PRINTED
    if more > 0:
        noun = "mistake" if more == 1 else "mistakes"
        assert lines[MOST_PRINTED:] == [f"… and {more} more {noun}; fix these first"]


def test_the_names_that_are_near_stand_in_each_line_that_is_printed() -> None:
    """They are searched late, and only for the mistakes that are printed."""
    error = mistakes(read(KINDS["unknown keys that are near to known ones"](200)))
    lines = str(error).splitlines()
    assert all(line.endswith("; expected description") for line in lines[:-1])
    assert lines[-1] == "… and 150 more mistakes; fix these first"


@pytest.mark.parametrize(
    "command", [("validate",), ("replay",), ("replay", "--json"), ("show",)], ids=" ".join
)
def test_each_command_prints_fifty_mistakes_and_the_number_of_the_rest(
    flowsim: Flowsim, scenario: Write, command: tuple[str, ...]
) -> None:
    result = flowsim(*command, scenario(KINDS["unknown keys"](2_000)))
    lines = result.stderr.splitlines()
    assert result.exit_code == 2
    assert len(lines) == MOST_PRINTED + 1
    assert lines[0].endswith(":1:1: k0: unknown key 'k0'; expected one of " + TOP)
    assert lines[-1] == "… and 1,950 more mistakes; fix these first"


TOP = "description, seed, at, registration, faults, events, flow"


def test_the_api_returns_fifty_mistakes_and_the_number_of_the_rest(api: FlaskClient) -> None:
    text = KINDS["events of no kind"](2_000)
    answer = api.post("/_flowsim/trigger", json={"text": text, "file": "my.yaml"})
    answered: dict[str, Any] = json.loads(answer.data)
    assert (answer.status_code, answered["reason"]) == (400, "Mistaken Scenario")
    lines = answered["message"].splitlines()
    assert len(lines) == MOST_PRINTED + 1
    assert lines[-1] == "… and 1,950 more mistakes; fix these first"


def test_a_mistake_below_a_long_key_is_printed_short_however_often() -> None:
    """A key of a megabyte was once written for each mistake below it."""
    key = "k" * 100_000
    text = f"events:\n  - payload:\n      ? {key}\n      :\n" + "        - .inf\n" * 100
    error = mistakes(read(text))
    assert error is not None
    assert max(map(len, str(error).splitlines())) < 1_000


def test_a_long_option_is_printed_short_before_each_mistake_that_it_causes() -> None:
    document = read(events("{payload: 1}")(100))
    error = mistakes(document, settings_of(("expect", "x" * 100_000)))
    assert error is not None
    assert max(map(len, str(error).splitlines())) < 1_500


def test_a_label_of_no_entry_is_reported_beside_wrong_values() -> None:
    """All mistakes come at once, also those that need two entries to be seen."""
    text = """\
seed: none
events:
- {run: load, source_run: {outcome: succes}}
- {run: next, profile_run: {predecessor: laod}}
- {profile_run: {predecessor: next}}
- {profile_run: {predecessor: [load]}}
"""
    with pytest.raises(ScenarioError) as caught:
        story_of("story", parse_text(text, "story.yaml"))
    assert [(each.line, each.path) for each in caught.value.problems] == [
        (1, "seed"),
        (3, "events[0].source_run.outcome"),
        (4, "events[1].profile_run.predecessor"),
        (6, "events[3].profile_run.predecessor"),
    ]
