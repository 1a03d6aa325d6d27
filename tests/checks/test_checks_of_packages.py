"""A family of an installed package brings its checks: no file of flowsim names its group."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
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

SEVERAL = """
import json, sys
from click.testing import CliRunner
from flowsim.commands import main
for words in json.loads(sys.argv[1]):
    done = CliRunner().invoke(main, words)
    print(json.dumps([done.exit_code, done.stdout, done.stderr]))
"""
"""Runs several commands in one process, which finds the package once."""

Ran = tuple[int, str, str]
"""The exit code of a command, its output and its errors."""

ABOUT_THINGS = ("--event", "fine.thing", "--only", "things")


def package(folder: Path) -> Path:
    """Install a package with one family and one check into a folder; return the check's file."""
    check = f"a-thing:{ABOUT}  events: [{{thing: {{}}}}]\n"
    files = {"things/__init__.py": FAMILY, "things/checks.yaml": check}
    install(folder, "things", files, ["thing = things:THINGS"])
    return folder / "things" / "checks.yaml"


def run(folder: Path, *commands: Sequence[object]) -> list[Ran]:
    """Run commands in a process of its own, beside the package of a folder."""
    words = json.dumps([[*map(str, each)] for each in commands])
    done = subprocess.run(
        [sys.executable, "-c", SEVERAL, words],
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """What commands about the package say, by a name of each."""
    folder = tmp_path_factory.mktemp("package")
    package(folder)
    own = folder / "own.yaml"
    own.write_text(f"our-thing:\n  group: things{ABOUT}  events: [{{thing: {{}}}}]\n")
    with Webhook([echo]) as webhook:
        commands = {
            "listed": ("check", "--list", *ABOUT_THINGS),
            "checked": ("check", webhook.url, *ABOUT_THINGS, "--serve-keys", 0, "--json"),
            "others": ("check", "--list"),
            "own": ("check", "--list", "--event", "fine.thing", "--checks", own),
            "schema": ("schema", "--checks"),
        }
        return dict(zip(commands, run(folder, *commands.values()), strict=True))


def test_a_check_of_a_package_is_listed_and_judged_in_its_group(ran: dict[str, Ran]) -> None:
    code, said, errors = ran["listed"]
    assert (code, errors) == (0, "")
    assert "a-thing" in said
    _, said, errors = ran["checked"]
    *_, found, summary = map(json.loads, said.splitlines())
    assert (found["name"], found["group"], found["verdict"]) == ("a-thing", "things", "passed")
    assert summary["ok"], errors


def test_a_check_of_a_package_is_none_for_events_of_other_families(ran: dict[str, Ran]) -> None:
    code, listed, _ = ran["others"]
    assert code == 0
    assert "a-thing" not in listed
    assert "codes-of-2023" in listed


def test_users_may_add_checks_to_the_group_of_a_package(ran: dict[str, Ran]) -> None:
    _, listed, errors = ran["own"]
    assert listed.index("a-thing") < listed.index("our-thing"), errors
    groups = json.loads(ran["schema"][1])["$defs"]["CheckSpec"]["properties"]
    assert groups["group"]["enum"][-3:] == ["payload", "things", "load"]


def test_mistakes_in_the_checks_of_a_package_have_their_places(tmp_path: Path) -> None:
    file = package(tmp_path)
    file.write_text(file.read_text().replace("level: must", "level: most") + "  judge: nobody\n")
    ((_, _, said),) = run(tmp_path, ("check", "--list", *ABOUT_THINGS))
    assert f"{file}:2:10: a-thing.level: 'most'; expected must, should or note" in said
    assert "a-thing.judge: unknown judge 'nobody'" in said
