"""This checkout as a folder of another project, whose pytest is to find its own tests only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .cases import one_in
from .checkout import CHECKOUT
from .other_plugins import ALONE

MINE = "def test_mine():\n    assert True\n"
PLACE = "flowsim"


def put(ours: Path) -> None:
    """Copy what pytest might find in this checkout to a folder."""
    ignored = shutil.ignore_patterns("node_modules", "__pycache__")
    for name in ("tests", "simulator", "bench"):
        shutil.copytree(CHECKOUT / name, ours / name, ignore=ignored)
    for name in ("conftest.py", "pyproject.toml", "cli.py"):
        shutil.copy(CHECKOUT / name, ours)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a test package of its own, and flowsim in one of its folders."""
    folder = tmp_path_factory.mktemp("project")
    put(folder / PLACE)
    (folder / "tests").mkdir()
    (folder / "tests" / "__init__.py").touch()
    (folder / "tests" / "test_mine.py").write_text(MINE)
    (folder / "tests" / "conftest.py").write_text("import tests\n\nassert tests\n")
    (folder / "conftest.py").touch()
    return folder


@pytest.fixture
def project(whole: Path) -> Iterator[Path]:
    """The same project, without settings that a test has given it."""
    before = {*whole.iterdir()}
    yield whole
    for path in {*whole.iterdir()} - before:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def collected(project: Path, *options: str) -> list[str]:
    """Return the tests that pytest finds, without plugins of others that are installed here."""
    told = run(project, "--co", "-q", *options)
    assert told.returncode == 0, told.stdout + told.stderr
    return [line for line in told.stdout.splitlines() if "::" in line]


def run(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
        cwd=project,
        env=os.environ | {"PYTEST_ADDOPTS": ALONE},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "options",
    one_in(3, [(), ("--import-mode=importlib", "--doctest-modules"), ("tests", "conftest.py")]),
)
def test_pytest_finds_the_tests_of_the_project_only(
    project: Path, options: tuple[str, ...]
) -> None:
    assert collected(project, *options) == ["tests/test_mine.py::test_mine"]


@pytest.mark.parametrize(
    ("name", "text", "options"),
    [
        ("pytest.ini", "[pytest]\n", ()),
        (
            "pyproject.toml",
            '[tool.pytest.ini_options]\naddopts = ["--strict-markers"]\n',
            ("tests", PLACE),
        ),
    ],
)
def test_a_settings_file_of_the_project_changes_nothing(
    project: Path, name: str, text: str, options: tuple[str, ...]
) -> None:
    (project / name).write_text(text)
    assert collected(project, *options) == ["tests/test_mine.py::test_mine"]


def test_settings_in_our_folder_only_change_nothing_else(project: Path) -> None:
    """Then pytest takes our folder for its root, and names tests as seen from there."""
    assert collected(project, PLACE, "tests") == ["test_mine.py::test_mine"]


@pytest.mark.slow
def test_our_own_tests_are_found_when_they_are_named(project: Path) -> None:
    found = collected(project, f"{PLACE}/tests/runtime/test_clock.py")
    assert found
    assert {each.partition("::")[0] for each in found} == {"tests/runtime/test_clock.py"}


@pytest.mark.slow
def test_our_folder_may_be_at_any_depth(project: Path) -> None:
    put(project / "vendor" / "flowsim")
    assert collected(project) == ["tests/test_mine.py::test_mine"]


@pytest.mark.slow
def test_the_folder_does_not_hide_the_package_that_is_installed(project: Path) -> None:
    """Python looks for packages where it is started, and this one is installed as editable."""
    command = [sys.executable, "-m", "flowsim", "--version"]
    told = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    (project / "more").mkdir()
    (project / "more" / "test_more.py").write_text("def test_more(flowsim_service): pass\n")
    assert "1 passed" in run(project, "-q", "more").stdout
