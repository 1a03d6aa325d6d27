"""A report format is one file: the commands find it there, and offer it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from flowsim.reports.format_table import Command, all_formats, formats_of

from ..cases import for_each
from ..webhook import Webhook

TOY = """
from flowsim.reports.format_table import CheckFormat, ReplayFormat, ReportFormat, ShowFormat

class Endings:
    def __init__(self, output):
        self.write = output.write

    def opened(self, opening):
        self.write(f"begins {opening.scenario}")

    def attempted(self, trace):
        self.write(f"ends {trace.ending}")

    def closed(self, summary, elapsed):
        self.write(f"attempts {summary.attempts}")

def names(findings):
    return (f"ran {each.check.name}" for each in findings.results)

FORMATS = [ReportFormat(
    name="toy",
    place=35,
    replay=ReplayFormat(Endings, "A toy of a replay."),
    check=CheckFormat(names, help="A toy of a check"),
    show=ShowFormat("a toy", attempt=lambda attempt: f"shows {attempt.delivery.url}\\n"),
"""
PRINTED, SAVED = TOY + ")]\n", TOY + '    ending="txt",\n)]\n'
"""The same format, printed and written to a file."""

PROGRAM = """
import sys
from flowsim.reports import formats
formats.__path__.append(sys.argv.pop(1))
from flowsim.commands import main
main()
"""

SEVERAL = """
import json, sys
from click.testing import CliRunner
from flowsim.reports import formats
formats.__path__.append(sys.argv[1])
from flowsim.commands import main
for line in sys.argv[2:]:
    said = CliRunner().invoke(main, line.split())
    print(json.dumps([said.exit_code, " ".join(said.output.split())]))
"""
"""The same for several command lines: prints the exit code and the words of each as JSON."""


def flowsim(
    folder: Path, toy: str, *words: object, program: str = PROGRAM
) -> subprocess.CompletedProcess[str]:
    """Run a command with one file more in the folder of formats."""
    formats = folder / "formats"
    formats.mkdir(exist_ok=True)
    (formats / "toy.py").write_text(toy)
    command = [sys.executable, "-c", program, str(formats), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


OFFERED = {
    "replay": ["--json", "--toy", "A toy of a replay.", "--verbose"],
    "check": ["--json", "--junit", "--toy", "A toy of a check", "--html"],
    "show": ["pretty|json|toy|http|curl|body", "json: headers and body", "toy: a toy;"],
}
"""What the help of a command has with the toy, in this order."""

WRONG = {
    "show partial --as tpy": "is not one of 'pretty', 'json', 'toy', 'http', 'curl', 'body'",
    "replay partial --toi": "--toy",
    "check 3000 --toi": "--toy",
    "replay partial --json --toy": "--json and --toy exclude each other",
    "check --list --toy": "--list runs no check, so there is no report to write",
}
"""A command line with a mistake → what it is answered."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """What the command lines of both tables say in one process: exit code and text."""
    lines = [*(f"{command} --help" for command in OFFERED), *WRONG]
    said = flowsim(tmp_path_factory.mktemp("toy"), PRINTED, *lines, program=SEVERAL)
    answers = map(json.loads, said.stdout.splitlines())
    return {line: (code, text) for line, (code, text) in zip(lines, answers, strict=True)}


@for_each("command, words", OFFERED.items())
def test_help_offers_a_new_format_in_its_place(
    told: dict[str, tuple[int, str]], command: str, words: list[str]
) -> None:
    _, output = told[f"{command} --help"]
    places = [output.find(word, output.find("Options:")) for word in words]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.slow
def test_a_printed_format_is_all_that_a_command_prints(tmp_path: Path, webhook: Webhook) -> None:
    replayed = flowsim(tmp_path, PRINTED, "replay", "partial", "--toy")
    assert replayed.stdout.splitlines() == ["begins partial", "ends delivered", "attempts 1"]
    only = ("--serve-keys", 0, "--only", "unsigned")
    checked = flowsim(tmp_path, PRINTED, "check", webhook.url, "--toy", *only)
    assert "ran unsigned" in checked.stdout.splitlines()
    assert all(line.startswith("ran ") for line in checked.stdout.splitlines())
    shown = flowsim(tmp_path, PRINTED, "show", "partial", "--as", "toy", "--target", "3000")
    assert shown.stdout == "shows http://127.0.0.1:3000/\n"


@pytest.mark.slow
def test_a_format_with_an_ending_is_written_beside_the_usual_one(
    tmp_path: Path, webhook: Webhook
) -> None:
    replay, check = tmp_path / "replay.txt", tmp_path / "check.txt"
    replayed = flowsim(tmp_path, SAVED, "replay", "partial", "--toy", replay)
    assert "ok: every event met its expectation" in replayed.stdout
    assert replay.read_text() == "begins partial\nends delivered\nattempts 1"
    only = ("--serve-keys", 0, "--only", "unsigned")
    checked = flowsim(tmp_path, SAVED, "check", webhook.url, "--toy", check, *only)
    assert checked.stdout.endswith("not ok\n")
    assert "ran unsigned" in check.read_text().splitlines()
    output = " ".join(flowsim(tmp_path, SAVED, "check", "--help").stdout.split())
    assert "--toy FILE A toy of a check, as in --toy build/flowsim.txt." in output


@for_each("line, right", WRONG.items())
def test_a_wrong_format_is_answered_with_the_right_ones(
    told: dict[str, tuple[int, str]], line: str, right: str
) -> None:
    code, answer = told[line]
    assert code == 2
    assert right in answer


def test_every_format_has_its_own_name_and_place() -> None:
    assert len({each.name for each in all_formats()}) == len(all_formats())
    assert len({each.place for each in all_formats()}) == len(all_formats())
    assert all(each.replay or each.check or each.show for each in all_formats())


@pytest.mark.parametrize("command", ["replay", "check"])
def test_the_usual_format_alone_has_no_option(command: Command) -> None:
    without = [each.name for each in formats_of(command) if not getattr(each, command).help]
    assert without == ["pretty"]
    assert formats_of("show")[0].name == "pretty"
