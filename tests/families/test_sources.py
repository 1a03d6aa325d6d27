"""Folders with family files of users: one that cannot be read does not stop the others."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from flowsim.errors import ScenarioError, SettingError
from flowsim.families import registry, sources
from flowsim.families.data import reading
from flowsim.story.opening import open_story

from .own import own_families


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (os.mkfifo, "neither a file nor a folder"),
        (_socket, "neither a file nor a folder"),
        (lambda path: path.symlink_to("/dev/zero"), "neither a file nor a folder"),
        (lambda path: path.symlink_to(path), "too many levels of symbolic links"),
        (lambda path: path.symlink_to("nothing"), "no such file"),
        (Path.mkdir, "a folder"),
    ],
)
def test_what_is_no_file_is_a_mistake_and_never_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], reason: str
) -> None:
    """The other families of the folder can be used, and a service gets their texts."""
    monkeypatch.chdir(own_families(tmp_path, "order"))
    make(Path("other.yaml"))
    families = registry.with_folders((Path(),))
    readable, (problem,) = families.readable()
    assert "order" in [each.name for each in readable]
    assert str(problem).startswith(f"other.yaml: {reason}")
    with pytest.raises(ScenarioError, match=r"other\.yaml"):
        families["other"]
    ((file, _),), (said,) = sources.texts_of(families.files.values())
    assert file == "order.yaml"
    assert said.startswith(f"other.yaml: {reason}")


def test_a_file_with_mistakes_is_read_once_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, made = [], reading.read_family

    def counted(*arguments: object, **named: object) -> object:
        read.append(arguments)
        return made(*arguments, **named)

    monkeypatch.setattr(reading, "read_family", counted)
    file = own_families(tmp_path, "order") / "order.yaml"
    text = file.read_text()
    file.write_text("label: Orders\n")
    for _ in range(3):
        with pytest.raises(ScenarioError, match="expected the key summary"):
            registry.with_folders((file.parent,))["order"]
    assert len(read) == 1
    file.write_text(text)
    assert registry.with_folders((file.parent,))["order"].label == "Orders"


def test_a_file_that_may_be_read_again_is_read_again(tmp_path: Path) -> None:
    """Its time and size are as before; only its permissions have changed, or what it points to."""
    folder = own_families(tmp_path, "order")
    before = sources.version_of(folder)
    (folder / "order.yaml").chmod(0o600)
    assert sources.version_of(folder) != before


@pytest.mark.parametrize("text", ["a: [" + "1," * 1_001 + "]", "- 1\n" * 1_001])
def test_a_file_of_too_many_values_is_refused_early(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MOST_NODES", 1_000)
    load = sources.loaders_of([("order.yaml", text)], ())["order"]
    with pytest.raises(ScenarioError, match="more than 1000 keys and values"):
        load()


def test_a_folder_may_be_named_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(own_families(tmp_path, "order"))
    (tmp_path / "link").symlink_to("families")
    folders = (Path(), tmp_path / "families", tmp_path / "link", Path("../families/."))
    assert registry.with_folders(folders)["order"].label == "Orders"
    assert sources.distinct(folders) == [Path()]


def test_a_folder_with_an_impossible_name_is_refused() -> None:
    with pytest.raises(SettingError, match="no such folder"):
        registry.with_folders((Path("a\0b"),))


USABLE = ["copy", "json", "dict", "schema", "validate", "construct", "fields", "kinds", "said"]
USABLE += ["class", "self", "label", "events", "seed", "yes", "off"]


@pytest.mark.parametrize("name", USABLE)
def test_a_family_may_be_named_as_something_in_python(
    name: str, tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    folder = own_families(tmp_path, "order")
    (folder / "order.yaml").rename(folder / f"{name}.yaml")
    file = tmp_path / "story.yaml"
    file.write_text(f"events: [{{{name}: {{items: 1}}}}]")
    families = registry.with_folders((folder,))
    assert [*open_story(str(file), families=families).events()]
    assert not recwarn.list


def test_a_family_without_settings_says_so_of_any_key(tmp_path: Path) -> None:
    lines = ["provider: {id: one, label: One}", "label: One", "summary: One."]
    lines += ["formats: {adobe_io: A}"]
    lines += ["codes: {one: {label: One, grade: A}}", "bodies: {one: {a: 1}}"]
    lines += ["story: [{at: begin, code: one, body: one}]"]
    (tmp_path / "one.yaml").write_text("\n".join(lines))
    file = tmp_path / "story.txt"
    file.write_text("events: [{one: {size: 3}}]")
    with pytest.raises(ScenarioError, match=r"unknown key 'size'; expected \{\}, since nothing"):
        open_story(str(file), families=registry.with_folders((tmp_path,)))


NO_NAMES = ["null", "true", "false", "model_dump", "model_config", "run", "docker-compose"]


@pytest.mark.parametrize("name", [*NO_NAMES, "segment_job"])
def test_a_file_whose_name_is_no_familys_is_left_out(name: str, tmp_path: Path) -> None:
    """The other families can be used; without others, there is nothing to use."""
    folder = own_families(tmp_path, "order", "job")
    (folder / "order.yaml").rename(folder / f"{name}.yaml")
    found = registry.with_folders((folder,))
    reason = "there is a family" if name == "segment_job" else f"{name} cannot name a family"
    assert [*found.files] == ["job"]
    (said,) = found.left_out
    assert said.startswith(f"{folder / name}.yaml: {reason}")
    assert said.endswith("; it is left out")
    (folder / "job.yaml").unlink()
    with pytest.raises(SettingError, match=reason):
        registry.with_folders((folder,))


def test_the_first_of_two_files_of_a_name_is_used(tmp_path: Path) -> None:
    folders = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        folders.append(own_families(tmp_path / name, "order"))
    found = registry.with_folders((*folders,))
    assert found.files == {"order": str(folders[0] / "order.yaml")}
    assert [each.split(";")[0] for each in found.left_out] == [
        f"{folders[1] / 'order.yaml'}: there is a family order"
    ]


def test_a_file_in_the_place_of_a_folder_is_called_a_file(tmp_path: Path) -> None:
    file = own_families(tmp_path, "order") / "order.yaml"
    with pytest.raises(
        SettingError, match=r"order\.yaml: a file; expected a folder of family files"
    ):
        registry.with_folders((file,))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('"{{ begin + pause }}"', "bodies.placed.due"),
        ('{$text: "{{ 5 // (items - 2) }}"}', "bodies.placed.due"),
    ],
)
def test_what_only_telling_shows_is_a_mistake_of_the_file(
    tmp_path: Path, text: str, place: str
) -> None:
    """The example of each event code is told when the file of a user is read."""
    file = own_families(tmp_path, "order") / "order.yaml"
    head, between, rest = file.read_text().partition("\n  placed:\n")
    file.write_text(f"{head}{between}    due: {text}\n{rest}")
    _, (problem,) = registry.with_folders((file.parent,)).readable()
    assert problem.path.startswith(place)
    assert (problem.file, problem.line) == (str(file), head.count("\n") + 3)
    assert "(the example of order.placed)" in problem.found
