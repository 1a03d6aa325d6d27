"""The project's own continuous integration: what can be held without a runner."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from .checkout import CHECKOUT

MAKEFILE = (CHECKOUT / "Makefile").read_text("utf-8")
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))
VERSION = "Programming Language :: Python :: "
PYTHONS = [
    each.removeprefix(VERSION)
    for each in PROJECT["project"]["classifiers"]
    if each.startswith(f"{VERSION}3.")
]
"""Every version that flowsim says it is for."""


def workflow() -> dict[str, Any]:
    file = CHECKOUT / ".github" / "workflows" / "ci.yml"
    loaded: dict[str, Any] = YAML(typ="safe").load(file.read_text("utf-8"))
    return loaded


def steps(job: str) -> list[dict[str, Any]]:
    return [*workflow()["jobs"][job]["steps"]]


# Which Pythons


@pytest.mark.parametrize("job", ["unix", "windows"])
def test_each_python_that_the_project_names_is_tried(job: str) -> None:
    described = workflow()["jobs"][job]
    assert described["strategy"]["matrix"]["python"] == PYTHONS
    (python,) = (each for each in steps(job) if "setup-python" in each.get("uses", ""))
    assert python["with"] == {"python-version": "${{ matrix.python }}"}


def test_all_files_name_the_same_python_versions() -> None:
    readme = (CHECKOUT / "README.md").read_text("utf-8")
    told = f"Python {', '.join(PYTHONS[:-1])} and {PYTHONS[-1]}"
    assert told in readme
    assert re.search(r"^PYTHONS \?= (.+)$", MAKEFILE, re.MULTILINE)[1].split() == PYTHONS  # type: ignore[index]
    assert PROJECT["project"]["requires-python"] == f">={PYTHONS[0]}"
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py{PYTHONS[0].replace('.', '')}"


# What the workflow runs


def test_linux_and_macos_run_targets_that_there_are() -> None:
    targets = set(re.findall(r"^([\w-]+):", MAKEFILE, re.MULTILINE))
    commands = [each["run"].split() for each in steps("unix") if "run" in each]
    names = [name for _, name in commands]
    assert names == ["test", "test-pages", "test-checks", "test-slow", "lint"]
    assert {*names} <= targets
    assert {*workflow()["jobs"]["unix"]["strategy"]["matrix"]["os"]} == {
        "ubuntu-latest",
        "macos-latest",
    }


def test_what_make_test_leaves_out_is_what_other_targets_run() -> None:
    recipes = re.findall(r"^(test(?:-(?!all)\w+)?):.*\n\t(.+)$", MAKEFILE, re.MULTILINE)
    assert dict(recipes) == {
        "test": "$(PYTEST) -m 'not slow' --ignore tests/dashboard --ignore tests/checks",
        "test-pages": "$(PYTEST) -m 'not slow' tests/dashboard",
        "test-checks": "$(PYTEST) -m 'not slow' tests/checks",
        "test-slow": "$(PYTEST) -m slow",
    }


def test_windows_installs_the_extra_for_tests_with_everything_pinned_and_runs_pytest() -> None:
    install, run = (each["run"] for each in steps("windows") if "run" in each)
    (extra,) = re.findall(r"\[(\w+)\]", install)
    assert extra in PROJECT["project"]["optional-dependencies"]
    constraint = workflow()["jobs"]["windows"]["env"]["PIP_CONSTRAINT"]
    assert (CHECKOUT / constraint.rpartition("/")[2]).is_file()
    assert run.startswith("python -m pytest")


def test_types_are_checked_as_on_every_system() -> None:
    recipe = MAKEFILE.partition("\nlint:")[2].partition("\n\n")[0]
    assert set(re.findall(r"--platform (\w+)", recipe)) == {"darwin", "win32"}
    assert re.findall(r"--python-version (\S+)", recipe) == ["3.14"]


def test_every_action_is_pinned_to_a_version() -> None:
    used = [each["uses"] for job in workflow()["jobs"] for each in steps(job) if "uses" in each]
    assert used
    assert [each for each in used if not re.fullmatch(r"actions/[\w-]+@v\d+", each)] == []


# make test-all


@pytest.fixture
def make(tmp_path: Path) -> Path:
    """A make that fails on a Python of the name ``bad``, and writes down what it is told."""
    script = tmp_path / "make"
    script.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/told\ncase "$*" in *bad) exit 2; esac\n')
    script.chmod(0o755)
    return script


def run_all(make: Path, *names: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run what ``make test-all`` runs, with that make."""
    return subprocess.run(
        [CHECKOUT / ".ci" / "test-all", *names],
        env=os.environ | {"MAKE": str(make)} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def python(path: Path) -> Path:
    """Make a command that is this Python."""
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    path.chmod(0o755)
    return path


def test_each_python_gets_its_own_environment_under_any_name(make: Path, tmp_path: Path) -> None:
    here, minor = platform.python_version(), sysconfig.get_python_version()
    python(tmp_path / f"python{minor}")
    python(tmp_path / "mine")
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    names = minor, here, f"python{minor}", str(tmp_path / "mine"), "mine", "A=1 mine"
    told = run_all(make, *names, PATH=path)
    assert (told.returncode, told.stderr) == (0, "")
    expected = f"test test-pages test-checks test-slow VENV=.venv-{here} PYTHON={sys.executable}"
    assert (tmp_path / "told").read_text().splitlines() == [expected] * len(names)


def test_pythons_that_are_not_found_are_named_and_nothing_is_run(
    make: Path, tmp_path: Path
) -> None:
    python(tmp_path / "mine")
    told = run_all(make, str(tmp_path / "mine"), "3.987", "pythonix", str(tmp_path))
    assert told.returncode == 2
    assert f"no Python is found as: 3.987 pythonix {tmp_path}; name those" in told.stderr
    assert run_all(make).returncode == 2
    assert not (tmp_path / "told").exists()


def test_another_release_than_the_one_that_was_asked_for_is_not_taken(make: Path) -> None:
    wrong = f"{sysconfig.get_python_version()}.987"
    assert f"found as: {wrong};" in run_all(make, wrong).stderr


def test_a_suite_that_fails_fails_the_run_when_the_others_were_tried(
    make: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad"
    bad.symlink_to(sys.executable)
    python(tmp_path / "mine")
    told = run_all(make, str(bad), str(tmp_path / "mine"))
    assert told.returncode == 1
    assert told.stderr.endswith(f"the suite failed on Python {platform.python_version()}\n")
    assert len((tmp_path / "told").read_text().splitlines()) == 2
