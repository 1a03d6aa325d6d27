"""The action for GitHub: its shell steps run here, as GitHub runs them.

What GitHub provides is set as environment variables; what pip is ran keeps it off the network.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from flowsim.core.spec_values import RegistrationSpec

from ..checkout import CHECKOUT, copy_checkout
from ..consumers.app import running
from ..consumers.correct import CorrectConsumer
from ..consumers.mistakes import MISTAKES
from ..free_ports import free_port

ACTION = Path(".github/actions/check/action.yml")
CLIENT_ID = RegistrationSpec().client_id
EXPRESSION = re.compile(r"\$\{\{ *(.*?) *\}\}")


def action() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load((CHECKOUT / ACTION).read_text("utf-8"))
    return loaded


class Runner:
    """Runs the shell steps of the action with some inputs, one after the other."""

    def __init__(self, folder: Path, inputs: dict[str, str], checkout: Path = CHECKOUT) -> None:
        declared = action()["inputs"]
        defaults = {name: each.get("default", "") for name, each in declared.items()}
        self.inputs = {**defaults, **inputs}
        self.folder = folder
        self.given = {
            "RUNNER_TEMP": str(folder / "temp"),
            "GITHUB_ACTION_PATH": str(checkout / ACTION.parent),
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": sysconfig.get_path("purelib"),
            "PIP_NO_INDEX": "1",
            "PIP_NO_DEPS": "1",
            "PIP_NO_COMPILE": "0",  # which is how pip spells that modules are not compiled
            "PIP_NO_BUILD_ISOLATION": "0",  # and that there is no isolation
        }
        Path(self.given["RUNNER_TEMP"]).mkdir(exist_ok=True)

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        (step,) = (each for each in action()["runs"]["steps"] if each["name"] == name)
        assert step["shell"] == "bash"
        script = self.folder / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        own = {key: self.filled(value) for key, value in step.get("env", {}).items()}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.folder,
            env={**os.environ, **self.given, **own},
            capture_output=True,
            text=True,
            check=False,
        )

    def filled(self, text: str) -> str:
        return EXPRESSION.sub(
            lambda found: self.inputs[found[1].removeprefix("inputs.")], str(text)
        )

    @property
    def outputs(self) -> dict[str, str]:
        lines = (self.folder / "output").read_text("utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The folder of a runner with the command of these tests, as if the first step had been run."""
    command = tmp_path / "temp" / "flowsim" / "bin" / "flowsim"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m flowsim "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return tmp_path


def checked(
    installed: Path, kind: type[CorrectConsumer], **inputs: str
) -> tuple[Runner, subprocess.CompletedProcess[str]]:
    """Return what came of the second step for a webhook."""
    keys = str(free_port())
    (installed / "output").unlink(missing_ok=True)
    with running(kind(CLIENT_ID, f"http://127.0.0.1:{keys}")) as webhook:
        given = {
            "url": webhook.url,
            "client-id": CLIENT_ID,
            "processed": webhook.processed,
            "serve-keys": keys,
            **inputs,
        }
        runner = Runner(installed, given)
        return runner, runner.run("Wait for the webhook and check it")


@pytest.mark.slow
def test_what_the_first_step_installs_checks_a_webhook(tmp_path: Path) -> None:
    checkout, folder = copy_checkout(tmp_path / "checkout", ".github"), tmp_path / "runner"
    folder.mkdir()
    ran = Runner(folder, {}, checkout).run("Install flowsim")
    assert ran.returncode == 0, ran.stderr
    _, ran = checked(folder, CorrectConsumer, only="unsigned")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "✓ 2 passed: signature 1, http 1" in ran.stdout


@pytest.mark.slow
def test_a_correct_webhook_passes_and_outputs_name_its_reports(installed: Path) -> None:
    runner, ran = checked(installed, CorrectConsumer, only="unsigned,duplicate", skip="payload")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "✓ 3 passed: signature 1, http 1, identity 1" in ran.stdout
    suite = ET.parse(installed / runner.outputs["junit"]).getroot()
    assert {each.get("name") for each in suite.iter("testcase")} >= {"unsigned", "duplicate"}
    assert (installed / runner.outputs["html"]).stat().st_size > 1_000
    summary = (installed / "summary").read_text("utf-8")
    assert summary.startswith("### ✅ flowsim check: ")
    assert summary.endswith("; idempotency: SAFE\n")
    assert "::error" not in ran.stdout


def test_a_mistake_fails_the_step_and_is_in_the_reports(installed: Path) -> None:
    careless = MISTAKES["lets-unsigned-in"]
    runner, ran = checked(installed, careless, only="unsigned", strict="true")
    assert ran.returncode == 1
    assert "An event without signatures is refused." in ran.stdout
    lines = ran.stdout.splitlines()
    (token,) = [line.removeprefix("::stop-commands::") for line in lines if "::stop" in line]
    (error,) = [line for line in lines if line.startswith("::error")]
    assert error.startswith("::error title=flowsim%3A unsigned::An event without signatures")
    assert lines.index(f"::{token}::") < lines.index(error)
    assert "| must | unsigned |" in (installed / "summary").read_text("utf-8")
    suite = ET.parse(installed / runner.outputs["junit"]).getroot()
    failed = [
        each.get("name") for each in suite.iter("testcase") if each.find("failure") is not None
    ]
    assert failed == ["unsigned"]


@pytest.mark.slow
def test_a_known_mistake_does_not_fail_the_step(installed: Path) -> None:
    known = installed / "known.json"
    said = {"check": "unsigned", "claim": "An event without signatures is refused."}
    known.write_text(json.dumps({"format": "flowsim baseline 1", "known": [said]}), "utf-8")
    careless = MISTAKES["lets-unsigned-in"]
    _, ran = checked(installed, careless, only="unsigned", baseline=str(known))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "known, by the baseline: 1: unsigned" in ran.stdout


@pytest.mark.slow
def test_other_options_are_words_of_a_shell_that_nothing_runs(installed: Path) -> None:
    """A word may have blanks and quotes; one with ``$(…)`` stays a word."""
    options = """--require-judged
      --ignores 'sources_flow_run_failed' --skip "payload, load"
      --checks '$(touch run) a'"""
    _, ran = checked(installed, CorrectConsumer, only="unsigned", options=options)
    assert (ran.returncode, "$(touch run) a" in ran.stderr) == (2, True), ran.stderr
    assert not (installed / "run").exists()
    _, ran = checked(
        *(installed, CorrectConsumer),
        only="unsigned,run-state",
        processed="",
        options="--require-judged",
    )
    assert ran.returncode == 1
    assert "not ok; " in ran.stdout
    _, ran = checked(installed, CorrectConsumer, options="--state 'x")
    assert ran.returncode == 1
    assert ran.stderr == ("the input options is not quoted as in a shell: No closing quotation\n")


def test_a_mistaken_input_is_reported(installed: Path) -> None:
    _, ran = checked(installed, CorrectConsumer, only="unsigend")
    assert (ran.returncode, "expected unsigned" in ran.stderr) == (2, True)


def test_every_declared_input_is_used_and_every_used_one_declared() -> None:
    described = action()
    text = (CHECKOUT / ACTION).read_text("utf-8")
    used = set(re.findall(r"inputs\.([\w-]+)", text))
    assert used == {*described["inputs"]}
    assert {each["id"] for each in described["runs"]["steps"] if "id" in each} == {"check"}
    for name, output in described["outputs"].items():
        assert output["value"] == f"${{{{ steps.check.outputs.{name} }}}}"


def test_the_reports_are_kept_also_after_a_failure() -> None:
    *_, keep = action()["runs"]["steps"]
    assert keep["uses"].startswith("actions/upload-artifact@")
    assert keep["if"].startswith("${{ always() && ")
    assert keep["with"]["path"] == "${{ inputs.report }}"


def test_no_input_is_written_into_a_script() -> None:
    """It would be run: inputs come as environment variables only."""
    scripts = [each["run"] for each in action()["runs"]["steps"] if "run" in each]
    assert len(scripts) == 2
    assert not any("${{" in script for script in scripts)
