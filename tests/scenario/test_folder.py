"""A folder of scenario files: what is listed, and what is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowsim.errors import ScenarioError, SettingError
from flowsim.scenario import folder
from flowsim.scenario.folder import LARGEST, ScenarioFolder

from ..cases import for_each


def test_files_are_listed_by_name_and_read_as_they_are(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.YML", ".c.yaml", "d.txt"):
        (tmp_path / name).write_text(f"# {name}")
    found = ScenarioFolder(tmp_path)
    assert found.listing().names == ("a.YML", "b.yaml")
    assert found.text("b.yaml") == "# b.yaml"
    (tmp_path / "b.yaml").write_bytes(b"\xef\xbb\xbf# new")
    assert found.text("b.yaml") == "# new"


def test_more_files_than_are_listed_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "MOST_FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}.yaml").touch()
    found = ScenarioFolder(tmp_path).listing()
    assert (len(found.names), found.left_out) == (3, 2)


@for_each("name", ["../a.yaml", "/etc/passwd", "", ".", "..", "a.yaml\0", "b.yaml", "A.yaml"])
def test_only_listed_names_are_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.yaml").touch()
    (tmp_path.parent / "a.yaml").touch()
    with pytest.raises(LookupError):
        ScenarioFolder(tmp_path).text(name)


def test_a_file_up_to_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("#" * LARGEST)
    assert len(ScenarioFolder(tmp_path).text("a.yaml")) == LARGEST
    (tmp_path / "a.yaml").write_text("#" * (LARGEST + 1))
    with pytest.raises(ScenarioError, match="a file above 256 KiB; expected at most 256 KiB"):
        ScenarioFolder(tmp_path).text("a.yaml")


def test_what_is_no_folder_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingError, match="file: a file; expected a folder of scenario files"):
        ScenarioFolder(tmp_path / "file").listing()
    with pytest.raises(SettingError, match="none: no such folder; expected a folder of scenario"):
        ScenarioFolder(tmp_path / "none").expect_folder()
