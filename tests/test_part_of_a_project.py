"""This checkout as a folder of another project, whose pytest is to find its own tests only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .checkout import CHECKOUT
from .other_plugins import ALONE

MINE = "def test_mine():\n    assert True\n"
PLACES = ("flowsim", "vendor/flowsim")


@pytest.fixture(params=PLACES)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A project with a test package of its own, and flowsim in one of its folders."""
    ours = tmp_path / request.param
    ignored = shutil.ignore_patterns("node_modules", "__pycache__")
    for name in ("tests", "simulator", "bench"):
        shutil.copytree(CHECKOUT / name, ours / name, ignore=ignored)
    for name in ("conftest.py", "pyproject.toml", "cli.py"):
        shutil.copy(CHECKOUT / name, ours)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "__init__.py").touch()
    (tmp_path / "tests" / "test_mine.py").write_text(MINE)
    (tmp_path / "tests" / "conftest.py").write_text("import tests\n\nassert tests\n")
    (tmp_path / "conftest.py").touch()
    return tmp_path


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


def place_of(project: Path) -> str:
    """Return where flowsim is in the project."""
    return next(each for each in PLACES if (project / each / "conftest.py").exists())


@pytest.mark.parametrize(
    "options",
    [
        (),
        (".",),
        ("--import-mode=importlib",),
        ("--doctest-modules",),
        ("tests", "conftest.py"),
    ],
)
def test_pytest_finds_the_tests_of_the_project_only(
    project: Path, options: tuple[str, ...]
) -> None:
    assert collected(project, *options) == ["tests/test_mine.py::test_mine"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "[pytest]\n"),
        ("pyproject.toml", '[tool.pytest.ini_options]\naddopts = ["--strict-markers"]\n'),
        ("setup.cfg", "[tool:pytest]\n"),
        ("tox.ini", "[pytest]\n"),
    ],
)
def test_so_it_does_wherever_the_project_has_its_settings(
    project: Path, name: str, text: str
) -> None:
    (project / name).write_text(text)
    assert collected(project) == ["tests/test_mine.py::test_mine"]


def test_our_own_tests_are_found_when_they_are_named(project: Path) -> None:
    found = collected(project, f"{place_of(project)}/tests/test_clock.py")
    assert found
    assert {each.partition("::")[0] for each in found} == {"tests/test_clock.py"}
    assert collected(project / place_of(project), "tests/test_clock.py") == found


def test_the_folder_does_not_hide_the_package_that_is_installed(project: Path) -> None:
    """Python looks for packages where it is started, and this one is installed as editable."""
    (project / "flowsim").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "flowsim", "--version"]
    told = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    (project / "tests" / "test_mine.py").write_text("def test_mine(flowsim_service): pass\n")
    assert "1 passed" in run(project, "-q", "tests").stdout
