"""``flowsim check``: options, exit codes, and what is printed."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
import trustme
from click.testing import Result
from junitparser import JUnitXml

from flowsim.checks import catalogue, pace, sending, settling
from flowsim.installation import authority

from ..checks.consumers import USUAL, Candidate, candidate
from ..checks.own import of
from ..consumers.correct import CorrectConsumer
from ..consumers.mistakes import MISTAKES
from ..free_ports import free_port
from ..webhook import Request, Webhook, status
from .forked import Forked

Flowsim = Callable[..., Result]


@pytest.fixture
def correct() -> Iterator[Candidate]:
    with candidate(CorrectConsumer) as running:
        yield running


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """These webhooks are quick, and do all before they answer."""
    monkeypatch.setattr(pace, "AT_ONCE", 5)
    monkeypatch.setattr(settling, "QUIET", 0.1)
    monkeypatch.setattr(settling, "POLL_INTERVAL", 0.02)
    monkeypatch.setattr(sending, "_START", 0.01)


@pytest.fixture
def credulous() -> Iterator[Candidate]:
    with candidate(MISTAKES["verifies-nothing"]) as running:
        yield running


def arguments(webhook: Candidate, *only: str) -> list[str]:
    return [webhook.running.url, "--serve-keys", str(webhook.keys_port), "--only", ",".join(only)]


def test_a_check_with_events_for_journals_only_has_a_warning(
    flowsim: Flowsim, correct: Candidate
) -> None:
    given = ["check", *arguments(correct, "answers")]
    shown = flowsim(*given, "--event", "asset_compute")
    assert shown.exit_code == 0
    reason = "Adobe sends Asset Compute to journals only; a webhook gets none of these events"
    assert f"warning: --event asset_compute: {reason}\n" in shown.stderr
    assert "warning" not in flowsim(*given, "--event", "QUEUED").stderr


def test_a_correct_webhook_is_ok(flowsim: Flowsim, correct: Candidate) -> None:
    result = flowsim("check", *arguments(correct, "unsigned", "tampered-body"), "--seed", "7")
    assert result.exit_code == 0
    assert f"3 checks; keys at http://127.0.0.1:{correct.keys_port}, seed 7\n" in result.output
    assert "No mistake found; 3 claims judged.\n✓ 3 passed: signature 2, http 1\n" in result.output
    assert "3 checks: 3 passed, 0 failed, 0 not judged in" in result.output
    assert result.output.endswith("idempotency: not judged\nok\n")


def test_a_tls_port_serves_the_keys_by_https_too(flowsim: Flowsim, correct: Candidate) -> None:
    result = flowsim("check", *arguments(correct, "keys-rotated"), "--tls-port", "0")
    assert result.exit_code == 0
    assert f"keys at http://127.0.0.1:{correct.keys_port} and by HTTPS on port " in result.output


def test_a_proxy_port_leads_to_the_keys(flowsim: Flowsim, correct: Candidate) -> None:
    given = arguments(correct, "unsigned")
    result = flowsim("check", *given, "--proxy-port", "0")
    assert result.exit_code == 0
    assert re.search(r" and by HTTPS on port \d+, proxy on \d+, seed ", result.output)
    result = flowsim("check", *given, "--proxy-port", given[2])
    assert result.exit_code == 2
    assert f"cannot listen on 127.0.0.1:{given[2]}: " in result.output


def test_keys_are_served_at_an_address_that_a_webhook_can_reach(
    flowsim: Flowsim, correct: Candidate
) -> None:
    given = arguments(correct, "unsigned")
    result = flowsim("check", *given, "--host", "127.0.0.2")
    assert f"keys at http://127.0.0.2:{correct.keys_port}, seed" in result.stdout
    assert result.stderr == ""
    result = flowsim("check", *given, "--host", "0.0.0.0")
    assert result.exit_code == 2
    assert result.output.startswith(
        "error: no webhook can reach 0.0.0.0: name the address at which"
    )


def test_the_processed_address_may_use_the_authority_of_the_webhook(
    flowsim: Flowsim, tmp_path: Path
) -> None:
    """Only requests without a signature are refused; nothing is ever processed."""

    def answer(request: Request) -> Iterator[bytes]:
        is_right = (
            request.line.startswith("GET") or "x-adobe-digital-signature-1" in request.headers
        )
        yield from (status(200, "0") if is_right else status(401))(request)

    context, pem = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), tmp_path / "authority.pem"
    made = trustme.CA()
    made.issue_cert("127.0.0.1").configure_cert(context)
    made.cert_pem.write_to_path(pem)
    with Webhook([answer], tls=context) as secure:
        given = ["check", secure.url, "--serve-keys", "0", "--only", "unsigned"]
        given += ["--processed", f"{secure.url}/{{event_id}}"]
        given += ["--ignores", "sources_flow_run_success"]
        assert flowsim(*given, "--cacert", pem).exit_code == 0
        assert flowsim(*given, "--insecure").exit_code == 0
        assert secure.requests


@pytest.mark.parametrize("option", ["--cacert", "--insecure"])
def test_the_command_that_repeats_a_check_has_the_trust_option(
    flowsim: Flowsim, tmp_path: Path, option: str
) -> None:
    made = authority.load(tmp_path / "another authority")
    trust = [option, str(made.certificate)][: 2 if option == "--cacert" else 1]
    only = ["--serve-keys", "0", "--only", "answers,unsigned", "--json"]
    with Webhook([status(200)], tls=made.server_context()) as secure:
        result = flowsim("check", secure.url, *only, *trust)
        answers, *_ = map(json.loads, result.stdout.splitlines())
        before = len(secure.requests)
        ran = flowsim(*shlex.split(answers["again"])[1:])
        assert (ran.exit_code, ran.stderr) == (1, "")
        assert "  ✗ answers" in ran.stdout
        assert len(secure.requests) > before


@pytest.mark.parametrize(("settle", "mark"), [("0s", "✗"), ("300ms", "✓")])
def test_settle_gives_a_webhook_time_to_process_after_its_answer(
    flowsim: Flowsim, correct: Candidate, settle: str, mark: str
) -> None:
    """Each event is said to be processed from the third question about it on."""
    given, asked_for = arguments(correct, "acknowledged-is-processed"), Counter[str]()

    def count(request: Request) -> Iterator[bytes]:
        asked_for[request.line] += 1
        return status(200, str(int(asked_for[request.line] > 2)))(request)

    with Webhook([count]) as owner:
        asked = ["--verbose", "--processed", f"{owner.url}/{{event_id}}", "--settle", settle]
        result = flowsim("check", *given, *asked)
    assert f"{mark} acknowledged-is-processed" in result.stdout


def test_a_failed_processed_address_ends_with_2_after_a_whole_report(
    flowsim: Flowsim, correct: Candidate, tmp_path: Path
) -> None:
    """Only what needs it is not judged; all that was asked for is written."""
    junit, page = tmp_path / "check.xml", tmp_path / "check.html"
    given = [*arguments(correct, "unsigned,duplicate"), "--junit", str(junit), "--html", str(page)]
    problem = re.compile(r"--processed http://\S+ answers 500 'oops'; expected 200 and how often")

    def result(*more: str) -> Result:
        with Webhook([status(200, "0"), status(500, "oops")]) as owner:
            return flowsim("check", *given, "--processed", f"{owner.url}/{{event_id}}", *more)

    shown = result()
    assert shown.exit_code == 2
    assert "Could not judge; 1 claim not judged.\n✓ 2 passed" in shown.stdout
    assert len(problem.findall(shown.output)) == 1
    assert shown.stdout.endswith("could not judge; 1 claim not judged\n")
    assert shown.stderr == (
        "error: --processed did not answer for all events: the checks that need it are not judged\n"
    )
    (suite,) = JUnitXml.fromfile(str(junit))
    assert (suite.failures, suite.errors, suite.skipped) == (0, 1, 1)
    assert len(re.findall("answers 500", page.read_text(encoding="utf-8"))) == 1
    as_json = result("--json")
    assert as_json.exit_code == 2
    summary = json.loads(as_json.stdout.splitlines()[-1])
    assert (summary["ok"], summary["finished"], summary["not_judged"]) == (False, True, 1)
    assert problem.match(summary["problem"])


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_failed_must_ends_with_1_though_a_processed_address_failed_too(
    flowsim: Flowsim, more: list[str]
) -> None:
    with (
        candidate(MISTAKES["echoes-first-challenge"]) as webhook,
        Webhook([status(200, "0"), status(500, "oops")]) as owner,
    ):
        given = [*arguments(webhook, "challenge-anew", "duplicate"), *more]
        shown = flowsim("check", *given, "--processed", f"{owner.url}/{{event_id}}")
    assert shown.exit_code == 1
    assert shown.stderr == (
        "error: --processed did not answer for all events: the checks that need it are not judged\n"
    )
    last = shown.stdout.splitlines()[-1]
    assert last == "not ok" or json.loads(last)["exit_code"] == 1


def test_a_failed_state_address_is_named_and_ends_with_2(
    flowsim: Flowsim, correct: Candidate
) -> None:
    with Webhook([status(404), status(500, "oops")]) as owner:
        asked = ["--state", f"{owner.url}/{{run_id}}", "--settle", "0s"]
        shown = flowsim("check", *arguments(correct, "unsigned", "run-state"), "--verbose", *asked)
    assert shown.exit_code == 2
    assert "✓ unsigned" in shown.stdout
    assert "answers 500 'oops'; expected 200 and" in shown.stdout
    assert shown.stderr == (
        "error: --state did not answer for all runs: the checks that need it are not judged\n"
    )


def test_the_state_of_an_unsent_run_is_an_error(flowsim: Flowsim, correct: Candidate) -> None:
    with Webhook([status(200, '{"status": "success"}')]) as owner:
        asked = ["--state", f"{owner.url}/{{run_id}}"]
        shown = flowsim("check", *arguments(correct, "run-state"), *asked)
    assert shown.exit_code == 2
    assert "error: --state says that a run that was never sent has the status" in shown.stderr


def test_state_and_counts_may_be_asked_of_a_webhook_by_address(
    flowsim: Flowsim, correct: Candidate
) -> None:
    asked = ["--processed", correct.running.processed, "--state", correct.running.state]
    only = arguments(correct, "failed-runs", "failed-run-state", "late-start-state", "duplicate")
    shown = flowsim("check", *only, *asked, "--settle", "0.1s", "--verbose")
    assert shown.exit_code == 0
    assert "✓ failed-run-state           A failed run is kept as failed." in shown.stdout
    assert "5 checks: 5 passed" in shown.stdout


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the commands are of a POSIX system")
def test_commands_may_say_what_was_processed(flowsim: Flowsim, correct: Candidate) -> None:
    """One says 0 each time: all that was acknowledged is lost, but what is left out on purpose."""
    given = [*arguments(correct, "failed-runs"), "--settle", "0s"]
    given += ["--processed-command", "sh -c 'echo 0' {event_id}"]
    shown = flowsim("check", "--verbose", *given)
    assert shown.exit_code == 1
    assert shown.stdout.count("acknowledged, then lost: 200 'taken', and event") == 2
    left_out = ["--ignores", "sources_flow_run_failed", "--ignores", "sources_flow_run_success"]
    assert flowsim("check", *given, *left_out).exit_code == 0
    broken = flowsim("check", *given[:-1], "sh -c 'exit 3' {event_id}")
    assert broken.stderr == "error: --processed-command sh ends with exit code 3: ''\n"
    assert broken.exit_code == 2


@pytest.mark.slow
def test_the_code_that_a_report_says_to_ignore_is_one_that_may_be_ignored(
    flowsim: Flowsim, correct: Candidate
) -> None:
    """It is a code that no family has; of ``answers`` the code of its event is said."""
    given = [*arguments(correct, "failure-codes"), "--settle", "0s"]
    told: set[str] = set()
    with Webhook([status(200, "0")]) as owner:
        given += ["--processed", f"{owner.url}/{{event_id}}"]
        while True:
            shown = flowsim("check", "--verbose", *given)
            new = {*re.findall(r"; --ignores (\S+) if it is left out", shown.stdout)} - told
            if not new:
                break
            told |= new
            given += [word for code in sorted(new) for word in ("--ignores", code)]
    assert "sources_flow_run_failure" in told
    assert (shown.exit_code, shown.stderr) == (0, "")


def test_a_check_of_the_user_whose_fault_is_to_be_refused_asks_again_too(
    flowsim: Flowsim, credulous: Candidate, tmp_path: Path
) -> None:
    """It states no ``expect``: the fault decides that the event must not be processed."""
    own = tmp_path / "own.yaml"
    own.write_text(of("events: [{faults: [unsigned]}]", "mine"), encoding="utf-8")
    given = [*arguments(credulous, "mine"), "--checks", str(own), "--settle", "0.1s"]
    given += ["--processed", credulous.running.processed]
    _, mine, _ = map(json.loads, flowsim("check", *given, "--json").stdout.splitlines())
    assert " --processed " in mine["again"]
    repeated = flowsim(*shlex.split(mine["again"])[1:])
    assert repeated.exit_code == 1
    assert f"✗ {'mine':26} A claim of our own." in repeated.stdout


def test_a_failed_check_shows_what_was_sent_expected_and_advised(
    flowsim: Flowsim, credulous: Candidate
) -> None:
    result = flowsim("check", *arguments(credulous, "tampered-body"), "--verbose", "--seed", "7")
    assert result.exit_code == 1
    lines = [line.strip() for line in result.output.splitlines()]
    failed = lines.index(
        f"✗ {'tampered-body':26} A body that was changed after it was signed is refused. [must]"
    )
    sent, expected, received, why, advice, again = lines[failed + 1 : failed + 7]
    assert sent.startswith("sent     sources_flow_run_success ")
    assert sent.endswith(" with tampered-body")
    assert expected == "expected a refusal such as 401"
    assert received == "received 200 'taken'"
    assert why.endswith("https://developer.adobe.com/events/docs/guides/")
    assert advice.startswith("do       Verify the signatures")
    assert again == (
        f"again    flowsim check {credulous.running.url.removeprefix('http://127.0.0.1:')} "
        f"--again tampered-body --seed 7 --serve-keys {credulous.keys_port}"
    )


def test_json_has_an_object_for_each_check_and_a_summary_last(
    flowsim: Flowsim, credulous: Candidate
) -> None:
    result = flowsim("check", *arguments(credulous, "tampered-body"), "--json")
    *each, summary = map(json.loads, result.stdout.splitlines())
    assert [(one["name"], one["verdict"]) for one in each] == [
        ("answers", "passed"),
        ("tampered-body", "failed"),
    ]
    assert (each[1]["expected"], each[1]["received"]) == ("a refusal such as 401", "200 'taken'")
    assert (each[0]["again"], each[0]["expected"]) == (None, None)
    assert each[1]["again"].startswith("flowsim check ")
    assert [(one["cause"], one["harm"], one["known"]) for one in each] == [
        (None, "lost", False),
        ("tampered-body", "forged", False),
    ]
    assert (summary["type"], summary["ok"], summary["checks"]) == ("summary", False, 2)
    assert (summary["failed"], summary["idempotency"]) == (
        {"must": 1, "should": 0, "note": 0},
        None,
    )


def test_strict_counts_checks_of_level_should(flowsim: Flowsim) -> None:
    with candidate(MISTAKES["splits-pem-at-line-feeds"]) as webhook:
        given = arguments(webhook, "key-crlf")
        assert flowsim("check", *given).exit_code == 0
        assert flowsim("check", *given, "--strict").exit_code == 1


def test_a_webhook_that_does_not_answer_fails(flowsim: Flowsim) -> None:
    result = flowsim("check", "1", "--serve-keys", "0")
    assert result.exit_code == 1
    assert "\nNo webhook answers at http://127.0.0.1:1/ (connection refused); " in result.output
    assert f" 1 failed (1 must), {len(USUAL) - 1} not judged in " in result.output


def test_the_list_of_checks_needs_no_webhook(flowsim: Flowsim) -> None:
    result = flowsim("check", "--list")
    assert result.exit_code == 0
    assert all(f" {name} " in result.output for name in catalogue.names())
    only = flowsim("check", "--list", "--json", "--only", "unsigned")
    assert [json.loads(line)["name"] for line in only.output.splitlines()] == [
        "answers",
        "unsigned",
    ]
    thorough = {name for name in catalogue.names() if catalogue.find(name).is_thorough}
    marked = [line for line in result.output.splitlines() if "(only with --thorough)" in line]
    assert {line.split()[0] for line in marked} == thorough != set()
    lines = map(json.loads, flowsim("check", "--list", "--json").output.splitlines())
    assert {each["name"] for each in lines if each["thorough"]} == thorough


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "The webhook is missing"),
        (["3000", "--only", "unsined"], "no check or group 'unsined'; expected unsigned"),
        (["3000", "--only", ""], "--only names no check; flowsim check --list lists them"),
        (["3000", "--skip", ","], "--skip names no check; flowsim check --list lists them"),
        ([""], "the target '' is not an http address"),
        (["3000", "--processed", "http://localhost/x"], "it does not contain {event_id}"),
        (["3000", "--state", "http://localhost/x"], "as in http://localhost:3000/runs/{run_id}"),
        (["3000", "--processed", "http://{event_id}.org/"], "{event_id} stands in the host"),
        (["3000", "--state-command", "cat"], "it does not contain {run_id}"),
        (["3000", "--state-command", "cat '{run_id}"], "No closing quotation"),
        (["3000", "--processed-command", "  "], "it is empty"),
        (["3000", "--processed-command", "{event_id} 1"], "{event_id} is the program"),
        (
            ["3000", "--processed-command", "/bin/sh -c 'grep -c {event_id} log'"],
            "{event_id} is a part of a script, where an id can do anything; expected sh -c",
        ),
        (
            ["3000", "--settle", "9s"],
            "--settle works only with --processed, --processed-command, --state or "
            "--state-command; add --processed URL",
        ),
        (
            ["3000", "--ignores", "sources_flow_run_failed"],
            "--ignores works only with --processed, --processed-command, --state or "
            "--state-command; add --processed URL",
        ),
        (
            ["3000", "--state", "3000/{run_id}", "--ignores", "sources_flow_run_faild"],
            "no event code 'sources_flow_run_faild'; did you mean sources_flow_run_failed",
        ),
        (
            ["3000", "--state", "3000/{run_id}", "--ignores", "sources_flow_run_archivd"],
            "no event code 'sources_flow_run_archivd'; did you mean sources_flow_run_archived",
        ),
        (
            ["3000", "--processed", "3000/{event_id}", "--ignores", ""],
            "no event code ''; expected an event code of `flowsim events`",
        ),
        (["3000", "--insecure", "--cacert", "x"], "exclude each other"),
        (["3000", "--junit", "x", "--html", "./x"], "--junit and --html need two files"),
        (["3000", "--again", "unsigned", "--only", "unsigned"], "leave out --only and --skip"),
        (["3000", "--again", "unsined"], "no check or group 'unsined'; expected unsigned"),
        (["3000", "--write-baseline"], "--write-baseline works only with --baseline FILE"),
        (["--list", "--junit", "x"], "--list runs no check, so there is no report to write"),
        (["https://a b/"], "characters that must be percent-encoded"),
    ],
)
def test_mistakes_on_the_command_line_are_reported_before_anything_is_sent(
    flowsim: Flowsim, given: list[str], message: str
) -> None:
    result = flowsim("check", *given)
    assert result.exit_code == 2
    assert message in result.output


@pytest.mark.usefixtures("hang_ups")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_during_the_wait_still_writes_the_reports(
    tmp_path: Path, number: signal.Signals
) -> None:
    junit = tmp_path / "check.xml"
    words = ["check", f"{free_port()}/hook", "--wait", "50s", "--serve-keys", "0"]
    with Forked(*words, "--only", "unsigned", "--junit", str(junit)) as process:
        assert process.stdout.readline().startswith("check http://")
        process.send_signal(number)
        assert "2 checks: 0 passed, 0 failed, 2 not judged" in process.stdout.read()
        assert process.wait() == 130
    assert junit.exists()


def test_a_port_that_is_taken_is_named(flowsim: Flowsim, correct: Candidate) -> None:
    port = correct.running.origin.rpartition(":")[2]
    result = flowsim("check", correct.running.url, "--serve-keys", port)
    assert result.exit_code == 2
    assert f"cannot listen on 127.0.0.1:{port}: address already in use" in result.output


def test_junit_and_html_make_the_folders_of_their_files(
    flowsim: Flowsim, credulous: Candidate, tmp_path: Path
) -> None:
    junit, page = tmp_path / "build" / "check.xml", tmp_path / "check.html"
    page.write_text("what an earlier run left", encoding="utf-8")
    given = arguments(credulous, "tampered-body")
    result = flowsim("check", *given, "--junit", str(junit), "--html", str(page))
    assert result.exit_code == 1
    (suite,) = JUnitXml.fromfile(str(junit))
    assert {case.name: case.is_passed for case in suite} == {
        "answers": True,
        "tampered-body": False,
    }
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "200 &#39;taken&#39;" in text


@pytest.mark.parametrize("option", ["--junit", "--html"])
def test_a_file_that_cannot_be_written_is_reported_before_anything_is_sent(
    flowsim: Flowsim, correct: Candidate, tmp_path: Path, option: str
) -> None:
    file = tmp_path / "file"
    file.touch()
    for place, reason in ((tmp_path, "Is a directory"), (file / "x", f"{file} is not a folder")):
        result = flowsim("check", *arguments(correct, "unsigned"), option, str(place))
        assert result.exit_code == 2
        assert result.output == f"error: cannot write {place}: {reason}\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_a_full_disk_is_reported_below_the_results(flowsim: Flowsim, correct: Candidate) -> None:
    result = flowsim("check", *arguments(correct, "unsigned"), "--junit", "/dev/full")
    assert result.exit_code == 2
    assert result.output.endswith("ok\nerror: cannot write /dev/full: No space left on device\n")


def test_a_run_that_cannot_begin_leaves_the_files_as_they_were(
    flowsim: Flowsim, correct: Candidate, tmp_path: Path
) -> None:
    old, new = tmp_path / "old.xml", tmp_path / "new.html"
    old.write_text("old", encoding="utf-8")
    port = correct.running.origin.rpartition(":")[2]
    files = "--junit", str(old), "--html", str(new)
    assert flowsim("check", correct.running.url, "--serve-keys", port, *files).exit_code == 2
    assert old.read_text(encoding="utf-8") == "old"
    assert not new.exists()


def test_a_bar_on_standard_error_names_the_running_check(
    correct: Candidate,
) -> None:
    shown, terminal = os.openpty()
    command = [sys.executable, "-m", "flowsim", "check", *arguments(correct, "slow-body"), "--json"]
    result = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=terminal,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"},
        timeout=60,
        check=True,
    )
    os.close(terminal)
    bar = click.unstyle(os.read(shown, 100_000).decode(errors="ignore"))
    os.close(shown)
    assert re.search(r"1/2 \d:\d\d:\d\d slow-body", bar)
    assert [json.loads(line)["type"] for line in result.stdout.splitlines()] == [
        *("check", "check", "summary")
    ]


def test_a_terminal_shows_the_bar_and_the_lines_above_it(correct: Candidate) -> None:
    shown, terminal = os.openpty()
    command = [sys.executable, "-m", "flowsim", "check", *arguments(correct, "unsigned")]
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "60"}
    subprocess.run(
        command, stdout=terminal, stderr=terminal, env=environment, timeout=60, check=True
    )
    os.close(terminal)
    text = click.unstyle(os.read(shown, 100_000).decode(errors="ignore"))
    os.close(shown)
    assert "about " in text
    assert "No mistake found; 2 claims judged." in text


@pytest.mark.parametrize("name", ["scenarios/", "./a.yaml", "a.yaml"])
def test_a_file_in_place_of_the_webhook_is_refused(
    flowsim: Flowsim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "a.yaml").touch()
    (tmp_path / "3000").touch()
    monkeypatch.chdir(tmp_path)
    result = flowsim("check", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: {name} is a file or a folder here; expected a webhook, such as 3000/hook "
        f"(http://{name} if it is a host); flowsim replay sends scenarios\n"
    )
    assert "is a file" not in flowsim("check", "3000", "--only", "none").output


def test_a_report_is_written_through_a_link(tmp_path: Path, flowsim: Flowsim) -> None:
    link, target = tmp_path / "link.xml", tmp_path / "report.xml"
    link.symlink_to(target)
    flowsim("check", free_port(), "--serve-keys", 0, "--only", "unsigned", "--junit", link)
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("<?xml")


def test_a_pipe_without_a_reader_is_reported_in_one_sentence(
    flowsim: Flowsim, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    result = flowsim("check", "3000", "--junit", tmp_path / "pipe")
    assert result.exit_code == 2
    assert result.stderr == f"error: cannot write {tmp_path / 'pipe'}: no program reads this pipe\n"


def test_again_sends_what_a_check_sent_and_prints_each_answer(
    flowsim: Flowsim, credulous: Candidate, correct: Candidate
) -> None:
    """The printed command works as it stands, and against the corrected webhook."""
    given = arguments(credulous, "tampered-body", "duplicate"), "--json", "--seed", "7"
    _, *found, _ = map(json.loads, flowsim("check", *given[0], *given[1:]).stdout.splitlines())
    again = next(each["again"] for each in found if each["again"])
    assert len(again) < 80
    repeated = flowsim(*shlex.split(again)[1:])
    assert repeated.exit_code == 1
    assert re.search(r"^    \S+ \w{8} with tampered-body  200 'taken' ", repeated.stdout, re.M)
    assert "  ✗ tampered-body " in repeated.stdout
    corrected = ["check", correct.running.url, "--serve-keys", str(correct.keys_port)]
    repeated = flowsim(*corrected, "--again", "tampered-body", "--seed", "7")
    assert repeated.exit_code == 0
    assert re.search(r"^    \S+ \w{8} with tampered-body  401 ", repeated.stdout, re.M)
    assert repeated.stdout.endswith("No mistake found; 2 claims judged.\nok\n")


def test_again_has_the_options_that_the_check_needs(flowsim: Flowsim) -> None:
    with candidate(MISTAKES["never-remembers"]) as webhook:
        given = arguments(webhook, "duplicate")
        asked = ["--processed", webhook.running.processed, "--settle", "0.1s", "--time-limit", "9m"]
        result = flowsim("check", *given, *asked, "--json")
        _, duplicate, _ = map(json.loads, result.stdout.splitlines())
        assert "--settle 0.1s" in duplicate["again"]
        repeated = flowsim(*shlex.split(duplicate["again"])[1:])
    assert repeated.exit_code == 1
    assert "processed 3 times" in repeated.stdout
    assert len(re.findall("with duplicate", repeated.stdout)) >= 3


def test_a_baseline_lets_only_new_failures_fail(
    flowsim: Flowsim, credulous: Candidate, correct: Candidate, tmp_path: Path
) -> None:
    known = tmp_path / "known.json"
    only = ("tampered-body", "batch-tampered", "unsigned", "batch-with-stranger")
    given = [*arguments(credulous, *only), "--baseline", str(known)]
    missing = flowsim("check", *given)
    assert missing.exit_code == 2
    assert f"there is no baseline {known}; write it with --write-baseline" in missing.stderr
    first = flowsim("check", *given, "--write-baseline")
    assert (first.exit_code, first.stderr) == (0, f"{known}: 2 known failures\n")
    assert "known, by the baseline: 2: " in first.stdout
    assert first.stdout.endswith("\nno new mistake; 2 known; 1 claim not judged\n")
    written = known.read_bytes()
    assert flowsim("check", *given, "--write-baseline").exit_code == 0
    assert known.read_bytes() == written
    short = written.replace(b'"tampered-body", "claim"', b'"unsigned", "claim"')
    known.write_bytes(short)
    worse = flowsim("check", *given)
    assert worse.exit_code == 1
    assert "1. ✗ tampered-body" in worse.stdout
    assert "fails no longer: unsigned; write the baseline again" in worse.stdout
    better = flowsim("check", *arguments(correct, *only), "--baseline", str(known))
    assert better.exit_code == 0
    assert "fails no longer: batch-tampered" in better.stdout
    part = flowsim("check", *arguments(correct, "sound-event"), "--baseline", str(known))
    assert "known, but not judged: 2: batch-tampered, " in part.stdout


def test_a_webhook_that_does_not_answer_makes_no_baseline(flowsim: Flowsim, tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    given = ("--baseline", str(known), "--write-baseline")
    result = flowsim("check", "1", "--serve-keys", "0", *given)
    assert result.exit_code == 1
    assert f"{known} is not written: the webhook does not answer events" in result.stderr
    assert not known.exists()
