"""Stories as tests name them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flowsim.errors import FlowsimError
from flowsim.scenario.amendment import Change
from flowsim.testing.stories import (
    StoryChanges,
    families_in,
    family_texts,
    open_captured,
    open_story,
    story_of,
    text_of,
)

from ..cases import for_each
from ..families.own import own_families
from ..fixtures import SCENARIOS

ONE = {"seed": 7, "at": "2026-01-15T09:30:00Z", "events": [{"flow_run": {}}]}


def bodies(scenario: object, *folders: Path, changed: tuple[Change, ...] = ()) -> list[bytes]:
    story = story_of(scenario, folders, list(changed), fresh=False)
    return [each.body for each in story.payloads()]


def test_a_name_a_file_and_a_mapping_give_the_same_story(scenario: Callable[[str], str]) -> None:
    written = scenario("seed: 7\nat: 2026-01-15T09:30:00Z\nevents:\n  - flow_run: {}\n")
    assert bodies(written) == bodies(Path(written)) == bodies(ONE)
    assert bodies("partial") == bodies(SCENARIOS / "partial.yaml")


def test_a_threshold_above_100_percent_is_logged_as_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bodies({**ONE, "flow": {"partial_ingestion_percent": 101}})
    (message,) = caplog.messages
    assert message.startswith("warning: ")
    assert "flow.partial_ingestion_percent: 101; expected at most 100" in message


def test_names_are_looked_up_in_folders_of_the_project_first(tmp_path: Path) -> None:
    (tmp_path / "partial.yaml").write_text("seed: 1\nevents:\n  - payload: {mine: true}\n")
    assert b'"mine":true' in bodies("partial", tmp_path)[0]
    assert bodies("partial.yaml", tmp_path)[0].count(b"mine") == 1
    assert bodies("success", tmp_path) == bodies("success")


def test_an_event_code_is_a_scenario_also_of_families_in_folders(tmp_path: Path) -> None:
    """The same text in other families is another story: results are kept for each of them."""
    assert bodies("sources_flow_run_failed") == bodies("sources_flow_run_failed")
    entry = {**ONE, "events": [{"order": {}}]}
    folders = [own_families(tmp_path)]
    story = open_story(entry, families=folders)
    assert [each.notification.event_code for each in story.events()] == ["order.placed"]
    assert open_story("order.placed", families=str(folders[0])).seed == 7
    with pytest.raises(FlowsimError, match="unknown key 'order'"):
        open_story(entry)
    file = folders[0] / "order.yaml"
    file.write_text(file.read_text().replace("order.placed", "order.made"))
    story = open_story(entry, families=folders)
    assert [each.notification.event_code for each in story.events()] == ["order.made"]


def test_a_file_whose_name_is_no_familys_is_left_out_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = own_families(tmp_path)
    (folder / "docker-compose.yaml").write_text("services: {}")
    assert open_story("order.placed", families=folder).seed == 7
    (message,) = caplog.messages
    assert message.startswith(f"warning: {folder / 'docker-compose.yaml'}: docker-compose cannot")


def test_a_family_file_that_cannot_be_read_is_left_out_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A running service gets the texts of the others, as from ``flowsim trigger``."""
    folder = own_families(tmp_path)
    (folder / "unread.yaml").mkdir()
    texts = family_texts(folder)
    assert texts
    assert not any("unread" in file for file, _ in texts)
    assert str(folder / "unread.yaml") in caplog.text


def test_a_folder_of_families_may_be_relative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the folder that the name meant at the call, also after a change of folder."""
    own_families(tmp_path)
    monkeypatch.chdir(tmp_path)
    known = families_in("families")
    monkeypatch.chdir("/")
    assert known["order"].label == "Orders"


def test_a_mapping_may_have_tuples_and_datetimes() -> None:
    result = bodies(
        {
            **ONE,
            "at": datetime(2026, 1, 15, 9, 30, tzinfo=UTC),
            "events": ({"flow_run": {}},),
        }
    )
    assert result == bodies(ONE)


def test_fresh_draws_new_ids_for_the_same_story() -> None:
    first, second = (story_of(ONE, (), [], fresh=True) for _ in range(2))
    assert next(first.events()).id != next(second.events()).id


@for_each(
    ("scenario", "said"),
    [
        ("partail", "no scenario, file or event code 'partail'; did you mean partial?"),
        (None, "a scenario is its name, its file or a mapping, not a NoneType; expected one such"),
        ({1: 2}, "the test's scenario: the key 1; expected text"),
        ({"events": {1, 2}}, "events: a set; expected a value that YAML can contain"),
        ({"events": []}, "the test's scenario: events: "),
        ({"evnts": []}, "the test's scenario: evnts: unknown key 'evnts'; expected events"),
        ({"events": [{"flow_run": {"records": {"input": "x"}}}]}, "the test's scenario: events[0]"),
        ("-", "a test has no standard input to read a scenario from; name a file"),
    ],
)
def test_a_mistake_is_reported_in_one_sentence_with_its_place(scenario: object, said: str) -> None:
    with pytest.raises(FlowsimError) as raised:
        bodies(scenario)
    assert str(raised.value).splitlines()[0].startswith(said)


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        (
            StoryChanges(client_id=b"ab"),
            "client_id: a bytes; expected a value that YAML can contain",
        ),  # type: ignore[arg-type]
        (StoryChanges(seed=Path("x")), "seed: a PosixPath; expected a value that YAML can contain"),  # type: ignore[arg-type]
    ],
)
def test_an_argument_of_another_type_is_reported_in_one_sentence(
    wishes: StoryChanges, said: str
) -> None:
    with pytest.raises(FlowsimError, match=re.escape(said)):
        list(wishes.changes(None, None))


def test_a_mapping_that_contains_itself_is_refused() -> None:
    endless: dict[str, Any] = {}
    endless["flow"] = endless
    with pytest.raises(FlowsimError, match="more than 100 levels"):
        bodies(endless)


def test_changes_are_named_after_the_arguments_that_ask_for_them() -> None:
    settings = {"flow_run.records.failed": 60}
    wishes = StoryChanges(settings, "drop", "random", "2026-01-15", "a" * 32)
    asked = [(each.key, each.value, each.origin) for each in wishes.changes(7, "b" * 32)]
    assert asked == [
        ("flow_run.records.failed", 60, "set={'flow_run.records.failed': 60}"),
        ("faults", ["drop"], "faults='drop'"),
        ("seed", None, "seed='random'"),
        ("at", "2026-01-15", "at='2026-01-15'"),
        ("registration.client_id", "a" * 32, f"client_id='{'a' * 32}'"),
    ]
    delay, seed, client = StoryChanges(faults={"delay": "3s"}).changes(7, "b" * 32)
    assert (delay.value, seed.value, client.value) == ([{"delay": "3s"}], 7, "b" * 32)


def test_a_mapping_becomes_an_equal_text() -> None:
    assert text_of(ONE, ()) == (
        "the test's scenario",
        '{"seed": 7, "at": "2026-01-15T09:30:00Z", "events": [{"flow_run": {}}]}',
    )
    file = SCENARIOS / "partial.yaml"
    assert text_of("partial", ()) == (str(file), file.read_text("utf-8"))


@pytest.mark.parametrize(
    ("wishes", "resign", "said"),
    [
        (StoryChanges(), True, "resign=True is for captured requests; a scenario is signed anyway"),
        (StoryChanges(seed=7), False, " contains captured requests, which are sent unchanged"),
        (StoryChanges(fresh=True), True, " contains captured requests, which are sent unchanged"),
        (
            StoryChanges(client_id="a" * 32),
            False,
            "client_id= changes a captured request; add resign",
        ),
    ],
)
def test_captured_requests_stay_as_they_are(
    tmp_path: Path, wishes: StoryChanges, resign: bool, said: str
) -> None:
    folder = tmp_path / "incident"
    folder.mkdir()
    named = "partial" if said.startswith("resign=") else folder
    with pytest.raises(FlowsimError) as raised:
        open_captured(named, (), wishes, resign=resign)
    assert said in str(raised.value)


@for_each("folders", [None, 5, [None], b"families"])
def test_families_that_are_no_folders_are_refused_in_one_sentence(folders: Any) -> None:
    with pytest.raises(FlowsimError, match="no folders; expected a folder such as 'families'"):
        open_story("partial", families=folders)
