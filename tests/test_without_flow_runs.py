"""A copy of the package without the family of flow runs: all else works with other families."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .cases import one_in
from .checkout import CHECKOUT
from .free_ports import free_port
from .other_plugins import ALONE

PACKAGE = CHECKOUT / "simulator"
CODE = "segment_evaluation_job_error"
STORY = "events: [{segment_job: {lasts: 3h}}]\n"
LATE = ["_error", "_error", "_info", "_info"]
"""What comes of a late job, sorted, since deliveries overtake each other: its start and its end,
the alert and the end of the alert."""

RUN = "import sys; from flowsim.entry import main; sys.argv[0] = 'flowsim'; main()"

PLUGIN_TEST = """
import os

import flask

def test_the_webhook_gets_all_events(flowsim):
    app, codes = flask.Flask("webhook"), []

    @app.post("/")
    def webhook():
        codes.append(flask.request.headers["x-adobe-event-code"])
        return ""

    flowsim.replay("story.yaml", app)
    ends = sorted(code[code.rindex("_"):] for code in codes)
    assert ends == ["_error", "_error", "_info", "_info"]
    (late, *_) = flowsim.notifications("segment_evaluation_job_error")
    assert b"segment_evaluation_job" in late.body
    assert __import__("flowsim").__file__.startswith(os.getcwd())
"""

Flowsim = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the copy, and with the story of a late segment job."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(PACKAGE, folder / "flowsim", ignore=shutil.ignore_patterns("flow_run"))
    shutil.copytree(CHECKOUT / "scenarios", folder / "flowsim" / "scenarios")
    (folder / "story.yaml").write_text(STORY)
    return folder


@pytest.fixture(scope="module")
def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "80"}


@pytest.fixture(scope="module")
def flowsim(folder: Path, environment: dict[str, str]) -> Flowsim:
    """Run a command line of the copy."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", RUN, *words]
        return subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def test_the_copy_knows_no_flow_runs(flowsim: Flowsim) -> None:
    told = flowsim("events", "flow_run", "--json")
    assert "sources_flow_run_failed" not in told.stdout
    refused = flowsim("show", "partial")
    assert refused.returncode == 2
    assert "events[0]" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.slow
def test_replay_and_show_tell_a_story_of_another_family(flowsim: Flowsim) -> None:
    told = flowsim("replay", "story.yaml", "--json")
    assert told.returncode == 0, told.stderr
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    codes = [each["event_code"] for each in lines if "event_code" in each]
    assert sorted(code[code.rindex("_") :] for code in codes) == LATE
    shown = flowsim("show", CODE, "--as", "body")
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout.splitlines()[0])["event"]["id"]


@pytest.mark.slow
def test_the_page_about_all_events_has_no_partial_ingestion(flowsim: Flowsim, folder: Path) -> None:
    told = flowsim("show", "--all", "--html", "events.html")
    assert told.returncode == 0, told.stderr
    page = (folder / "events.html").read_text("utf-8")
    assert f'id="{CODE}"' in page
    assert "partial-ingestion" not in page


@pytest.mark.parametrize(
    "words", one_in(3, [("check", "--list"), ("faults",), ("scenarios", "--sources")])
)
def test_lists_leave_out_what_is_about_flow_runs(flowsim: Flowsim, words: tuple[str, ...]) -> None:
    told = flowsim(*words)
    assert (told.returncode, told.stderr) == (0, "")
    assert "codes-of-2023" not in told.stdout


@contextmanager
def serving(folder: Path, environment: dict[str, str], *words: str, ready: str) -> Iterator[None]:
    """Run a command that serves, from the line that says so until the end of the block."""
    command = [sys.executable, "-u", "-c", RUN, *words]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            assert any(re.search(ready, line) for line in process.stdout), words
            yield
        finally:
            process.terminate()
            process.stdout.read()


@pytest.mark.slow
def test_check_tells_its_events_with_another_family(
    folder: Path, environment: dict[str, str], flowsim: Flowsim
) -> None:
    port = str(free_port())
    with serving(folder, environment, "receive", "--port", port, ready="http://"):
        told = flowsim("check", port, "--event", CODE, "--only", "answers", "--serve-keys", "0")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "1 passed" in told.stdout


@pytest.mark.slow
def test_the_service_publishes_events_of_another_family(
    folder: Path, environment: dict[str, str], flowsim: Flowsim
) -> None:
    port = str(free_port())
    to = ("--service", f"http://127.0.0.1:{port}")
    with serving(folder, environment, "up", "--port", port, ready="next: "):
        made = flowsim("register", "--journal", "--name", "reader", "--event", CODE, *to)
        assert made.returncode == 0, made.stderr
        told = flowsim("trigger", "story.yaml", *to)
        assert told.returncode == 0, told.stdout + told.stderr
        journal = flowsim("journal", "--json", *to)
        assert journal.stdout.count('"FIRING"') == 1


@pytest.mark.slow
def test_the_plugin_replays_events_of_another_family(
    folder: Path, environment: dict[str, str]
) -> None:
    (folder / "test_mine.py").write_text(PLUGIN_TEST)
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_mine.py"],
        cwd=folder,
        env=environment | {"PYTEST_ADDOPTS": ALONE},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "1 passed" in told.stdout, told.stdout + told.stderr


NAMED = {
    "faults/event.py": "an argument's default, and the sources, of a fault of any event",
    "faults/__init__.py": "says where the faults of that family are",
    "files/document.py": "an example of a path in a docstring",
    "dashboard/events/partial_ingestion.py": "the slider is about these runs",
    "reports/event_page.py": "the page about all events explains where this one is described",
    "families/fields/json_schema.py": "an example of a name in a docstring",
    "testing/replays.py": "an example of a setting in a docstring",
    "testing/stories.py": "an example of a setting in a docstring",
    "commands/conform.py": "an example in the help",
    "commands/events.py": "an example in the help",
    "commands/replay.py": "an example in the help",
    "commands/show.py": "an example in the help",
    "commands/register.py": "an example in the help",
    "commands/registrations.py": "an example in the help",
    "commands/schema.py": "an example in the help",
    "commands/trigger.py": "an example in the help",
    "commands/_stories.py": "an example in the help",
}
"""Modules that may contain the word → why."""


def test_no_module_names_flow_runs_outside_their_folder() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "flow_run" in path.read_text("utf-8") and "flow_run" not in path.parts
    }
    assert found == NAMED.keys()
