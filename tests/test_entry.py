"""The process, from its first import on: Ctrl-C is one line, or the summary, and exit code 130."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from .cases import for_each

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no signals of this kind")

PROGRAM = """
import signal, sys

class Pressed:
    def find_spec(self, name, path, target=None):
        if name == {at!r}:
            sys.meta_path.remove(self)
            signal.raise_signal(signal.SIGINT)

signal.signal(signal.SIGINT, {handler})
sys.meta_path.insert(0, Pressed())
sys.argv = ["flowsim", *{words!r}]
from flowsim.entry import main
main()
"""


def interrupted(
    at: str, *words: str, handler: str = "signal.default_int_handler"
) -> subprocess.CompletedProcess[str]:
    """Run flowsim, and press Ctrl-C when a module is looked for the first time."""
    program = PROGRAM.format(at=at, words=words, handler=handler)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.slow
@for_each(
    ("at", "words"),
    [
        ("flowsim.commands", "replay partial"),
        ("click", "replay partial"),
        ("flowsim.errors", "check 3000"),
        ("flowsim.commands.show", "show partial"),
        ("asyncio", "up --port 0 --data :memory:"),
        ("_ssl", "exec -- true"),
        ("cryptography.hazmat.bindings._rust", "show partial"),
        ("cheroot.wsgi", "receive --port 0"),
        ("flowsim.events_service.service", "up --port 0 --data :memory:"),
        ("flowsim.story.opening", "replay partial"),
        ("requests", "status"),
        ("ruamel.yaml", "validate partial"),
        ("flowsim.families.flow_run.catalogue", "scenarios --sources"),
        ("flowsim.checks.run", "check 3000"),
        ("flowsim.captures.run_record", "diff partial success"),
    ],
)
def test_ctrl_c_while_modules_are_loaded_is_one_line(at: str, words: str) -> None:
    ended = interrupted(at, *words.split())
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "stopped\n")


def test_once_a_replay_has_begun_it_ends_with_its_figures() -> None:
    ended = interrupted("flask", "replay", "partial")
    assert (ended.returncode, ended.stderr) == (130, "")
    assert ended.stdout.endswith("not ok: stopped before the end\n")


@pytest.mark.parametrize("at", ["flowsim.replay.run", "flowsim.story.opening"])
def test_with_json_an_interrupted_replay_prints_its_summary(at: str) -> None:
    ended = interrupted(at, "replay", "partial", "--json")
    assert (ended.returncode, ended.stderr) == (130, "stopped\n")
    summary = json.loads(ended.stdout)
    assert (summary["type"], summary["error"], summary["exit_code"]) == ("summary", "stopped", 130)


LOSES_CTRL_C = """
import signal, sys, time

class Dropped:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

class Pressed:
    def find_spec(self, name, path, target=None):
        if name == {at!r}:
            sys.meta_path.remove(self)
            Dropped()

sys.meta_path.insert(0, Pressed())
sys.argv = ["flowsim", *{words!r}]
from flowsim.entry import main
main()
"""
"""Ctrl-C comes while Python calls what it ignores all exceptions of, as it does in imports."""


@pytest.mark.parametrize(
    "at", ["flowsim.events_service.local_service", "flowsim.events_service.application"]
)
def test_ctrl_c_that_python_drops_still_ends_a_service(at: str) -> None:
    program = LOSES_CTRL_C.format(at=at, words=["up", "--port", "0", "--data", ":memory:"])
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode in (0, 130), ended.stdout) == (True, "")
    assert ended.stderr.splitlines()[-1] == "stopped"
    assert "KeyboardInterrupt" not in ended.stderr


def test_ignored_ctrl_c_stays_ignored() -> None:
    """So it is for the jobs that a shell has in its background."""
    ended = interrupted("flowsim.commands", "--version", handler="signal.SIG_IGN")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_an_error_without_ctrl_c_is_raised() -> None:
    program = "import sys; sys.modules['flowsim.commands'] = None\nfrom flowsim.entry import main"
    ended = subprocess.run(
        [sys.executable, "-c", f"{program}\nmain()"], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, "ModuleNotFoundError" in ended.stderr) == (1, True)


def test_little_is_loaded_before_ctrl_c_is_handled() -> None:
    """What ``os``, ``signal`` and ``sys`` bring with them."""
    ask = "import os, signal, sys; before = {*sys.modules}; import flowsim.entry"
    output = subprocess.check_output(
        [sys.executable, "-c", f"{ask}; print(*{{*sys.modules}} - before)"], text=True
    )
    few = {"flowsim", "flowsim.entry", "flowsim.runtime", "flowsim.runtime.version", "__future__"}
    assert {*output.split()} <= few
