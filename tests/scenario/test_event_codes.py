"""Event codes in the place of a scenario: the example of the family to which they belong."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowsim.errors import ScenarioError, SettingError
from flowsim.families import registry
from flowsim.scenario.amendment import Change
from flowsim.scenario.files import read, read_shipped, read_text
from flowsim.story.opening import open_story

from ..cases import for_each
from ..families.own import break_family, own_families
from ..families.told import FIRST


@for_each("code", FIRST)
def test_the_story_of_a_code_has_an_event_of_that_code(code: str) -> None:
    """It begins at a stated moment with a stated seed, so it is the same at each opening."""
    story, again = open_story(code), open_story(code)
    assert code in {each.notification.event_code for each in story.events()}
    assert (story.name, story.seed, story.repeat_with) == (code, 7, "")
    assert [*story.payloads()] == [*again.payloads()]


def test_set_changes_the_story_of_a_code() -> None:
    (event,) = open_story(
        "sources_flow_run_failed", [Change("flow_run.stage", "copy", "--set flow_run.stage=copy")]
    ).events()
    assert event.notification.event_code == "sources_flow_run_failed"
    with pytest.raises(ScenarioError, match=r"^--set x: events.0..flow_run.records.failed: -1"):
        open_story("sources_flow_run_failed", [Change("flow_run.records.failed", -1, "--set x")])


def test_a_file_comes_before_the_code_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sources_flow_run_failed").write_text("events: []")
    assert read("sources_flow_run_failed").value == {"events": []}
    assert read_shipped("sources_flow_run_failed").value["seed"] == 7


def test_codes_of_a_users_own_families_need_these_families(tmp_path: Path) -> None:
    families = registry.with_folders((own_families(tmp_path),))
    assert read("order.placed", families).value["events"] == [{"order": {"items": 2}}]
    (event,) = open_story("order.placed", families=families).events()
    assert len(event.notification.content["lines"]) == 2
    with pytest.raises(SettingError, match=r"^no scenario, file or event code 'order.placed'; "):
        read_text("order.placed")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("sources_flow_run_fialed", "sources_flow_run_failed"),
        ("order.plcaed", "order.placed"),
        ("jobstate", "job_state"),
        ("partail", "partial"),
    ],
)
def test_a_typo_gets_the_nearest_name_across_families(tmp_path: Path, name: str, near: str) -> None:
    families = registry.with_folders((own_families(tmp_path),))
    with pytest.raises(SettingError) as caught:
        read(name, families)
    said = f"no scenario, file or event code {name!r}; did you mean {near}"
    assert str(caught.value).startswith(said)
    assert "--families" not in str(caught.value)


def test_a_code_without_families_of_ones_own_names_the_option() -> None:
    """A name that is near to scenarios only is a typo; a code may be one of the user's."""
    own = "or one of your own families (--families DIR)"
    for name, told in (("parcel.sent", True), ("source_flow_run_fail", True), ("partail", False)):
        with pytest.raises(SettingError) as caught:
            read(name)
        assert (own in str(caught.value)) is told
        with pytest.raises(SettingError) as caught:  # the service has no such option
            read_shipped(name)
        assert own not in str(caught.value)


def test_a_broken_family_file_is_shown_only_if_a_code_is_missing(tmp_path: Path) -> None:
    """The code may be in that file, so its mistakes follow the sentence about the code."""
    folder = own_families(tmp_path)
    file = break_family(folder)
    families = registry.with_folders((folder,))
    assert open_story("order.placed", families=families).event_count == 1
    with pytest.raises(ScenarioError) as caught:
        read("partail", families)
    first, *others = str(caught.value).splitlines()
    assert first == (
        "partail: no scenario, file or event code; "
        "expected partial, or the family files below without mistakes"
    )
    assert {line.partition(":")[0] for line in others} == {str(file)}
    assert any(line.startswith(f"{file}:2:1: ") for line in others)


def test_a_key_of_a_broken_family_file_shows_all_its_mistakes(tmp_path: Path) -> None:
    file = break_family(own_families(tmp_path))
    families = registry.with_folders((file.parent,))
    scenario = tmp_path / "mine.yaml"
    scenario.write_text("events: [{broken: {}}]")
    with pytest.raises(ScenarioError) as caught:
        open_story(str(scenario), families=families)
    assert len(caught.value.problems) > 1
    assert {each.file for each in caught.value.problems} == {str(file)}


def test_a_changed_family_file_is_read_again(tmp_path: Path) -> None:
    folder = own_families(tmp_path)
    before = registry.with_folders((folder,))
    assert registry.with_folders((folder,)) is before
    file = folder / "order.yaml"
    file.write_text(file.read_text().replace("items: 2", "items: 4").replace("Order", "Orders"))
    families = registry.with_folders((folder,))
    assert read("order.placed", families).value["events"] == [{"order": {"items": 4}}]
