"""The command line as a whole: help, completion, mistakes."""

from __future__ import annotations

import importlib
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result

from flowsim import __version__
from flowsim.checks import catalogue
from flowsim.checks.groups import groups
from flowsim.commands import COMMANDS, main
from flowsim.commands._last_object import _plain_line
from flowsim.commands._serving import warn_if_reachable
from flowsim.scenario.files import shipped

from ..cases import for_each
from ..fixtures import SCENARIOS
from ..webhook import Webhook
from .own_streams import exit_code

Flowsim = Callable[..., Result]
Completed = Callable[[str], list[str]]

CHECKOUT = SCENARIOS.parent


def all_commands() -> Iterator[tuple[str, ...]]:
    """Yield the words of every command and subcommand."""
    for name in COMMANDS:
        yield (name,)
        command = main.get_command(click.Context(main), name)
        for each in command.commands if isinstance(command, click.Group) else ():
            yield (name, each)


def named(words: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command that these words begin with, and the rest of the words."""
    command: click.Command | None = main
    while isinstance(command, click.Group) and words:
        name, *words = words
        command = command.get_command(click.Context(command), name)
        assert command, name
    return main if command is None else command, words


# --help


@pytest.mark.parametrize("words", [(), *all_commands()], ids=" ".join)
def test_every_help_has_an_example_that_the_command_takes(
    flowsim: Flowsim, words: tuple[str, ...]
) -> None:
    result = flowsim(*words, "--help")
    assert (result.exit_code, result.stderr) == (0, "")
    short = flowsim(*words, "-h")
    assert (short.exit_code, short.stdout, short.stderr) == (0, result.stdout, "")
    examples = re.findall(rf"^ +(flowsim {' '.join(words)}.*?)(?:  .*)?$", result.stdout, re.M)
    assert examples
    for example in examples:
        command, arguments = named(shlex.split(re.split(" [|>] ", example)[0])[1:])
        parent = click.Context(main, **main.context_settings)
        command.make_context(example, arguments, parent)


def test_the_commands_are_listed_in_their_order(flowsim: Flowsim) -> None:
    listed = flowsim("--help").stdout.partition("Commands:\n")[2]
    assert re.findall(r"^  (\w+)  +[A-Z]", listed, re.M) == list(COMMANDS)


@for_each("name", COMMANDS)
def test_the_list_has_the_first_line_of_each_help(name: str) -> None:
    command = importlib.import_module(f"flowsim.commands.{name}").command
    assert command.get_short_help_str(1_000) == COMMANDS[name]


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("registrations", ["show", "edit", "enable", "disable", "challenge", "delete"]),
        ("keys", ["show", "rotate", "serve"]),
    ],
)
def test_subcommands_are_listed_in_order_with_their_whole_first_sentence(
    flowsim: Flowsim, group: str, names: list[str]
) -> None:
    listed = flowsim(group, "--help").stdout.partition("Commands:\n")[2]
    assert re.findall(r"^  (\w+)  +[A-Z]", listed, re.M) == names
    assert "..." not in listed


def test_options_of_the_service_come_last_in_each_help() -> None:
    for words in [("register",), *all_commands()]:
        command, _ = named([*words])
        places = [each.name in ("service", "wait", "as_json") for each in command.params]
        if "service" in {each.name for each in command.params}:
            assert places == sorted(places), words


def test_every_option_of_a_command_is_explained() -> None:
    for words in all_commands():
        command, _ = named([*words])
        options = [each for each in command.params if isinstance(each, click.Option)]
        assert [each.name for each in options if not each.help] == []


def test_the_version_is_printed(flowsim: Flowsim) -> None:
    assert flowsim("--version").stdout == f"flowsim, version {__version__}\n"


@pytest.mark.parametrize("command", [["-m", "flowsim"], [str(CHECKOUT / "cli.py")]])
def test_the_module_and_the_script_are_the_same_command(
    command: list[str], flowsim: Flowsim
) -> None:
    result = subprocess.check_output([sys.executable, *command, "keys", "show"], text=True)
    assert result == flowsim("keys", "show").stdout


# Completion


def asking(words: str) -> dict[str, str]:
    """Return how a shell asks what it may offer after these words, by click's protocol for bash."""
    return {
        "_FLOWSIM_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }


def offered(result: str) -> list[str]:
    return [line.partition(",")[2] for line in result.splitlines()]


@pytest.fixture
def completed(flowsim: Flowsim) -> Callable[[str], list[str]]:
    """What a shell offers after some words."""
    return lambda words: offered(flowsim(env=asking(words), prog_name="flowsim").stdout)


def test_the_installed_script_completes_words() -> None:
    script = str(Path(sys.executable).with_name("flowsim"))
    result = subprocess.check_output([script], env=os.environ | asking("flowsim rep"), text=True)
    assert offered(result) == ["replay"]


def test_completion_offers_commands_scenario_names_and_choices(completed: Completed) -> None:
    assert completed("flowsim ") == list(COMMANDS)
    assert completed("flowsim regis") == ["register", "registrations"]
    assert {*shipped()} <= {*completed("flowsim replay ")}
    assert "sources_flow_run_failed" in completed("flowsim show sources_")
    assert completed("flowsim show fail")[:2] == ["failure-copy", "failure-promotion"]
    assert completed("flowsim validate success partial-")[:1] == ["partial-at-threshold"]
    assert completed("flowsim show --as ") == ["pretty", "json", "http", "curl", "body"]
    assert "--serve-keys" in completed("flowsim replay --")


def test_completion_offers_what_an_option_takes(completed: Completed) -> None:
    assert completed("flowsim replay partial --clock ") == ["fast", "real", "60x"]
    assert completed("flowsim up --clock m") == ["manual"]
    assert {*groups(), *catalogue.names()} == {*completed("flowsim check 3000 --only ")}
    assert completed("flowsim check 3000 --only unsig") == ["unsigned"]
    assert completed("flowsim check 3000 --skip http,dup") == [
        "http,duplicate",
        "http,duplicate-acknowledged",
    ]
    assert completed("flowsim register --event sources_flow_run_f") == ["sources_flow_run_failed"]
    assert completed("flowsim registrations edit 1 --event sources_flow_run_s") == [
        "sources_flow_run_success"
    ]
    assert "events.0.faults=[batch,duplicate" in completed(
        "flowsim show partial --set events.0.faults=[batch,dup"
    )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(flowsim: Flowsim, shell: str) -> None:
    result = flowsim(env={"_FLOWSIM_COMPLETE": f"{shell}_source"}, prog_name="flowsim")
    assert (result.exit_code, f"_FLOWSIM_COMPLETE={shell}_complete" in result.stdout) == (0, True)


# Mistakes


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("repaly", "replay"), ("sho", "show"), ("scenario", "scenarios"), ("recieve", "receive")],
)
def test_a_wrong_command_gets_the_nearest(flowsim: Flowsim, wrong: str, right: str) -> None:
    result = flowsim(wrong)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"No such command '{wrong}'. Did you mean {right}?" in result.stderr


def test_a_command_without_a_near_one_gets_all_names(flowsim: Flowsim) -> None:
    assert f"Commands are {', '.join(COMMANDS)}." in flowsim("xyzzy").stderr


@pytest.mark.parametrize(
    "arguments",
    [
        "replay",
        "show",
        "validate",
        "replay partial --taget 3000",
        "replay partial --seed",
        "replay partial --concurrency many",
        "replay partial --clock",
        "replay no/such/file.yaml",
        "replay .",
        "show partial --as yaml",
        "validate no-such-file",
        "receive --port web",
        "receive now",
        "keys mend",
        "keys rotate 3",
        "scenarios --all",
        "schema partial",
        "--json",
    ],
)
def test_a_usage_mistake_is_explained_with_exit_code_2_and_no_traceback(
    flowsim: Flowsim, arguments: str
) -> None:
    result = flowsim(*arguments.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("arguments", [[], ["keys"]])
def test_without_a_command_the_help_is_shown(flowsim: Flowsim, arguments: list[str]) -> None:
    result = flowsim(*arguments)
    assert result.exit_code == 2
    assert "Commands:" in result.stderr


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252"])
def test_characters_that_an_encoding_lacks_are_replaced(
    encoding: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """That a process takes what PYTHONIOENCODING says, the next test shows."""
    assert exit_code("replay", "partial", output=1, messages=2, encoding=encoding) == 0
    result = capfdbinary.readouterr()
    assert b"09:30:00.000 -> sources_flow_run_success" in result.out
    assert result.err == b""


def test_json_in_any_encoding_has_the_same_value(
    webhook: Webhook,
) -> None:
    """Our own marks are no exception: a webhook may have said them."""
    said = "né → ✓ 日本 👍"
    head = f"HTTP/1.1 400 No\r\ncontent-length: {len(said.encode())}\r\n\r\n"
    webhook.answers = [lambda _: iter([head.encode() + said.encode()])]
    command = [sys.executable, "-m", "flowsim", "replay", "partial", "--json", "--target"]
    own = os.environ | {"PYTHONIOENCODING": "ascii"}
    result = subprocess.run([*command, webhook.url], env=own, capture_output=True, check=False)
    assert json.loads(result.stdout.splitlines()[0])["said"] == said


@pytest.mark.parametrize("command", ["receive --port 0", "up --port 0 --data :memory:"])
@pytest.mark.parametrize("host", ["", " "])
def test_an_empty_host_is_reported_in_one_sentence(
    flowsim: Flowsim, command: str, host: str
) -> None:
    result = flowsim(*command.split(), "--host", host)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "error: cannot listen on an empty host; "
        "expected one such as 127.0.0.1, or 0.0.0.0 for all\n"
    )


@pytest.mark.parametrize("host", ["[::1]", "http://localhost"])
def test_a_host_with_a_scheme_or_port_is_refused(flowsim: Flowsim, host: str) -> None:
    result = flowsim("receive", "--port", 0, "--host", host)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: cannot listen on {host}: "
        "expected a host without scheme, brackets and port, such as localhost or ::1\n"
    )


@pytest.mark.parametrize(
    ("host", "is_told"), [("127.0.0.2", False), ("::1", False), ("0.0.0.0", True), ("::", True)]
)
def test_only_reachable_hosts_are_warned_of(
    capsys: pytest.CaptureFixture[str], host: str, is_told: bool
) -> None:
    warn_if_reachable(host)
    assert ("can be reached from other machines" in capsys.readouterr().err) is is_told


def test_an_empty_host_of_a_check_is_reported_in_one_sentence(flowsim: Flowsim) -> None:
    result = flowsim("check", "3000", "--host", "", "--proxy-port", "0")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: no webhook can reach an empty host")


@pytest.mark.parametrize("command", ["replay", "show", "validate", "diff partial", "trigger"])
def test_an_empty_name_is_not_the_current_folder(
    flowsim: Flowsim, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    """It is what a shell makes of a variable that is not set."""
    (tmp_path / "a.http").write_bytes(b"POST / HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}")
    monkeypatch.chdir(tmp_path)
    result = flowsim(*command.split(), "")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no scenario, file or event code ''; expected a name of " in result.stderr


# Colours


@pytest.mark.parametrize(
    ("environment", "is_coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": ""}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, True),
    ],
)
def test_the_environment_says_whether_there_are_colours(
    flowsim: Flowsim, environment: dict[str, str], is_coloured: bool
) -> None:
    clean = {"FORCE_COLOR": "", "NO_COLOR": "", "TERM": "xterm"}
    for words in ("replay partial", "show partial", "replay no-such-name", "check --list"):
        result = flowsim(*words.split(), env=clean | environment)
        assert ("\x1b[" in result.stdout + result.stderr) is is_coloured, words


# The last object of --json

WITH_JSON = [
    words
    for words in all_commands()
    if any("--json" in each.opts for each in named([*words])[0].params)
]


def last_object(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return {name: found[name] for name in ("type", "ok", "exit_code", "error")}


@pytest.mark.parametrize("words", WITH_JSON, ids=" ".join)
def test_an_unknown_option_ends_json_with_the_summary(
    flowsim: Flowsim, words: tuple[str, ...]
) -> None:
    result = flowsim(*words, "--json", "--no-such-option")
    ended = last_object(result)
    assert (ended["type"], ended["ok"], ended["exit_code"]) == ("summary", False, 2)
    assert ended["error"].startswith("No such option '--no-such-option'.")
    assert len(result.stdout.splitlines()) == 1
    assert "No such option" in result.stderr
    assert flowsim(*words, "--no-such-option").stdout == ""


@pytest.mark.parametrize("words", ["status", "traces", "journal", "advance 1h", "trigger partial"])
def test_a_missing_service_ends_json_with_the_summary(flowsim: Flowsim, words: str) -> None:
    result = flowsim(*words.split(), "--service", "http://127.0.0.1:1", "--json")
    (line,) = result.stdout.splitlines()
    assert (json.loads(line)["exit_code"], json.loads(line)["ok"]) == (1, False)
    assert json.loads(line)["error"] == result.stderr.strip().removeprefix("error: ")


@pytest.mark.parametrize(
    ("words", "exit_code", "error"),
    [
        ("check 3000 --only unsined", 2, "no check or group 'unsined'; expected unsigned"),
        ("check", 2, "The webhook is missing"),
        ("check 3000 --serve-keys x", 2, "'x' is not a valid integer range"),
        ("receive --respond 5xx --port 0", 2, "cannot answer '5xx'"),
        ("up --clock sometimes", 2, "'sometimes' is neither real"),
        ("up --data /dev/null/x", 2, "/dev/null/x"),
        ("replay partial --timeout soon", 2, "'soon' is not a duration"),
    ],
)
def test_json_ends_with_the_reason_and_the_exit_code(
    flowsim: Flowsim, words: str, exit_code: int, error: str
) -> None:
    result = flowsim(*words.split(), "--json")
    assert result.exit_code == exit_code == last_object(result)["exit_code"]
    assert error in last_object(result)["error"]


def test_json_after_two_dashes_is_no_option_of_flowsim(flowsim: Flowsim) -> None:
    assert flowsim("validate", "--", "--json").stdout == ""
    assert flowsim("exec", "--", "no-such-program", "--json").stdout == ""


def test_the_last_object_is_json_without_a_library_too() -> None:
    """There may be no memory to load one."""
    said = 'no "memory" for C:\\x'
    written = json.loads(_plain_line(said, 2))
    assert written == {"type": "summary", "ok": False, "error": said, "exit_code": 2}
