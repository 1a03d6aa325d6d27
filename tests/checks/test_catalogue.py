"""What every check of the catalogue has in common."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from flowsim.checks import catalogue
from flowsim.checks.check_requests import CheckStories
from flowsim.checks.groups import files, groups
from flowsim.checks.subject import subject_of
from flowsim.errors import SettingError
from flowsim.families.registry import shipped
from flowsim.installation.settings import home

NAMES = catalogue.names()
(LOAD,) = (each for each in files() if each.group == "load")
STORIES = CheckStories(
    *("0123456789abcdef0123456789abcdef", "adobe_io", 1, "token", "127.0.0.1:1", "127.0.0.1:2"),
    subject_of(None, shipped()),
)


def test_each_group_is_one_file_with_checks_in_order() -> None:
    paths = {each.group: each.path for each in files()}
    without_checks = {paths["http"].with_name("no_check.yaml")}
    assert {*paths["http"].parent.glob("*.yaml")} - without_checks < {*paths.values()}
    assert [*groups()] == ["challenge", "signature", "http", "identity", "payload", "load"]
    assert [paths[group].is_file() for group in groups()] == [True] * 6
    for group in groups():
        found = [name for name in NAMES if catalogue.find(name).group == group]
        assert found == sorted(found, key=lambda name: (name != catalogue.FIRST, name))
    assert NAMES[0] == catalogue.FIRST


def test_a_check_says_what_it_claims_why_and_what_to_do() -> None:
    for check in map(catalogue.find, NAMES):
        assert check.level in ("must", "should", "note"), check.name
        assert re.fullmatch(r"[A-Z].{20,98}\.", check.claim), check.name
        assert check.why.endswith((".", "?")), check.name
        assert check.advice.endswith("."), check.name
        assert re.fullmatch(r"https://[a-z.-]+/\S+", check.page), check.name


def test_a_check_cites_a_section_of_the_documents() -> None:
    cited = re.compile(
        r"docs/adobe/[a-z-]+\.md §\d+(\.\d+)?(, (mistake|trap)s? \d+(, \d+)*( and \d+)?)?"
    )
    for check in map(catalogue.find, NAMES):
        assert check.source, check.name
        assert all(cited.fullmatch(each) for each in check.source), check.name


@pytest.mark.parametrize("name", NAMES)
def test_the_events_of_a_check_are_a_valid_scenario(name: str) -> None:
    check = catalogue.find(name)
    if check.events:
        story = STORIES.story(check)
        assert list(story.payloads())
        assert story.name == name


def test_checks_are_chosen_by_name_and_group_with_the_first_check() -> None:
    def chosen(*only: str, skip: tuple[str, ...] = ()) -> list[str]:
        return [check.name for check in catalogue.select(only, skip)]

    assert chosen("unsigned") == ["answers", "unsigned"]
    assert chosen("unsigned", "tampered-body") == ["answers", "tampered-body", "unsigned"]
    assert {catalogue.find(name).group for name in chosen("signature")} == {"http", "signature"}
    assert "unsigned" not in chosen(skip=("signature",))
    assert chosen() == [each for each in NAMES if not catalogue.find(each).is_thorough]


def test_a_wrong_name_is_answered_with_the_right_ones() -> None:
    with pytest.raises(SettingError, match=r"'signatures'; expected signature, "):
        catalogue.select(["signatures"])
    with pytest.raises(SettingError, match="expected a check of `flowsim check --list`, or one of"):
        catalogue.select(skip=["zzzz"])
    with pytest.raises(SettingError, match="no check is left"):
        catalogue.select(["unsigned"], ["signature"])


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file that keeps what was read of a group, in an empty data folder."""
    monkeypatch.setenv("FLOWSIM_HOME", str(tmp_path))
    return home() / "checks" / "load.json"


def test_a_catalogue_is_kept_until_its_file_changes(kept: Path) -> None:
    content = catalogue.content_of(LOAD)
    assert json.loads(kept.read_bytes())["content"] == content
    kept.write_text(json.dumps({**json.loads(kept.read_bytes()), "content": {"kept": {}}}))
    assert catalogue.content_of(LOAD) == {"kept": {}}
    kept.write_text(json.dumps({"sha256": "of another file", "content": {}}))
    assert catalogue.content_of(LOAD) == content


@pytest.mark.parametrize("damaged", [b"", b"[]", b"{}", b"\xff", b'{"sha256": 1}'])
def test_a_damaged_copy_is_read_anew(kept: Path, damaged: bytes) -> None:
    content = catalogue.content_of(LOAD)
    kept.write_bytes(damaged)
    assert catalogue.content_of(LOAD) == content


def test_checks_are_read_where_nothing_can_be_kept(kept: Path) -> None:
    kept.parent.write_text("a file in the place of the folder")
    assert "burst" in catalogue.content_of(LOAD)
