"""Examples that follow from chosen options."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim import open_story
from flowsim.dashboard.events import example
from flowsim.dashboard.events.example import CHOSEN, ChosenOptions, shown
from flowsim.dashboard.events.options import SAY, said_from, settings_of, texts_of
from flowsim.families.registry import shipped
from flowsim.files.yaml_documents import parse_text
from flowsim.reports.event_guide import EventGuide, guide_of, guides

from ...cases import for_each, some_of

SUCCESS = "sources_flow_run_success"
GUIDES = guides(shipped())


def guide(code: str) -> EventGuide:
    found = guide_of(shipped(), code)
    assert found is not None
    return found


def paths_of(value: Any, path: str = "") -> set[str]:
    inner = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        inner = (("", each) for each in value)
    return {path}.union(*(paths_of(each, f"{path}/{key}") for key, each in inner))


def mistakes_of(page: example.ShownExample) -> dict[str, tuple[str, ...]]:
    return {each.name: each.mistakes for each in page.options if each.mistakes}


def test_an_event_for_journals_is_shown_as_a_journal_has_it() -> None:
    for found in shown(guide("asset_compute"), {}).example.events[0].formats:
        assert json.loads(found.text)["type"] == "rendition_created"


@pytest.mark.parametrize("several", some_of(6, GUIDES))
def test_without_choices_the_example_of_each_code_is_shown(several: list[EventGuide]) -> None:
    for found in several:
        page = shown(found, {})
        assert page.mistakes == ()
        assert not page.is_earlier
        usual, other = page.example.events[0].formats
        first = json.loads(usual.text)
        assert paths_of(first) == paths_of(found.example)
        assert usual.name == next(iter(found.family.formats)) != other.name


@pytest.mark.parametrize("several", some_of(6, GUIDES))
def test_each_variant_is_a_choice_that_shows_the_code(several: list[EventGuide]) -> None:
    for found in several:
        for said in found.code.entries():
            query = {CHOSEN: "1", **ChosenOptions.of_entry(said).texts}
            page = shown(found, query)
            assert not page.is_earlier
            assert page.example.events


def test_a_choice_is_the_scenario_that_is_shown() -> None:
    query = {CHOSEN: "1", "say.records.input": "500", "say.records.failed": "5", "seed": "3"}
    page = shown(guide(SUCCESS), query | {"say.partial_ingestion_percent": "2.5"})
    assert parse_text(page.example.scenario, "").value["events"] == [
        {"flow_run": {"partial_ingestion_percent": 2.5, "records": {"input": 500, "failed": 5}}}
    ]
    story = open_story(parse_text(page.example.scenario, "").value)
    (event,) = story.events()
    assert event.id == page.example.events[0].id


def test_both_formats_carry_the_same_event_id() -> None:
    (event,) = shown(guide(SUCCESS), {}).example.events
    adobe, cloud = (json.loads(each.text) for each in event.formats)
    assert adobe["event_id"] == cloud["event_id"] == event.id
    assert adobe["event"] == cloud["data"]


def test_a_format_without_a_source_is_marked_as_unknown() -> None:
    (event,) = shown(guide(SUCCESS), {}).example.events
    guesses = {each.name: each.is_guess for each in event.formats}
    assert guesses == {"adobe_io": False, "cloud_events": True}
    assert "flowsim assumes" in event.formats[1].about


@for_each(
    "names, members",
    [
        ("both", {"event_id", "eventid", "recipient_client_id", "recipientclientid"}),
        ("new-only", {"eventid", "recipientclientid"}),
        ("old-only", {"event_id", "recipient_client_id"}),
    ],
)
def test_ids_have_the_chosen_names_in_both_formats(names: str, members: set[str]) -> None:
    (event,) = shown(guide(SUCCESS), {"names": names}).example.events
    ids = {"event_id", "eventid", "recipient_client_id", "recipientclientid"}
    assert [ids & json.loads(each.text).keys() for each in event.formats] == [members, members]


@for_each(
    "field, text, words",
    [
        ("say.status", "fine", "success, partialSuccess or failed"),
        ("say.source", "amazon-s4", "amazon-s3"),
        ("say.records.failed", "1001", "at most input (1000)"),
        ("say.duration", "soon", "a duration such as 90s"),
        ("say.name", "x" * 1001, "at most 1,000"),
        ("say.errors", "no-such-code", "a code of"),
        ("seed", "-1", "at least 0"),
        ("at", "noon", "a moment such as"),
        ("fault", "no-such-fault", "a name of `flowsim faults`"),
        ("names", "newest", "both"),
    ],
)
def test_a_wrong_option_has_one_sentence_at_its_place(field: str, text: str, words: str) -> None:
    page = shown(guide(SUCCESS), {"say.records.input": "1000", CHOSEN: "1", field: text})
    ((sentence,),) = mistakes_of(page).values()
    assert words in sentence
    assert page.mistakes == ()
    assert next(each for each in page.options if each.key == field).value == text


@for_each(
    ("family", "name", "text", "value"),
    [
        ("custom_event", "body", '{"a": 1}', {"a": 1}),
        ("custom_event", "body", "[1, {b: two}]", [1, {"b": "two"}]),
        ("custom_event", "body", "{a", "{a"),
        ("custom_event", "code", "[a]", "[a]"),
        ("marketo_activity", "activities", "New Lead, Click Link", ["New Lead", "Click Link"]),
        ("marketo_activity", "activities", "[New Lead, Click Link]", ["New Lead", "Click Link"]),
        ("commerce", "fields", "[{name: sku}]", [{"name": "sku"}]),
    ],
)
def test_a_field_takes_lists_and_mappings_as_yaml_has_them(
    family: str, name: str, text: str, value: Any
) -> None:
    said = said_from(shipped()[family], {SAY + name: text})
    assert said == {name: value}
    if not isinstance(value, dict):
        again = dict(texts_of(said))
        assert said_from(shipped()[family], again) == said


def test_after_a_mistake_the_last_good_example_stays() -> None:
    good = shown(guide(SUCCESS), {CHOSEN: "1", "say.records.input": "77"})
    wrong = {CHOSEN: "1", "say.records.input": "many", "kept": good.choices.query}
    page = shown(guide(SUCCESS), wrong)
    assert page.is_earlier
    assert page.example == good.example
    assert page.choices.query == good.choices.query
    again = shown(guide(SUCCESS), {**wrong, "kept": "chosen=1&say.records.input=nonsense"})
    assert again.example == shown(guide(SUCCESS), {}).example


def test_other_codes_of_the_story_are_named() -> None:
    page = shown(guide(SUCCESS), {CHOSEN: "1", "say.status": "failed"})
    assert page.example.events == ()
    assert [code for code, *_ in page.example.others] == ["sources_flow_run_failed"]


def test_a_fault_changes_the_bodies_and_long_ones_are_cut() -> None:
    renamed = shown(guide(SUCCESS), {"fault": "deprecated-names-removed"}).example.events[0]
    assert "event_id" not in json.loads(renamed.formats[0].text)
    largest = shown(guide(SUCCESS), {"fault": "largest-batch"}).example.events[0]
    assert all(each.is_cut and len(each.text) <= 40_000 for each in largest.formats)
    assert largest.formats[0].size > 1_900_000


TEXTS = st.one_of(
    st.text(max_size=20),
    st.integers().map(str),
    st.sampled_from(["0", "5", "60", "1e9", "90s", "true", "failed", "copy", "{a: b}", "[", "-"]),
)


@given(st.data())
def test_any_options_show_an_example_and_say_what_is_wrong(data: st.DataObject) -> None:
    found = data.draw(st.sampled_from(GUIDES))
    keys = [SAY + each.name for each in settings_of(found.family)]
    keys += ["seed", "at", "names", "fault", "kept", CHOSEN, "other"]
    query = data.draw(st.dictionaries(st.sampled_from(keys), TEXTS, max_size=6))
    page = shown(found, query)
    has_mistakes = bool(page.mistakes or mistakes_of(page))
    assert page.is_earlier == has_mistakes
    text = page.example.scenario
    story = open_story(parse_text(text, "").value)
    own = [each.id for each in story.events() if each.code == found.code.code]
    assert [each.id for each in page.example.events] == own[: example.MOST_SHOWN]
    assert shown(found, dict(query)) == page
