"""A family of an installed package brings its checks: no file of flowsim names its group."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ..families.own import IN_PYTHON, install
from ..webhook import Webhook, echo
from .own import ABOUT

FAMILY = f"""
from pathlib import Path
from flowsim.core.event import Notification
from flowsim.families.base import CheckGroup
from flowsim.families.entries import Occurrence
{IN_PYTHON}
class Prepared:
    offsets = (0.0,)
    def tell(self, number, begin, passage):
        yield Occurrence(begin, Notification("fine.thing", "event", {{}}, "fine", "adobe_io"))

class Teller:
    def prepared(self, entry): return Prepared()

class Things(Fine):
    name = "thing"
    def teller(self, chance, defaults): return Teller()
    def checks(self):
        file = Path(__file__).with_name("checks.yaml")
        return CheckGroup("things", "what things may look like", file)

THINGS = Things()
"""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with an installed package, which has one family and one check."""
    check = f"a-thing:{ABOUT}  events: [{{thing: {{}}}}]\n"
    files = {"things/__init__.py": FAMILY, "things/checks.yaml": check}
    install(tmp_path, "things", files, ["thing = things:THINGS"])
    return tmp_path


@pytest.fixture
def run(package: Path) -> Run:
    """Run flowsim in a process of its own, beside the package."""

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "flowsim", *map(str, words)],
            env={**os.environ, "PYTHONPATH": str(package)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


def test_a_check_of_a_package_is_listed_and_judged_in_its_group(run: Run) -> None:
    listed = run("check", "--list", "--event", "fine.thing", "--only", "things")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "a-thing" in listed.stdout
    with Webhook([echo]) as webhook:
        words = ("--event", "fine.thing", "--only", "things", "--serve-keys", 0)
        done = run("check", webhook.url, *words, "--json")
    *_, found, summary = map(json.loads, done.stdout.splitlines())
    assert (found["name"], found["group"], found["verdict"]) == ("a-thing", "things", "passed")
    assert summary["ok"], done.stderr


def test_a_check_of_a_package_is_none_for_events_of_other_families(run: Run) -> None:
    listed = run("check", "--list")
    assert listed.returncode == 0
    assert "a-thing" not in listed.stdout
    assert "codes-of-2023" in listed.stdout


def test_users_may_add_checks_to_the_group_of_a_package(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(f"our-thing:\n  group: things{ABOUT}  events: [{{thing: {{}}}}]\n")
    listed = run("check", "--list", "--event", "fine.thing", "--checks", own)
    assert listed.stdout.index("a-thing") < listed.stdout.index("our-thing"), listed.stderr
    groups = json.loads(run("schema", "--checks").stdout)["$defs"]["CheckSpec"]["properties"]
    assert groups["group"]["enum"][-3:] == ["payload", "things", "load"]


def test_mistakes_in_the_checks_of_a_package_have_their_places(run: Run, package: Path) -> None:
    file = package / "things" / "checks.yaml"
    file.write_text(file.read_text().replace("level: must", "level: most") + "  judge: nobody\n")
    said = run("check", "--list", "--event", "fine.thing", "--only", "things").stderr
    assert f"{file}:2:10: a-thing.level: 'most'; expected must, should or note" in said
    assert "a-thing.judge: unknown judge 'nobody'" in said
