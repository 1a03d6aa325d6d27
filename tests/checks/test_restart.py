"""A webhook that is restarted in mid-run: a real process, its database a real file."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from flowsim.checks import catalogue
from flowsim.checks.asking import Command, Processed
from flowsim.checks.check import Check
from flowsim.checks.check_run import CheckRun
from flowsim.checks.effects import EffectsClient
from flowsim.checks.findings import Findings
from flowsim.checks.inquiry import UNKNOWN_STATE, Inquiry
from flowsim.checks.observation import Exchange, event_ids
from flowsim.checks.options import CheckOptions, over_http
from flowsim.checks.restarting import Restarting
from flowsim.checks.run import run
from flowsim.checks.subject import subject_of
from flowsim.core.outcome import Outcome
from flowsim.families.registry import shipped

from ..consumers.correct import CorrectConsumer
from ..free_ports import free_port
from .consumers import CLIENT_ID, candidate, named, result
from .test_catalogue import STORIES

WEBHOOK = dedent("""
    import json, os, sqlite3, sys, threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    port, path, kind = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    store = ":memory:" if kind == "forgets" else path
    database = sqlite3.connect(store, check_same_thread=False)
    database.execute("CREATE TABLE IF NOT EXISTS work (id TEXT PRIMARY KEY, times INT)")
    database.execute("CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, state TEXT)")
    lock, queue = threading.Lock(), []
    early, opens_late = set(), kind == "opens-late" and not os.path.exists(path + ".pid")

    def work_off(wanted):
        for event_id, run in [each for each in queue if wanted in (each[0], each[1]["id"])]:
            work(event_id, run)

    def work(event_id, run):
        if opens_late and not early:
            early.add(event_id)
        if event_id in early:
            return
        state = json.dumps({"status": run["metrics"]["statusSummary"]["status"]})
        with lock, database:
            database.execute("INSERT OR IGNORE INTO work VALUES (?, 1)", [event_id])
            database.execute("INSERT OR REPLACE INTO runs VALUES (?, ?)", [run["id"], state])

    class Hook(BaseHTTPRequestHandler):
        def do_GET(self):
            event_id = self.path.rpartition("/")[2]
            work_off(event_id)
            if self.path.startswith("/runs/"):
                self.tell(event_id)
                return
            with lock:
                found = database.execute("SELECT times FROM work WHERE id = ?", [event_id])
                times = found.fetchone()
            self.answer(200, str(1 if event_id in early else times[0] if times else 0))

        def tell(self, run_id):
            with lock:
                found = database.execute("SELECT state FROM runs WHERE id = ?", [run_id])
                state = found.fetchone()
            self.answer(*(200, state[0]) if state else (404, ""))

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            if "x-adobe-digital-signature-1" not in self.headers:
                self.answer(401, "")
                return
            event = json.loads(body)
            task = event["eventid"], event["event"]
            if kind == "queues":
                queue.append(task)
            else:
                work(*task)
            self.answer(200, "")

        def answer(self, status, text):
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer.request_queue_size = 100  # many connect at once, and none waits a second
    server = ThreadingHTTPServer(("127.0.0.1", port), Hook)
    open(path + ".pid", "w").write(str(os.getpid()))
    server.serve_forever()
""")
"""It believes every signature, since this is about its memory. Its first argument is the port.

If it ``queues``, it works on an event when the event or its run is asked for: what was sent right
before a restart is still in its memory then, however quick the restart is.
"""

RESTART = dedent("""
    import os, signal, subprocess, sys

    pid = sys.argv[2] + ".pid"
    if os.path.exists(pid):
        os.kill(int(open(pid).read()), signal.SIGKILL)
    if sys.argv[3] != "stop":
        command = [sys.executable, os.path.dirname(pid) + "/webhook.py", *sys.argv[1:]]
        subprocess.Popen(command, start_new_session=True)
""")


def restarted(folder: Path, kind: str, restart: list[str] | None = None) -> Findings:
    """Check a webhook of some kind, and restart it in mid-run."""
    (folder / "webhook.py").write_text(WEBHOOK, encoding="utf-8")
    script = folder / "restart.py"
    script.write_text(RESTART, encoding="utf-8")
    port, store = free_port(), str(folder / "work.db")
    words = [sys.executable, str(script), str(port), store]
    origin = f"http://127.0.0.1:{port}"
    options = CheckOptions(
        *(f"{origin}/hook", CLIENT_ID, ["restart-duplicate", "restart-loss", "restart-state"]),
        processed=f"{origin}/processed/{{event_id}}",
        state=f"{origin}/runs/{{run_id}}",
        settle=0.5,  # it works before it answers
        restart=Command(tuple(restart or [*words, kind])),
    )
    subprocess.run([*words, kind], check=True)
    try:
        return run(options, over_http(options.url, timeout=10.0, wait=20.0))
    finally:
        subprocess.run([*words, "stop"], check=True)


def test_what_is_in_a_database_is_there_after_a_restart(tmp_path: Path) -> None:
    findings = restarted(tmp_path, "keeps")
    about = {"restart-duplicate", "restart-loss", "restart-state"}
    assert named(findings, "passed") == {"answers", *about}


def test_a_memory_that_a_restart_wipes_is_found(tmp_path: Path) -> None:
    findings = restarted(tmp_path, "forgets")
    verdict = result(findings, "restart-duplicate").verdict
    assert verdict.state == "failed"
    assert verdict.received.endswith("processed never after it")
    state = result(findings, "restart-state")
    assert state.verdict.state == "failed"
    assert state.verdict.received.endswith("is not known after the restart")
    assert not findings.ok


@pytest.mark.slow
def test_a_queue_in_memory_loses_what_was_acknowledged_last(tmp_path: Path) -> None:
    findings = restarted(tmp_path, "queues")
    assert named(findings, "failed") == {"restart-loss", "restart-state"}


@pytest.mark.slow
def test_events_of_other_checks_are_known_after_a_restart_too(tmp_path: Path) -> None:
    """The first event of all came before the database was open, and is in memory only."""
    findings = restarted(tmp_path, "opens-late")
    assert named(findings, "failed") == {"restart-loss"}
    (first,) = result(findings, "answers").exchanges[-1].events
    assert re.fullmatch(
        rf"event {first.id} processed never after it, and once before "
        r"\(1 of \d+ events of other checks\)",
        result(findings, "restart-loss").verdict.received,
    )


@pytest.mark.parametrize(("asked", "most"), [(len, 50), (Command(("count", "{event_id}")), 12)])
def test_a_sample_of_the_whole_run_is_asked_for(asked: Processed | Command, most: int) -> None:
    """Its first event is in it, and one of the last; what was not processed is not."""
    check, again = catalogue.find("failed-runs"), catalogue.find("restart-loss")
    runs = [run_of_check(replace(check, events=[{"repeat": 300}])), run_of_check(again)]
    ids = [event_ids(run.exchanges) for run in runs]
    before = {**dict.fromkeys([*ids[0], *ids[1]], 1), ids[0][0]: 0}
    options = CheckOptions("http://localhost:3000", CLIENT_ID, processed=asked)
    access = over_http(options.url, timeout=10.0)
    inquiry = Inquiry(options, subject_of(None, shipped()))
    restarting = Restarting(options, access, EffectsClient(len, None), before, inquiry)
    sample = restarting.sample(runs, ids[1])
    assert len(sample) == most
    assert sample[0] == ids[0][1]
    assert sample[-1] in ids[0][-300 // most - 1 :]
    assert restarting.sample(runs[1:], ids[1]) == []


def run_of_check(check: Check) -> CheckRun:
    """Return the run of a check whose events were all acknowledged."""
    payloads = enumerate(STORIES.story(check).payloads())
    return CheckRun(
        check,
        0.0,
        [
            Exchange("POST", "/", {}, each.body, Outcome(200, 0.1), 0.0, each.events, (number, 0))
            for number, each in payloads
        ],
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (
            ["/nowhere/restart"],
            "--restart /nowhere/restart cannot be run: no such file or directory",
        ),
        ([sys.executable, "-c", "raise SystemExit('no unit')"], "ends with exit code 1: 'no unit'"),
    ],
)
def test_a_restart_that_fails_is_not_judged_and_says_why(
    tmp_path: Path, words: list[str], reason: str
) -> None:
    findings = restarted(tmp_path, "keeps", words)
    verdict = result(findings, "restart-duplicate").verdict
    assert verdict.state == "not judged"
    assert verdict.note.endswith(reason)


def test_without_a_restart_the_memory_is_not_judged_in_one_line() -> None:
    with candidate(CorrectConsumer) as webhook:
        only = ("restart-duplicate", "restart-loss", "restart-state")
        findings = webhook.check(*only, restart=None)
    reasons = {each.verdict.note for each in findings.results[1:]}
    assert reasons == {
        "--restart is needed to see what a restart of the webhook wipes from its memory"
    }


@pytest.mark.parametrize(
    ("missing", "judged", "reason"),
    [
        ({"processed": None}, {"restart-state"}, "--processed is needed to see what the webhook"),
        ({"state": None}, {"restart-loss"}, "--state is needed to see what the webhook keeps"),
    ],
)
def test_a_restart_shows_what_is_asked_for(
    missing: dict[str, Any], judged: set[str], reason: str
) -> None:
    """Without the counts the states of runs are still judged, and without these the counts."""
    only = ("restart-loss", "restart-state")
    with candidate(CorrectConsumer) as webhook:
        findings = webhook.check(*only, **missing)
    assert named(findings, "passed") == {"answers", *judged}
    (unjudged,) = named(findings, "not judged")
    assert result(findings, unjudged).verdict.note.startswith(reason)


def test_runs_of_other_checks_are_known_after_a_restart_too() -> None:
    """The states of failed runs are in memory only; what was wrong before is no news."""

    class KeepsSuccessesOnly(CorrectConsumer):
        def restart(self) -> None:
            self.kept = {name: kept for name, kept in self.kept.items() if is_success(kept[1])}

        def state(self, run: dict[str, Any]) -> dict[str, Any]:
            state = super().state(run)
            return {**state, "records": 1} if state["records"] == 1200 else state

    def is_success(state: dict[str, Any]) -> bool:
        return bool(state["status"] == "success")

    with candidate(KeepsSuccessesOnly) as webhook:
        findings = webhook.check("restart-state", "failed-run-state", "repeated-end-state")
    assert named(findings, "failed") == {"restart-state", "repeated-end-state"}
    assert re.fullmatch(
        r"the run \S{36} is not known after it \(2 of 2 runs of other checks\)",
        result(findings, "restart-state").verdict.received,
    )


def test_members_that_were_kept_before_a_restart_are_missed_after_it() -> None:
    class KeepsStatusOnly(CorrectConsumer):
        def restart(self) -> None:
            self.kept = {
                name: (written, {"status": state["status"]})
                for name, (written, state) in self.kept.items()
            }

    with candidate(KeepsStatusOnly) as webhook:
        findings = webhook.check("restart-state", "run-state")
    assert named(findings, "failed") == {"restart-state"}
    received = result(findings, "restart-state").verdict.received
    assert received.endswith("started missing, ended missing after the restart")


def test_an_unreadable_state_after_a_restart_is_not_judged() -> None:
    restarts: list[int] = []

    def state(run_id: str) -> object:
        return "down" if restarts else webhook.running.webhook.state_of(run_id)

    with candidate(CorrectConsumer) as webhook:
        only = ("restart-loss", "restart-state", "run-state")
        findings = webhook.check(*only, state=state, restart=lambda: restarts.append(1))
    assert named(findings, "passed") == {"answers", "restart-loss", "run-state"}
    assert result(findings, "restart-state").verdict.note == UNKNOWN_STATE
    assert "returned 'down'" in findings.problem
    assert findings.exit_code == 2
