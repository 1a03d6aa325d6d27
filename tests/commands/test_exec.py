"""``flowsim exec``: a service for the life of one command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from flowsim.installation import authority

from ..adobe_clients.test_child_command import HEEDS, PATIENCE, is_gone, until
from ..families.own import own_families, take_over
from ..kept import FOLDERS
from ..webhook import Webhook, echo
from .own_streams import exit_code

FLOWSIM = f"{HEEDS}\nfrom flowsim.commands import main\nmain(prog_name='flowsim')"

READS = """
import json, os, urllib.request
page = json.load(urllib.request.urlopen(os.environ["FLOWSIM_JOURNAL"]))
print(json.dumps([each["event"]["recipientclientid"] for each in page["events"]]))
print(os.environ["FLOWSIM_CLIENT_ID"], os.environ["FLOWSIM_REGISTRATION"])
"""


@pytest.fixture
def begin(tmp_path: Path, own_keys: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start ``flowsim exec`` with these words in an empty folder."""
    (tmp_path / "here").mkdir()
    (tmp_path / "tmp").mkdir()

    def started(*words: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", FLOWSIM, "exec", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path / "here",
            env=os.environ | {"FLOWSIM_HOME": str(own_keys), "TMPDIR": str(tmp_path / "tmp")},
        )

    return started


RunExec = Callable[..., tuple[object, str, str]]


@pytest.fixture
def run_exec(own_keys: Path, capfd: pytest.CaptureFixture[str]) -> RunExec:  # noqa: ARG001
    """Run ``flowsim exec`` in this process and return its exit code and what both said."""

    def ended(*words: str | Path) -> tuple[object, str, str]:
        code = exit_code("exec", *map(str, words), output=1, messages=2)
        return code, *capfd.readouterr()

    return ended


def test_output_and_exit_code_are_those_of_the_command_alone(
    begin: Callable[..., subprocess.Popen[str]], own_keys: Path, tmp_path: Path
) -> None:
    """Only the files of the installation stay: keys, the authority, and what was read."""
    words = ("sh", "-c", 'echo "$@"; echo err >&2; exit 7', "--", "--scenario", "-h")
    with begin(*words) as running:
        assert running.communicate(timeout=PATIENCE) == ("--scenario -h\n", "err\n")
    assert running.returncode == 7
    left = {path.name for path in own_keys.iterdir()}
    assert left - {*FOLDERS} == {"keys", "authority"}
    assert [*(tmp_path / "here").iterdir(), *(tmp_path / "tmp").iterdir()] == []


def test_scenarios_are_in_a_journal_before_the_command_starts(run_exec: RunExec) -> None:
    code, out, err = run_exec(
        "--scenario", "success", "--scenario", "partial", "--", sys.executable, "-c", READS
    )
    assert (code, err) == (0, "")
    recipients, ids = out.splitlines()
    client_id, _ = ids.split()
    assert json.loads(recipients) == [client_id] * 2


def test_scenarios_may_use_families_of_the_user(run_exec: RunExec, tmp_path: Path) -> None:
    """The service of the command knows them too."""
    script = f"{sys.executable} -m flowsim register --journal --event order.placed --json"
    words = ("--families", own_families(tmp_path), "--scenario", "order.placed", "sh", "-c", script)
    code, out, err = run_exec(*words)
    assert (code, err) == (0, "")
    assert [each["event_code"] for each in json.loads(out)["events_of_interest"]] == [
        "order.placed"
    ]


def test_an_event_code_that_a_family_takes_over_is_warned_of(
    run_exec: RunExec, tmp_path: Path
) -> None:
    folder = own_families(tmp_path)
    said = take_over(folder, "audit_events_info")
    code, _, err = run_exec("--families", folder, "--", sys.executable, "-c", "")
    assert (code, err) == (0, f"{said}\n")


def test_a_data_folder_keeps_the_events(run_exec: RunExec, tmp_path: Path) -> None:
    words = (
        "--data",
        tmp_path / "data",
        "--scenario",
        "success",
        "--",
        sys.executable,
        "-c",
        READS,
    )
    first, second = run_exec(*words), run_exec(*words)
    assert (first[0], second[0]) == (0, 0)
    assert first[1].splitlines()[1] == second[1].splitlines()[1]
    assert [len(json.loads(each[1].splitlines()[0])) for each in (first, second)] == [1, 2]


def test_flowsim_commands_inside_exec_call_its_service(run_exec: RunExec) -> None:
    script = f"{sys.executable} -m flowsim status --json"
    code, out, err = run_exec("--clock", "manual", "sh", "-c", script)
    assert (code, err) == (0, "")
    assert json.loads(out)["clock"]["kind"] == "manual"


def test_a_webhook_with_a_certificate_of_its_own_can_be_trusted(
    run_exec: RunExec, tmp_path: Path
) -> None:
    """It is registered while the command runs, and proves itself over TLS."""
    other = authority.load(tmp_path / "other")
    with Webhook([echo], tls=other.server_context()) as webhook:
        words = (sys.executable, "-m", "flowsim", "register", "--webhook", webhook.url, "--json")
        code, out, err = run_exec("--cacert", other.certificate, *words)
    assert (code, err) == (0, "")
    assert json.loads(out)["webhook_status"] == "verified"


def test_cacert_and_insecure_together_start_no_command(
    flowsim: Callable[..., Result],
) -> None:
    result = flowsim("exec", "--insecure", "--cacert", "a.pem", "--", "touch", "begun")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--cacert and --insecure exclude each other." in result.stderr


@pytest.mark.slow
def test_ctrl_c_ends_the_command_and_all_processes_it_started(
    begin: Callable[..., subprocess.Popen[str]],
) -> None:
    script = "trap 'exit 5' INT; sleep 600 & echo $!; wait"
    with begin("sh", "-c", script) as running:
        assert running.stdout
        started = int(running.stdout.readline())
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=PATIENCE)
    assert running.returncode == 5
    until(lambda: is_gone(started))


def test_hosts_of_no_proxy_that_bypass_flowsim_are_left_out(
    run_exec: RunExec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("NO_PROXY", "db.corp, adobe.io,*")
    code, out, err = run_exec("sh", "-c", 'echo "$NO_PROXY $no_proxy"')
    assert (code, out) == (0, f"{' '.join(['localhost,127.0.0.1,::1,db.corp'] * 2)}\n")
    assert err == (
        "warning: NO_PROXY is passed on without adobe.io, *: clients would bypass flowsim\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["nothing-of-this-name"], 127, "error: nothing-of-this-name: no such command\n"),
        ([""], 127, "error: '': no such command\n"),
        (["/"], 126, "error: /: permission denied\n"),
        (["--scenario", "partail", "true"], 2, "did you mean partial?"),
        (["--clock", "fast", "true"], 2, "is neither real, manual nor a speed such as 60x."),
        ([], 2, "Missing argument 'COMMAND...'"),
        (["--no-such-option", "true"], 2, "No such option"),
    ],
)
def test_a_command_that_cannot_be_run_is_reported_in_one_sentence(
    run_exec: RunExec, words: list[str], code: int, error: str
) -> None:
    found = run_exec(*words)
    assert found[:2] == (code, "")
    assert error in found[2]
    assert "Traceback" not in found[2]


def test_a_mistaken_scenario_is_reported_before_the_command_starts(
    run_exec: RunExec, scenario: Callable[[str], str]
) -> None:
    code, out, err = run_exec("--scenario", scenario("evnts: []\n"), "echo", "started")
    assert (code, out) == (2, "")
    assert "scenario.yaml:1:1: evnts: " in err
