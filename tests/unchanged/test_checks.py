"""What checks send, and what they find at webhooks with known mistakes."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from flowsim.checks import catalogue, held, settling
from flowsim.checks.check import Check
from flowsim.checks.check_requests import CheckStories
from flowsim.checks.subject import subject_of
from flowsim.families.registry import shipped

from ..checks.consumers import CLIENT_ID, Candidate, candidate
from ..consumers.correct import CorrectConsumer
from ..consumers.mistakes import MISTAKES
from .recording import canonical, steady, unchanged, without_times

Flowsim = Callable[..., Result]

AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
FIELDS = (
    *("name", "group", "level", "claim", "why", "page", "advice", "events", "registration"),
    *("age", "has_new_keys", "needs_effects", "is_tried_later", "at_once", "harm", "follows"),
)
TEXTS = ("claim", "why", "page", "advice")
RUNS = {
    "correct": (),
    "verifies-nothing": ("signature",),
    "never-remembers": ("identity",),
    "wants-one-event": ("http", "payload", "batch-of-one", "batch-of-twenty"),
    "takes-whole-query": ("challenge",),
    "reads-envelopes-only": ("payload",),
}
"""Webhook → the checks and groups that are asked for; without any, all."""

LONG = {"correct", "wants-one-event", "reads-envelopes-only"}
"""Webhooks whose run takes seconds; `make test-slow` has them."""

RACES = {"simultaneous-duplicates"}
"""Checks that show one of several requests, which arrive in any order."""


def data_of(check: Check) -> dict[str, Any]:
    """Return what a check says as data; only its judge is left out."""
    probes = [(type(each).__name__.removesuffix("Probe"), _members(each)) for each in check.probes]
    return {**{name: getattr(check, name) for name in FIELDS}, "probes": probes}


def _members(probe: object) -> dict[str, object]:
    return {name: getattr(probe, name) for name in probe.__dataclass_fields__}  # type: ignore[attr-defined]


def digest_of(check: Check) -> str:
    """Return the sha256 of all bodies of a check's story, with fixed ids at a fixed moment."""
    if not check.events:
        return "-"
    subject = subject_of(None, shipped())
    stories = CheckStories(CLIENT_ID, "adobe_io", 7, "token", "127.0.0.1:1", "127.0.0.1:2", subject)
    found = sha256()
    for payload in stories.story(check).payloads():
        found.update(payload.content_type.encode() + b"\n" + payload.body + b"\n")
    return found.hexdigest()


def test_data_of_every_check_is_unchanged() -> None:
    found = [data_of(catalogue.find(name)) for name in catalogue.names()]
    unchanged("checks/data.json", canonical(found), "the check's file; `flowsim check --list`")


def test_bodies_that_every_check_sends_are_unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[CheckStories.__module__], "present", lambda: AT)
    lines = [f"{digest_of(catalogue.find(name))}  {name}\n" for name in catalogue.names()]
    unchanged("checks/bodies.sha256", "".join(lines), "flowsim check URL --only NAME")


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """These webhooks work before they answer, and fetch a key again at once."""
    monkeypatch.setattr(settling, "POLL_INTERVAL", 0.02)
    monkeypatch.setattr(held, "LATER", (0.01, 0.05))


@pytest.fixture
def webhook_of(request: pytest.FixtureRequest) -> Iterator[Candidate]:
    kind = CorrectConsumer if request.param == "correct" else MISTAKES[request.param]
    with candidate(kind) as running:
        yield running


def checked(flowsim: Flowsim, webhook: Candidate, only: tuple[str, ...], *more: str) -> Result:
    words = ["check", webhook.running.url, "--serve-keys", str(webhook.keys_port), "--seed", "7"]
    words += ["--client-id", CLIENT_ID, "--processed", webhook.running.processed]
    words += ["--settle", "0.1s", "--json", *more]
    return flowsim(*words, *(["--only", ",".join(only)] if only else []))


def line(found: dict[str, Any], known: dict[str, dict[str, str]]) -> str:
    """Return a line of a run to compare; the texts of a check are those of the list."""
    if found["type"] == "check":
        texts = {name: found.pop(name) for name in TEXTS}
        assert texts == {name: known[found["name"]][name] for name in TEXTS}
        if found["name"] in RACES and found["sent"]:
            found["sent"] = "<one of several>"
    return steady(canonical(found))


def run_of(kind: str) -> Any:
    return pytest.param(kind, kind, marks=[pytest.mark.slow] if kind in LONG else [])


@pytest.mark.parametrize(("webhook_of", "kind"), [*map(run_of, RUNS)], indirect=["webhook_of"])
def test_the_findings_of_a_check_run_are_unchanged(
    flowsim: Flowsim, webhook_of: Candidate, kind: str
) -> None:
    listed = map(json.loads, flowsim("check", "--list", "--json").stdout.splitlines())
    known = {each["name"]: each for each in listed}
    ran = checked(flowsim, webhook_of, RUNS[kind])
    lines = [line(each, known) for each in without_times(ran.stdout)]
    only = f" --only {','.join(RUNS[kind])}" if RUNS[kind] else ""
    command = f"flowsim check URL of {kind} --seed 7 --processed URL --json{only}"
    unchanged(f"checks/{kind}.txt", "".join(lines) + f"exit {ran.exit_code}\n", command)


@pytest.mark.parametrize("report", ["junit", "html"])
@pytest.mark.parametrize("webhook_of", ["verifies-nothing"], indirect=True)
def test_a_report_of_a_run_of_checks_is_unchanged(
    flowsim: Flowsim, webhook_of: Candidate, tmp_path: Path, report: str
) -> None:
    path = tmp_path / report
    only = ("unsigned", "tampered-body", "signatures-invalid")
    assert checked(flowsim, webhook_of, only, f"--{report}", str(path)).exit_code == 1
    text = steady(path.read_text(encoding="utf-8"))
    # Bars and ticks of the chart follow from how long the requests took.
    text = re.sub(r'(<rect class="\w+" )x="[0-9.]+" y="(\d+)" width="[0-9.]+"', r'\1y="\2"', text)
    text = re.sub(r'<line [^>]+/>\n<text class="axis"[^>]+>[^\n]+</text>\n', "", text)
    text = re.sub(r'( time=)"[0-9.]+"', r'\1"<duration>"', text)
    unchanged(
        f"checks/report.{report}",
        text,
        f"flowsim check URL --only {','.join(only)} --{report} FILE",
    )
