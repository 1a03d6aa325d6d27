"""``flowsim family new``: a family file from a captured delivery."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from flowsim.families.registry import with_folders
from flowsim.story.opening import open_story

from ..captures.archives import archive, entry
from ..checkout import CHECKOUT

Flowsim = Callable[..., Result]

HEAD = "POST / HTTP/1.1\r\nx-adobe-event-code: {code}\r\nx-adobe-provider: shop\r\n\r\n"
NOTE = "note: values of the capture stay as they were; look for secrets before you share the file\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def capture(content: object, code: str = "order.placed", name: str = "in.http") -> str:
    body = json.dumps({"event_id": "1", "event": content, "recipient_client_id": "me"})
    Path(name).write_bytes(HEAD.format(code=code).encode() + body.encode())
    return name


def test_a_capture_becomes_a_family_that_a_story_can_use(flowsim: Flowsim, here: Path) -> None:
    result = flowsim("family", "new", "--from", capture({"number": 7, "text": "{{ x }}"}))
    assert (result.exit_code, result.stderr) == (0, NOTE)
    assert result.stdout == (
        "families/order_placed.yaml: the family order_placed with the event order.placed\n"
        "next: flowsim replay order.placed --families families\n"
    )
    Path("story.yaml").write_text("events: [{order_placed: {}}]")
    (event,) = open_story("story.yaml", families=with_folders((here / "families",))).events()
    assert event.notification.event_code == "order.placed"
    assert event.notification.content == {"number": 7, "text": "{{ x }}"}


@pytest.mark.slow
def test_a_capture_becomes_a_family_of_the_package_itself(here: Path) -> None:
    """As CONTRIBUTING.md has it, in a copy of the package."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "simulator", here / "flowsim", ignore=ignored)
    shutil.copytree(CHECKOUT / "scenarios", here / "scenarios")
    out = "flowsim/families/order.yaml"
    words = ["family", "new", "--from", capture({"number": 7}), "--out", out]
    code = f"import sys; from flowsim.entry import main; sys.argv[1:] = {words}; main()"
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(here)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (found.returncode, found.stderr) == (0, NOTE)
    assert found.stdout.splitlines()[1] == "next: flowsim replay order.placed"


def test_an_event_code_that_flowsim_knows_already_is_noted(flowsim: Flowsim) -> None:
    """Then the made file tells this code, and its use says so too."""
    made = flowsim("family", "new", "--from", capture({"a": 1}, "audit_events_info"))
    assert (made.exit_code, made.stderr.splitlines()[0]) == (
        0,
        "warning: flowsim knows audit_events_info already, by the family audit_event; "
        "with --families, this file is used instead",
    )
    shown = flowsim("show", "audit_events_info", "--families", "families", "--as", "body")
    assert json.loads(shown.stdout)["event"] == {"a": 1}
    assert "audit_events_info is one of audit_event too; this file is used" in shown.stderr


def test_an_event_code_that_names_a_scenario_or_a_file_is_noted(flowsim: Flowsim) -> None:
    """Then the event code alone would replay another story."""
    Path("order.placed").mkdir()
    Path("order.placed", "1.http").write_bytes(b"")
    for code in ("partial", "order.placed"):
        made = flowsim("family", "new", "--from", capture({"a": 1}, code))
        assert made.exit_code == 0
        assert f"warning: flowsim replay {code} takes the scenario or the file" in made.stderr


def test_the_file_is_for_its_owner_and_never_replaced_unasked(flowsim: Flowsim) -> None:
    """A capture may be confidential, and so is the file that is made from it."""
    words = ("family", "new", "--out", "mine/order.yaml", "--from")
    assert flowsim(*words, capture(1)).exit_code == 0
    path = Path("mine/order.yaml")
    assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_text("utf-8")
    result = flowsim(*words, capture(2))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: mine/order.yaml: exists; expected another --out, or --force\n"
    assert path.read_text("utf-8") == before
    assert flowsim(*words, capture(2), "--force").exit_code == 0
    assert "captured: 2" in path.read_text("utf-8")


def test_a_dash_prints_the_file(flowsim: Flowsim) -> None:
    result = flowsim("family", "new", "--from", capture(1), "--out", "-")
    assert result.stdout.startswith("# Made by flowsim family new from in.http.\n")
    assert (result.stderr, Path("families").exists()) == (NOTE, False)


def test_of_several_requests_the_first_is_used(flowsim: Flowsim) -> None:
    Path("in").mkdir()
    capture(1, "first", "in/1.http")
    capture(2, "second", "in/2.http")
    result = flowsim("family", "new", "--from", "in")
    assert result.stdout.startswith("families/first.yaml: ")
    assert "warning: 2 requests: only in/1.http is used\n" in result.stderr


def test_the_event_code_of_a_body_without_one_is_said(flowsim: Flowsim) -> None:
    Path("in.json").write_text('{"event_id": "1", "event": {"number": 7}}')
    asked = flowsim("family", "new", "--from", "in.json")
    assert (asked.exit_code, asked.stdout) == (2, "")
    assert asked.stderr.endswith("says an event code; --event CODE names it\n")
    result = flowsim("family", "new", "--from", "in.json", "--event", "order.placed")
    assert result.exit_code == 0
    folder = with_folders((Path("families"),))
    (event,) = open_story("order.placed", families=folder).events()
    assert (event.notification.event_code, event.notification.content) == (
        "order.placed",
        {"number": 7},
    )


def test_an_event_code_that_a_capture_says_counts(flowsim: Flowsim) -> None:
    words = ("--from", capture({"number": 7}), "--event", "other.code", "--out", "-")
    assert "code: order.placed, body" in flowsim("family", "new", *words).stdout


def test_an_archive_gives_its_first_delivery_or_post(flowsim: Flowsim) -> None:
    body = json.dumps({"event": {"at": "2026-01-15T09:30:00Z"}})
    stranger = entry("{}", headers=(("content-type", "application/json"),))
    delivery = entry(body, headers=(("x-adobe-event-code", "order.placed"),))
    Path("in.har").write_bytes(archive(stranger, delivery))
    made = flowsim("family", "new", "--from", "in.har", "--out", "-")
    assert 'at: "{{ begin | iso_s }}"' in made.stdout
    result = flowsim("family", "new", "--from", "in.har", "--out", "-", "--all")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "in.har: log.entries[0]: the body holds no event" in result.stderr


@pytest.mark.parametrize(
    ("out", "reason"),
    [
        ("order.json", "order.json: expected a name that ends in .yaml or .yml"),
        ("My-Order.yaml", "My-Order.yaml: My-Order cannot name a family"),
        ("1order.yaml", "1order cannot name a family; expected a small letter, then small"),
        ("faults.yaml", "faults cannot name a family: it means something else; expected another"),
        ("flow_run.yaml", "flow_run.yaml: there is a family flow_run"),
        ("in.http/x.yaml", "in.http/x.yaml"),
    ],
)
def test_a_file_that_no_family_can_have_is_refused(flowsim: Flowsim, out: str, reason: str) -> None:
    result = flowsim("family", "new", "--from", capture(1), "--out", out)
    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", ["no-such.http", "", "."])
def test_a_capture_that_cannot_be_read_gets_one_sentence(flowsim: Flowsim, name: str) -> None:
    result = flowsim("family", "new", "--from", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


def test_what_the_capture_says_cannot_harm_a_terminal(flowsim: Flowsim) -> None:
    name = capture({"a": "\x1b[2J\u202e"}, name="in\x1b.http")
    result = flowsim("family", "new", "--from", name, "--out", "-")
    assert all(line.isprintable() for line in (result.stdout + result.stderr).splitlines())
