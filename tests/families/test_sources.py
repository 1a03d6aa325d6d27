"""Folders with family files of users: one that cannot be read does not stop the others."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from flowsim.errors import ScenarioError
from flowsim.families import registry, sources
from flowsim.families.data import reading

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
    ((file, _),), (said,) = sources.texts_in(Path())
    assert file == "order.yaml"
    assert said.startswith(f"other.yaml: {reason}")


def test_a_file_with_mistakes_is_read_once_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, made = [], reading.read_family

    def counted(*arguments: object) -> object:
        read.append(arguments)
        return made(*arguments)

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
