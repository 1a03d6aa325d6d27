"""Changes to a scenario from the command line: their places, and their messages."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flowsim.errors import ScenarioError
from flowsim.files.document import Document
from flowsim.files.yaml_documents import parse_text
from flowsim.scenario.amendment import Change, amend
from flowsim.scenario.model import EventSpec, Scenario
from flowsim.scenario.parser import parse
from flowsim.story.opening import vocabulary

from ..cases import for_each

STORY = """\
seed: 7
events:
  - flow_run: {records: {input: 1000, failed: 30}}
  - payload: {n: 1}
  - flow_run: {}
    after: 5s
"""


def changed(key: str, value: object, text: str = STORY) -> Any:
    """Return the values of a scenario after one change."""
    return amend(parse_text(text, "s.yaml"), [Change(key, value, "--set")]).value


def refusal(key: str, value: object = 1, text: str = STORY) -> str:
    with pytest.raises(ScenarioError) as caught:
        amend(parse_text(text, "s.yaml"), [Change(key, value, f"--set {key}={value}")])
    return str(caught.value)


def test_a_key_of_the_scenario_names_one_place() -> None:
    assert changed("seed", 8)["seed"] == 8
    assert changed("description", "other")["description"] == "other"


def test_missing_mappings_on_the_way_to_a_key_are_added() -> None:
    assert changed("flow.records.input", 5)["flow"] == {"records": {"input": 5}}
    assert changed("registration.names", "new-only")["registration"] == {"names": "new-only"}


def test_a_key_of_an_event_names_it_in_every_event() -> None:
    events = changed("expect", "rejected")["events"]
    assert [event["expect"] for event in events] == ["rejected"] * 3
    assert [event["after"] for event in changed("after", 1)["events"]] == [1, 1, 1]


def test_a_key_of_flow_run_or_payload_changes_events_that_have_one() -> None:
    first, second, third = changed("flow_run.records.failed", 60)["events"]
    assert first["flow_run"] == {"records": {"input": 1000, "failed": 60}}
    assert second == {"payload": {"n": 1}}
    assert third["flow_run"] == {"records": {"failed": 60}}
    assert [event.get("payload") for event in changed("payload.n", 2)["events"]] == [
        None,
        {"n": 2},
        None,
    ]


def test_a_numbered_key_names_one_event() -> None:
    events = changed("events.2.after", "9s")["events"]
    assert [event.get("after") for event in events] == [None, None, "9s"]


def test_a_change_is_in_the_parsed_scenario() -> None:
    document = amend(
        parse_text(STORY, "s.yaml"), [Change("events.0.flow_run.records.failed", 60, "--set")]
    )
    event = parse(document, vocabulary()).events[0]
    assert event.flow_run is not None
    assert event.flow_run.records.failed == 60


def test_all_changes_are_made_and_the_last_one_wins() -> None:
    document = parse_text(STORY, "s.yaml")
    for key, value in [("seed", 1), ("after", "1s"), ("events.1.after", "2s"), ("seed", 2)]:
        document = amend(document, [Change(key, value, f"--set {key}={value}")])
    assert document.value["seed"] == 2
    assert [event["after"] for event in document.value["events"]] == ["1s", "2s", "1s"]


def test_the_document_itself_is_not_changed() -> None:
    document = parse_text(STORY, "s.yaml")
    before = copy.deepcopy(document)
    amend(document, [Change("flow_run.records.failed", 60, "--set")])
    assert document == before


ALIASED = "events:\n  - flow_run: &r {records: &c {input: 9}}\n  - flow_run: *r\n"


def test_a_change_of_one_event_does_not_change_events_with_its_alias() -> None:
    first, second = changed("events.0.flow_run.records.failed", 1, ALIASED)["events"]
    assert first == {"flow_run": {"records": {"input": 9, "failed": 1}}}
    assert second == {"flow_run": {"records": {"input": 9}}}


def test_an_event_may_be_named_as_messages_name_it() -> None:
    dotted = changed("events.1.after", "5m", STORY)
    assert changed("events[1].after", "5m", STORY) == dotted
    assert dotted["events"][1]["after"] == "5m"


def test_a_change_of_one_event_does_not_change_the_others() -> None:
    document = amend(parse_text(STORY, "s.yaml"), [Change("override", {"a": 1}, "--set override")])
    document = amend(document, [Change("events.0.override.b", 2, "--set events.0.override.b")])
    assert [event["override"] for event in document.value["events"]] == [
        {"a": 1, "b": 2},
        {"a": 1},
        {"a": 1},
    ]


@for_each(
    ("key", "expected"),
    [
        ("sed", "a key such as seed"),
        ("overide.x", "a key such as override"),
        ("flowrun.status", "a key such as flow_run"),
        ("zzzz", "a key such as flow_run.records.input"),
        ("", "a key such as flow_run.records.input"),
        ("records.failed", "a key such as flow_run.records.failed"),
        ("stagee", "a key such as flow_run.stage"),
        ("event_delivery_format", "a key such as registration.event_delivery_format"),
        ("events", "events.0.… to events.2.…"),
        ("events.0", "events.0.… to events.2.…"),
        ("events[3].after", "events.0.… to events.2.…"),
        ("events[0]", "events.0.… to events.2.…"),
        ("events.3.after", "events.0.… to events.2.…"),
        ("events.-1.after", "events.0.… to events.2.…"),
        ("events.first.after", "events.0.… to events.2.…"),
        ("events.1²3.after", "events.0.… to events.2.…"),
        ("seed.x", "a key inside a mapping"),
        ("events.0.after.x.y", "a key inside a mapping"),
    ],
)
def test_a_wrong_key_is_refused_with_an_example_of_a_right_one(key: str, expected: str) -> None:
    text = STORY.replace("- flow_run: {rec", "- after: 1s\n    flow_run: {rec")
    assert (
        refusal(key, text=text) == f"--set {key}=1: a key that does not exist; expected {expected}"
    )


def test_a_key_of_a_family_is_named_below_its_family() -> None:
    text = "events: [{audit_event: {}}]"
    assert refusal("action", "Delete", text).endswith("expected a key such as audit_event.action")
    assert refusal("asset_nam", "x", text).endswith("a key such as audit_event.asset_name")


@pytest.mark.parametrize("number", ["9" * 5000, "1" * 30], ids=len)
def test_an_impossible_index_of_an_event_is_refused(number: str) -> None:
    answer = "a key that does not exist; expected events.0.… to events.2.…"
    assert answer in refusal(f"events.{number}.after")


@for_each("events", ["[5]", "[null]", "[text]", "[[flow_run]]", "5", "{}", "null"])
@for_each("key", ["flow_run.status", "payload.x", "flow_run", "expect", "run"])
def test_a_change_is_refused_if_events_is_no_list(events: str, key: str) -> None:
    """The change is reported, or the file when it is parsed."""
    with pytest.raises(ScenarioError):
        parse(
            amend(parse_text(f"events: {events}", "s.yaml"), [Change(key, "x", "--set")]),
            vocabulary(),
        )


def test_a_wrong_value_of_an_option_is_reported_with_the_option() -> None:
    document = parse_text(STORY, "s.yaml")
    document = amend(document, [Change("flow_run.records.failed", 2000, "--set f=2000")])
    document = amend(document, [Change("registration.client_id", 5, "--client-id 5")])
    with pytest.raises(ScenarioError) as caught:
        parse(document, vocabulary())
    assert sorted(str(problem) for problem in caught.value.problems) == [
        '--client-id 5: registration.client_id: 5; expected the client id in quotes, as in "0123",'
        " or leading zeros are lost",
        "--set f=2000: events[0].flow_run.records.failed: 2000; expected at most input (1000)",
        "--set f=2000: events[2].flow_run.records: failed without input;"
        " expected input: the records read",
    ]


def test_a_typo_inside_a_key_gets_the_nearest_right_name() -> None:
    document = amend(
        parse_text(STORY, "s.yaml"), [Change("events.2.flow_run.staus", "failed", "--set s")]
    )
    with pytest.raises(ScenarioError) as caught:
        parse(document, vocabulary())
    assert str(caught.value) == (
        "--set s: events[2].flow_run.staus: unknown key 'staus'; expected status"
    )


def test_the_mistakes_of_the_file_keep_their_places() -> None:
    text = STORY.replace("after: 5s", "after: soon")
    document = amend(parse_text(text, "s.yaml"), [Change("seed", -1, "--seed -1")])
    with pytest.raises(ScenarioError) as caught:
        parse(document, vocabulary())
    assert [str(problem).split("; ")[0] for problem in caught.value.problems] == [
        "--seed -1: seed: -1",
        "s.yaml:6:12: events[2].after: 'soon'",
    ]


STEPS = st.sampled_from(
    [*Scenario.model_fields, *EventSpec.model_fields, "0", "1", "9", "²", "٣", "x", "", "records"]
)
KEYS = st.lists(STEPS, min_size=1, max_size=5).map(".".join) | st.text(max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(STEPS.filter(bool), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(VALUES | st.fixed_dictionaries({"events": st.lists(VALUES, max_size=3)}), KEYS, VALUES)
@example({"events": [5]}, "flow_run.x", 1)
@example({"events": ["flow_run"]}, "flow_run", 1)
def test_any_change_of_any_document_is_a_scenario_or_refused(
    document: Any, key: str, value: Any
) -> None:
    try:
        parse(amend(Document("s.yaml", document), [Change(key, value, "--set")]), vocabulary())
    except ScenarioError as error:
        problems = error.problems
    else:
        return
    assert problems
