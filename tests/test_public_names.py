"""The names that a program imports from ``flowsim``."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import flowsim

from .cases import for_each
from .test_imports import loaded_by

ROOT = Path(__file__).parents[1]
NAMES = [name for name in flowsim.__all__ if name != "__version__"]

USE = """
from collections.abc import Iterator
import flowsim
from flowsim import *

story: flowsim.Story = flowsim.open_story("partial", seed=7)
payloads: Iterator[flowsim.Payload] = story.payloads()
verify(b"", sign(b""))
with Flowsim() as simulator, Receiver(simulator.keys) as receiver, EventsService() as service:
    report: ReplayReport = simulator.replay("partial", receiver.url)
    findings: Findings = simulator.check(receiver.url)
    service.register(receiver.url)
"""


@for_each("name", NAMES)
def test_each_name_has_a_docstring_and_stands_on_the_page(name: str) -> None:
    assert len(inspect.getdoc(getattr(flowsim, name)) or "") > 20
    page = (ROOT / "docs" / "python.md").read_text("utf-8")
    assert f"`{name}`" in page


def test_the_page_lists_no_other_name() -> None:
    page = (ROOT / "docs" / "python.md").read_text("utf-8")
    rows = re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(rows))) == sorted(flowsim.__all__)


def test_an_unknown_name_is_answered_with_the_near_ones() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'open_storey'; expected open_story"):
        _ = flowsim.open_storey  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"expected one of flowsim\.__all__"):
        _ = flowsim.qqq  # type: ignore[attr-defined]


def test_all_names_are_listed_before_they_are_imported() -> None:
    assert {*flowsim.__all__} <= {*dir(flowsim)}
    assert loaded_by("import flowsim; dir(flowsim); flowsim.FlowsimError") == set()


def test_a_star_imports_every_name() -> None:
    found: dict[str, object] = {}
    exec("from flowsim import *", found)
    assert {*flowsim.__all__} <= {*found}


def test_a_program_needs_no_pytest() -> None:
    program = "from flowsim import *\nimport sys; assert 'pytest' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


def mypy(folder: Path, text: str) -> str:
    """Return what mypy says about a program that imports flowsim as it would be installed."""
    (folder / "flowsim").symlink_to(ROOT / "simulator")
    (folder / "program.py").write_text(text)
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "program.py"]
    command += ["--follow-imports=silent", "--cache-dir", str(ROOT / ".mypy_cache")]
    environment = os.environ | {"MYPYPATH": str(folder)}
    ran = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return ran.stdout + ran.stderr


@pytest.mark.slow
def test_a_type_checker_knows_every_name(tmp_path: Path) -> None:
    assert mypy(tmp_path, USE).startswith("Success")


@pytest.mark.slow
def test_a_type_checker_refuses_a_name_that_there_is_not(tmp_path: Path) -> None:
    assert 'Module has no attribute "open_storey"' in mypy(
        tmp_path, "import flowsim\nflowsim.open_storey\n"
    )
